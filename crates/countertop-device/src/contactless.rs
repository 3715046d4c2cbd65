//! Contactless readers.

use async_trait::async_trait;

use crate::{CardProtocol, CardSession, Device, DeviceError};

/// Reads cards and tags by radio (ISO/IEC 14443).
#[async_trait]
pub trait ContactlessReader: Device {
    /// Switches the field on and waits until a card or tag answers.
    ///
    /// The field is off again after an error or a dropped call.
    ///
    /// # Cancel safety
    ///
    /// Cancel safe: the field is switched off.
    async fn await_target(&mut self) -> Result<ContactlessTarget, DeviceError>;

    /// Starts an exclusive session with the target that [`await_target`](Self::await_target) found
    /// last.
    ///
    /// # Errors
    ///
    /// [`CardRemoved`](crate::DeviceErrorKind::CardRemoved) when it has left the field.
    ///
    /// # Cancel safety
    ///
    /// Cancel safe: a session that nobody takes is closed.
    async fn connect(&mut self) -> Result<Box<dyn CardSession>, DeviceError>;
}

/// Is a card or tag in the field.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct ContactlessTarget {
    /// The unique identifier: 4, 7 or 10 bytes; random on payment cards.
    pub uid: Vec<u8>,
    /// ATQA (ISO/IEC 14443-3), big-endian as it is written.
    pub atqa: [u8; 2],
    /// SAK (ISO/IEC 14443-3).
    pub sak: u8,
    /// Answer to select (ISO/IEC 14443-4), empty for a tag.
    pub ats: Vec<u8>,
    /// What a session with it speaks.
    pub protocol: CardProtocol,
}

impl ContactlessTarget {
    /// Creates a target; the protocol follows from bit 6 of the SAK.
    #[must_use]
    pub fn new(uid: Vec<u8>, atqa: [u8; 2], sak: u8, ats: Vec<u8>) -> Self {
        let protocol = if sak & 0x20 == 0 { CardProtocol::Type2 } else { CardProtocol::IsoDep };
        Self { uid, atqa, sak, ats, protocol }
    }
}
