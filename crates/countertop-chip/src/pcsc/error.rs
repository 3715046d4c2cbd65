//! What pcscd's error codes tell the caller to do.

use countertop_device::{DeviceError, DeviceErrorKind};
use pcsc::Error;

/// Returns what the caller can do about `error`.
pub(super) fn kind(error: Error) -> DeviceErrorKind {
    match error {
        Error::NoSmartcard | Error::RemovedCard | Error::ResetCard => DeviceErrorKind::CardRemoved,
        Error::SharingViolation => DeviceErrorKind::Busy,
        Error::UnknownReader | Error::ReaderUnavailable | Error::NoReadersAvailable => {
            DeviceErrorKind::Disconnected
        }
        // pcscd refuses through polkit.
        Error::SecurityViolation | Error::NoAccess => DeviceErrorKind::PermissionDenied,
        Error::Timeout => DeviceErrorKind::TimedOut,
        Error::UnsupportedFeature => DeviceErrorKind::InvalidInput,
        Error::CommDataLost
        | Error::InvalidAtr
        | Error::NotReady
        | Error::NotTransacted
        | Error::ProtoMismatch
        | Error::CardUnsupported
        | Error::UnpoweredCard
        | Error::UnresponsiveCard
        | Error::UnsupportedCard => DeviceErrorKind::Protocol,
        error if service_is_gone(error) => DeviceErrorKind::ServiceGone,
        _ => DeviceErrorKind::Other,
    }
}

/// Tells whether the context is lost with the service, so that only a new one can work.
pub(super) fn service_is_gone(error: Error) -> bool {
    matches!(
        error,
        Error::CommError
            | Error::InvalidHandle
            | Error::NoService
            | Error::ServerTooBusy
            | Error::ServiceStopped
            | Error::Shutdown
            | Error::SystemCancelled
    )
}

/// Creates the error of `device` while doing `action`.
pub(super) fn device_error(device: &str, action: &str, error: Error) -> DeviceError {
    let failure = DeviceError::new(kind(error), device, action).with_source(error);
    match help(error) {
        Some(help) => failure.with_help(help),
        None => failure,
    }
}

fn help(error: Error) -> Option<&'static str> {
    Some(match error {
        Error::SecurityViolation | Error::NoAccess => {
            "allow this user in polkit: actions org.debian.pcsc-lite.access_pcsc and access_card"
        }
        Error::UnresponsiveCard | Error::UnpoweredCard | Error::InvalidAtr => {
            "turn the card round, wipe its contacts, and insert it again"
        }
        Error::UnsupportedCard | Error::ProtoMismatch => "use another card",
        Error::UnsupportedFeature => {
            "the reader's driver does not pass this on; libccid does so for its maker's commands when \
             ifdDriverOptions in its Info.plist has bit 0"
        }
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tells_card_reader_and_service_apart() {
        for (error, expected) in [
            (Error::RemovedCard, DeviceErrorKind::CardRemoved),
            (Error::ReaderUnavailable, DeviceErrorKind::Disconnected),
            (Error::NoService, DeviceErrorKind::ServiceGone),
            (Error::CommError, DeviceErrorKind::ServiceGone),
            (Error::SharingViolation, DeviceErrorKind::Busy),
            (Error::SecurityViolation, DeviceErrorKind::PermissionDenied),
            (Error::UnresponsiveCard, DeviceErrorKind::Protocol),
            (Error::UnsupportedFeature, DeviceErrorKind::InvalidInput),
        ] {
            assert_eq!(device_error("pcsc:x", "connect", error).kind(), expected);
        }
    }

    #[test]
    fn a_mute_card_has_a_cure() {
        let error = device_error("pcsc:x", "connect", Error::UnresponsiveCard);
        assert!(error.help().unwrap().contains("turn the card round"));
    }
}
