//! Errors of this driver.

use countertop_device::{Attention, DeviceErrorKind};
use countertop_wire::pinpad::{MacStatus, PacketError, PinError};

/// Says what came in place of a good answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(super) enum VisaPinPadError {
    #[error("the PIN pad wants the packet again and again: check speed and parity")]
    Refused,
    #[error("packets come damaged again and again: check speed and parity")]
    Damaged,
    #[error("a packet that does not belong here")]
    Unexpected,
    #[error("the answer cannot be read: {0}")]
    Answer(PacketError),
    #[error("the request cannot be sent: {0}")]
    Request(PacketError),
    #[error("no PIN: {0}")]
    Pin(PinError),
    #[error("no MAC: {0}")]
    Mac(MacStatus),
    #[error("the card's key cannot be used for a PIN")]
    CardKey,
    #[error("no working key for this use has been loaded")]
    NoWorkingKey,
    #[error("master key {0} is not loaded")]
    NoMasterKey(u8),
    #[error("{0}")]
    Argument(&'static str),
}

impl VisaPinPadError {
    pub(super) fn kind(self) -> DeviceErrorKind {
        const KEYS_MISSING: DeviceErrorKind =
            DeviceErrorKind::NeedsAttention(Attention::KeysMissing);
        match self {
            Self::Request(_) | Self::CardKey | Self::Argument(_) => DeviceErrorKind::InvalidInput,
            Self::NoWorkingKey | Self::NoMasterKey(_) => KEYS_MISSING,
            Self::Pin(PinError::NoMasterKey | PinError::Key) => KEYS_MISSING,
            Self::Mac(MacStatus::NoMasterKey | MacStatus::Key) => KEYS_MISSING,
            _ => DeviceErrorKind::Protocol,
        }
    }
}
