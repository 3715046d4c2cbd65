//! The protocol between a virtual card and the virtual reader vpcd (package vsmartcard-vpcd).
//!
//! The card connects over TCP to the reader's slot. Every message, either way, is a two-byte
//! big-endian length and so many bytes. From the reader, one byte is a control, anything longer a
//! command APDU; the card answers the request for its answer to reset and the APDUs, and nothing
//! else. Hanging up removes the card.

use core::fmt;

use zeroize::Zeroizing;

/// Is the port of the reader's first slot; the next slots follow it.
pub const DEFAULT_PORT: u16 = 35_963;

const POWER_OFF: u8 = 0x00;
const POWER_ON: u8 = 0x01;
const RESET: u8 = 0x02;
const ANSWER_TO_RESET: u8 = 0x04;

/// Says why a message cannot be sent or understood.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum VpcdError {
    /// The reader sent a control byte that vpcd does not define.
    #[error("unknown vpcd control byte {0:#04x}")]
    UnknownControl(u8),
    /// The reader sent a message without content.
    #[error("empty vpcd message")]
    Empty,
    /// A message is longer than its two-byte length can say.
    #[error("vpcd message of {0} bytes is too long")]
    TooLong(usize),
}

/// Is a message from the reader to the card.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum ReaderMessage {
    /// Cuts the card's power.
    PowerOff,
    /// Powers the card up.
    PowerOn,
    /// Resets the card without cutting its power.
    Reset,
    /// Asks for the answer to reset, which is the next message from the card.
    AnswerToReset,
    /// Is a command APDU; the response APDU is the next message from the card.
    Command(Zeroizing<Vec<u8>>),
}

impl ReaderMessage {
    /// Creates a message that carries a command APDU.
    #[must_use]
    pub fn command(apdu: impl Into<Vec<u8>>) -> Self {
        Self::Command(Zeroizing::new(apdu.into()))
    }

    /// Reads the content of a message: the card's side.
    ///
    /// # Errors
    ///
    /// [`Empty`](VpcdError::Empty) or [`UnknownControl`](VpcdError::UnknownControl).
    pub fn parse(content: &[u8]) -> Result<Self, VpcdError> {
        match content {
            [] => Err(VpcdError::Empty),
            [POWER_OFF] => Ok(Self::PowerOff),
            [POWER_ON] => Ok(Self::PowerOn),
            [RESET] => Ok(Self::Reset),
            [ANSWER_TO_RESET] => Ok(Self::AnswerToReset),
            [other] => Err(VpcdError::UnknownControl(*other)),
            apdu => Ok(Self::command(apdu)),
        }
    }

    /// Returns the message with its length: the reader's side.
    ///
    /// # Errors
    ///
    /// [`TooLong`](VpcdError::TooLong) for an APDU of more than 65 535 bytes.
    pub fn to_frame(&self) -> Result<Vec<u8>, VpcdError> {
        match self {
            Self::PowerOff => frame(&[POWER_OFF]),
            Self::PowerOn => frame(&[POWER_ON]),
            Self::Reset => frame(&[RESET]),
            Self::AnswerToReset => frame(&[ANSWER_TO_RESET]),
            Self::Command(apdu) => frame(apdu),
        }
    }

    /// Tells whether the reader waits for an answer to this message.
    #[must_use]
    pub fn wants_answer(&self) -> bool {
        matches!(self, Self::AnswerToReset | Self::Command(_))
    }
}

impl fmt::Debug for ReaderMessage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::PowerOff => f.write_str("PowerOff"),
            Self::PowerOn => f.write_str("PowerOn"),
            Self::Reset => f.write_str("Reset"),
            Self::AnswerToReset => f.write_str("AnswerToReset"),
            Self::Command(apdu) => write!(f, "Command({} bytes)", apdu.len()),
        }
    }
}

/// Returns `content` with its length in front: an answer from the card.
///
/// # Errors
///
/// [`TooLong`](VpcdError::TooLong) when it has more than 65 535 bytes.
pub fn frame(content: &[u8]) -> Result<Vec<u8>, VpcdError> {
    let length = u16::try_from(content.len()).map_err(|_| VpcdError::TooLong(content.len()))?;
    Ok([&length.to_be_bytes(), content].concat())
}

/// Splits the content of the first whole message off `bytes`; returns it with the bytes after it,
/// or `None` while the message is not complete.
#[must_use]
pub fn split_frame(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let (&length, rest) = bytes.split_first_chunk()?;
    rest.split_at_checked(usize::from(u16::from_be_bytes(length)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_message_both_ways() {
        let select = ReaderMessage::command([0x00, 0xa4, 0x04, 0x00, 0x00]);
        for (message, bytes) in [
            (ReaderMessage::PowerOff, &[0x00, 0x01, 0x00][..]),
            (ReaderMessage::PowerOn, &[0x00, 0x01, 0x01]),
            (ReaderMessage::Reset, &[0x00, 0x01, 0x02]),
            (ReaderMessage::AnswerToReset, &[0x00, 0x01, 0x04]),
            (select, &[0x00, 0x05, 0x00, 0xa4, 0x04, 0x00, 0x00]),
        ] {
            assert_eq!(message.to_frame().as_deref(), Ok(bytes));
            let (content, rest) = split_frame(bytes).unwrap();
            assert_eq!(ReaderMessage::parse(content), Ok(message));
            assert!(rest.is_empty());
        }
    }

    #[test]
    fn only_two_messages_want_an_answer() {
        assert!(ReaderMessage::AnswerToReset.wants_answer());
        assert!(ReaderMessage::command([0; 5]).wants_answer());
        assert!(!ReaderMessage::PowerOn.wants_answer());
        assert!(!ReaderMessage::Reset.wants_answer());
    }

    #[test]
    fn waits_for_the_whole_message() {
        let bytes = frame(&[1, 2, 3]).unwrap();
        for length in 0..bytes.len() {
            assert_eq!(split_frame(&bytes[..length]), None);
        }
        let two = [bytes.clone(), bytes].concat();
        let (first, rest) = split_frame(&two).unwrap();
        assert_eq!(
            (first, split_frame(rest).unwrap().0),
            ([1, 2, 3].as_slice(), [1, 2, 3].as_slice())
        );
    }

    #[test]
    fn refuses_what_vpcd_does_not_define() {
        assert_eq!(ReaderMessage::parse(&[]), Err(VpcdError::Empty));
        assert_eq!(ReaderMessage::parse(&[0x03]), Err(VpcdError::UnknownControl(0x03)));
        assert_eq!(frame(&vec![0; 0x1_0000]), Err(VpcdError::TooLong(0x1_0000)));
        assert!(frame(&vec![0; 0xffff]).is_ok());
    }

    #[test]
    fn debug_withholds_the_apdu() {
        let message = ReaderMessage::command([0x00, 0x20, 0x00, 0x80, 0x01, 0x24]);
        assert_eq!(format!("{message:?}"), "Command(6 bytes)");
    }
}
