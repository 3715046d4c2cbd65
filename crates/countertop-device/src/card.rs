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
    /// than `9000` is a value. For [`CardProtocol::StorageCard`] they are the commands of PC/SC
    /// part 3 and their answers, which have a status word as well. For tags they are the tag's own commands and answers without CRC:
    ///
    /// - [`CardProtocol::Type1`]: command, address, data and UID;
    /// - [`CardProtocol::Type2`] and [`CardProtocol::MifareClassic`]: where the tag answers with
    ///   four bits, they come as one byte, `0a` for done, anything else for a refusal. To
    ///   authenticate with a MIFARE Classic, send `60` or `61`, block, key and UID; the answer is
    ///   `0a` or `04`.
    /// - [`CardProtocol::Felica`]: from the command code on, without the length byte.
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
    /// FeliCa (JIS X 6319-4), NFC Forum type 3 tag.
    Felica,
    /// ISO/IEC 14443-4.
    IsoDep,
    /// MIFARE Classic.
    MifareClassic,
    /// A storage card behind a PC/SC reader, which takes the commands of class `FF` (PC/SC part 3,
    /// clause 3.2.2.1) in its place.
    StorageCard,
    /// ISO/IEC 7816-3, T=0.
    T0,
    /// ISO/IEC 7816-3, T=1.
    T1,
    /// NFC Forum type 1 tag (Topaz).
    Type1,
    /// NFC Forum type 2 tag (NTAG, Ultralight).
    Type2,
}
