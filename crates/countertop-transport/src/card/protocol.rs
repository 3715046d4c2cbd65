//! What the text and the traits call the same.

use countertop_device::{CardProtocol, DeviceErrorKind};
use countertop_wire::apdu_log::{Failure, LogProtocol};

pub(super) fn to_log(protocol: CardProtocol) -> LogProtocol {
    match protocol {
        CardProtocol::T0 => LogProtocol::T0,
        CardProtocol::T1 => LogProtocol::T1,
        CardProtocol::IsoDep => LogProtocol::IsoDep,
        CardProtocol::StorageCard => LogProtocol::StorageCard,
        CardProtocol::Type2 => LogProtocol::Type2,
        _ => LogProtocol::Other,
    }
}

/// Returns the protocol of a log; T=1 for one that the traits do not know.
pub(super) fn from_log(protocol: LogProtocol) -> CardProtocol {
    match protocol {
        LogProtocol::T0 => CardProtocol::T0,
        LogProtocol::IsoDep => CardProtocol::IsoDep,
        LogProtocol::StorageCard => CardProtocol::StorageCard,
        LogProtocol::Type2 => CardProtocol::Type2,
        _ => CardProtocol::T1,
    }
}

pub(super) fn failure(kind: DeviceErrorKind) -> Failure {
    match kind {
        DeviceErrorKind::CardRemoved => Failure::CardRemoved,
        DeviceErrorKind::Disconnected => Failure::ReaderGone,
        DeviceErrorKind::ServiceGone => Failure::ServiceGone,
        DeviceErrorKind::TimedOut => Failure::TimedOut,
        DeviceErrorKind::Protocol => Failure::Protocol,
        _ => Failure::Other,
    }
}

pub(super) fn kind(failure: Failure) -> DeviceErrorKind {
    match failure {
        Failure::CardRemoved => DeviceErrorKind::CardRemoved,
        Failure::ReaderGone => DeviceErrorKind::Disconnected,
        Failure::ServiceGone => DeviceErrorKind::ServiceGone,
        Failure::TimedOut => DeviceErrorKind::TimedOut,
        Failure::Protocol => DeviceErrorKind::Protocol,
        _ => DeviceErrorKind::Other,
    }
}
