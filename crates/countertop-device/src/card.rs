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
    /// - [`CardProtocol::Type1`]: command, address, data and UID; in the answer to a byte that was read or
    ///   written, the address that the tag sends in front of it may be missing, as a PN532 drops it;
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

    /// Sends one command after the other, as `dialogue` says them, and returns it at its end.
    ///
    /// Where [`transmit`](Self::transmit) hands each command over to a thread that may block, this
    /// hands over once: the dialogue thinks on that thread, between its commands.
    ///
    /// # Errors
    ///
    /// As [`transmit`](Self::transmit), whose deadline each command has of its own. The dialogue is
    /// dropped then.
    ///
    /// # Cancel safety
    ///
    /// Not cancel safe: the card has seen commands, and up to one more is sent; drop the session
    /// after a cancelled call.
    async fn converse(
        &mut self,
        mut dialogue: Box<dyn Dialogue>,
    ) -> Result<Box<dyn Dialogue>, DeviceError> {
        let mut answer = None;
        while let Some(command) = dialogue.next_command(answer.take()) {
            answer = Some(self.transmit(command.expose()).await?);
        }
        Ok(dialogue)
    }

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

/// Knows what to say to a card, one command after the other.
///
/// ```
/// use countertop_device::{Dialogue, Sensitive};
///
/// /// Reads records until the card has no more.
/// #[derive(Debug, Default)]
/// struct Records(Vec<Sensitive>);
///
/// impl Dialogue for Records {
///     fn next_command(&mut self, answer: Option<Sensitive>) -> Option<Sensitive> {
///         if let Some(answer) = answer {
///             if !answer.expose().ends_with(&[0x90, 0x00]) {
///                 return None;
///             }
///             self.0.push(answer);
///         }
///         let number = u8::try_from(self.0.len() + 1).ok()?;
///         Some(Sensitive::from(&[0x00, 0xB2, number, 0x0C, 0x00][..]))
///     }
/// }
/// ```
pub trait Dialogue: Send + fmt::Debug {
    /// Returns the next command; `None` at the end, or where something other than the card is
    /// needed. `answer` is the card's to the command before; a dialogue that is begun, or gone on with,
    /// has none.
    ///
    /// The reader waits meanwhile: it must neither block nor panic.
    fn next_command(&mut self, answer: Option<Sensitive>) -> Option<Sensitive>;
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
