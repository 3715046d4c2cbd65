//! A session with a card, by contact or by radio.

use core::fmt;

use async_trait::async_trait;

use crate::{DeviceError, SecurePinEntry, Sensitive};

/// Is an exclusive conversation with one card. It ends on [`close`](Self::close) or on drop.
#[async_trait]
pub trait CardSession: Send + fmt::Debug {
    /// Returns the protocol that [`transmit`](Self::transmit) speaks.
    fn protocol(&self) -> CardProtocol;

    /// Returns the answer to reset of a contact card, the answer to select (ATS) of an
    /// ISO 14443-4 card, or nothing for a tag.
    fn answer_to_reset(&self) -> &[u8];

    /// Sends one command and returns the whole answer.
    ///
    /// For [`CardProtocol::T0`], [`CardProtocol::T1`] and [`CardProtocol::IsoDep`] these are a
    /// command APDU and a response APDU with its status word (ISO/IEC 7816-3); a status word other
    /// than `9000` is a value. For [`CardProtocol::Type2`] they are the tag's own commands
    /// without CRC. For [`CardProtocol::StorageCard`] they are the commands of PC/SC part 3 and
    /// their answers, which have a status word as well.
    ///
    /// # Errors
    ///
    /// [`CardRemoved`](crate::DeviceErrorKind::CardRemoved) when the card left,
    /// [`Disconnected`](crate::DeviceErrorKind::Disconnected) when the reader did,
    /// [`TimedOut`](crate::DeviceErrorKind::TimedOut) after the configured deadline.
    ///
    /// # Cancel safety
    ///
    /// Not cancel safe: the card has seen the command; drop the session after a cancelled call.
    async fn transmit(&mut self, command: &[u8]) -> Result<Sensitive, DeviceError>;

    /// Returns the PIN entry of a reader that has a key pad of its own; `None` without one.
    ///
    /// # Errors
    ///
    /// As [`transmit`](Self::transmit), when the reader has to be asked.
    ///
    /// # Cancel safety
    ///
    /// Cancel safe: the card is not touched.
    async fn secure_pin_entry(&mut self) -> Result<Option<&mut dyn SecurePinEntry>, DeviceError> {
        Ok(None)
    }

    /// Ends the session and powers the card down (contact) or deselects it (contactless).
    ///
    /// # Cancel safety
    ///
    /// Cancel safe: dropping ends the session as well.
    async fn close(self: Box<Self>) -> Result<(), DeviceError>;
}

/// Names what a [`CardSession`] speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum CardProtocol {
    /// ISO/IEC 7816-3, T=0.
    T0,
    /// ISO/IEC 7816-3, T=1.
    T1,
    /// ISO/IEC 14443-4.
    IsoDep,
    /// A storage card behind a PC/SC reader, which takes the commands of class `FF` (PC/SC part 3,
    /// clause 3.2.2.1) in its place.
    StorageCard,
    /// NFC Forum type 2 tag (NTAG, Ultralight).
    Type2,
}
