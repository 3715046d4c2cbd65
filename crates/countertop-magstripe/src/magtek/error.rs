//! Errors of this driver.

use countertop_device::{Attention, DeviceError, DeviceErrorKind};
use countertop_transport::hid::HidLine;
use countertop_wire::magtek::{CommandError, LayoutError, ResultCode};

/// Says why a reader is of no use, as the source of a [`DeviceError`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum MagtekError {
    /// The head encrypts: only the host of whoever loaded its keys can read what it sends.
    #[error("the reader's head encrypts, so the tracks cannot be read here")]
    EncryptedHead,
    /// The head encrypts and has no key left.
    #[error("the reader has used up its keys and reads no card any more")]
    KeysExhausted,
    /// A command was answered with another result than success.
    #[error("the reader refused the command with result {0:?}")]
    Refused(ResultCode),
    /// An answer is none.
    #[error(transparent)]
    Answer(#[from] CommandError),
}

impl MagtekError {
    fn kind(self) -> DeviceErrorKind {
        match self {
            Self::EncryptedHead => DeviceErrorKind::InvalidInput,
            Self::KeysExhausted => DeviceErrorKind::NeedsAttention(Attention::KeysMissing),
            Self::Refused(_) | Self::Answer(_) => DeviceErrorKind::Protocol,
        }
    }

    fn help(self) -> Option<&'static str> {
        match self {
            Self::EncryptedHead => Some(
                "use a reader that is sold without encryption, or ask the supplier for one with its \
                 keys taken out; keys cannot be taken out here",
            ),
            Self::KeysExhausted => Some("have the supplier load new keys into the reader"),
            Self::Refused(_) | Self::Answer(_) => None,
        }
    }
}

pub(super) fn refused(line: &HidLine, action: &'static str, why: MagtekError) -> DeviceError {
    let error = line.error(why.kind(), action).with_source(why);
    match why.help() {
        Some(help) => error.with_help(help),
        None => error,
    }
}

pub(super) fn no_reader(line: &HidLine, why: LayoutError) -> DeviceError {
    line.error(DeviceErrorKind::InvalidInput, "open").with_source(why).with_help(
        "a stripe reader in keyboard emulation is read by the driver `wedge`, or switched to HID \
         with its maker's tool",
    )
}
