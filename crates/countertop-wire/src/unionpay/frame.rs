//! Frames: length, transport header, application header, message.

use core::fmt;

use zeroize::Zeroizing;

use super::{Header, Tpdu};
use crate::iso8583::{Message, MessageError};

/// Is a frame as it goes over TCP, without its length.
#[derive(Clone, PartialEq, Eq)]
pub struct Frame {
    /// Transport header.
    pub tpdu: Tpdu,
    /// Application header.
    pub header: Header,
    /// The message's bytes, from its type on.
    pub message: Zeroizing<Vec<u8>>,
}

/// Says what is wrong with a frame.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum FrameError {
    /// The frame ends early.
    #[error("frame ends within the {0}")]
    Truncated(&'static str),
    /// The length in front is not that of the frame.
    #[error("length prefix says {stated} bytes, {actual} follow")]
    Length {
        /// What the length says.
        stated: usize,
        /// How many bytes follow it.
        actual: usize,
    },
    /// The transport header is none.
    #[error("TPDU begins with {0:02X}, not 60 or 68")]
    BadTpdu(u8),
    /// The message does not fit the two bytes of length.
    #[error("frame of {0} bytes, above 65535")]
    TooLong(usize),
    /// The message is wrong.
    #[error(transparent)]
    Message(#[from] MessageError),
}

impl Frame {
    /// Number of bytes of the length in front.
    pub const PREFIX: usize = 2;

    /// Reads a whole frame with its length in front.
    ///
    /// # Errors
    ///
    /// [`FrameError`] for any but a whole frame; the message itself is not looked into.
    pub fn parse(bytes: &[u8]) -> Result<Self, FrameError> {
        let (prefix, body) =
            bytes.split_first_chunk::<2>().ok_or(FrameError::Truncated("length prefix"))?;
        let stated = usize::from(u16::from_be_bytes(*prefix));
        if stated != body.len() {
            return Err(FrameError::Length { stated, actual: body.len() });
        }
        Self::parse_body(body)
    }

    /// Reads a frame without the length in front.
    ///
    /// # Errors
    ///
    /// As [`parse`](Self::parse).
    pub fn parse_body(body: &[u8]) -> Result<Self, FrameError> {
        let (tpdu, rest) = body.split_first_chunk().ok_or(FrameError::Truncated("TPDU"))?;
        let tpdu = Tpdu::from_bytes(*tpdu);
        if !matches!(tpdu.id, 0x60 | 0x68) {
            return Err(FrameError::BadTpdu(tpdu.id));
        }
        let (header, message) = rest.split_first_chunk().ok_or(FrameError::Truncated("header"))?;
        let message = Zeroizing::new(message.to_vec());
        Ok(Self { tpdu, header: Header::from_bytes(*header), message })
    }

    /// Returns the frame with its length in front.
    ///
    /// # Errors
    ///
    /// [`FrameError::TooLong`].
    pub fn emit(&self) -> Result<Vec<u8>, FrameError> {
        let length = self.tpdu.to_bytes().len() + self.header.to_bytes().len() + self.message.len();
        let prefix = u16::try_from(length).map_err(|_| FrameError::TooLong(length))?;
        let mut bytes = prefix.to_be_bytes().to_vec();
        bytes.extend(self.tpdu.to_bytes());
        bytes.extend(self.header.to_bytes());
        bytes.extend_from_slice(&self.message);
        Ok(bytes)
    }

    /// Reads the message.
    ///
    /// # Errors
    ///
    /// [`FrameError::Message`].
    pub fn read_message(&self) -> Result<Message, FrameError> {
        Ok(Message::parse(&self.message)?)
    }
}

/// Withholds the message: it may hold card data.
impl fmt::Debug for Frame {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Frame({} {} {} bytes)", self.tpdu, self.header, self.message.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn echo() -> Vec<u8> {
        let mut bytes = vec![0, 21, 0x60, 0, 3, 0, 0, 0x60, 0x31, 0, 0x31, 0, 1];
        bytes.extend([0x08, 0x20, 0, 0, 0, 0, 0, 0, 0, 0]);
        bytes
    }

    #[test]
    fn frames_round_trip() {
        let frame = Frame::parse(&echo()).unwrap();
        assert_eq!(frame.emit().unwrap(), echo());
        assert_eq!(frame.read_message().unwrap().mti().to_string(), "0820");
        assert_eq!(format!("{frame:?}"), "Frame(6000030000 603100310001 10 bytes)");
    }

    #[test]
    fn the_length_is_checked() {
        let mut bytes = echo();
        bytes.push(0);
        let error = FrameError::Length { stated: 21, actual: 22 };
        assert_eq!(Frame::parse(&bytes).unwrap_err(), error);
        assert_eq!(error.to_string(), "length prefix says 21 bytes, 22 follow");
    }

    #[test]
    fn short_frames_are_refused() {
        for (bytes, part) in [
            (&[][..], "length prefix"),
            (&[0], "length prefix"),
            (&[0, 0], "TPDU"),
            (&[0, 5, 0x60, 0, 3, 0, 0], "header"),
        ] {
            assert_eq!(Frame::parse(bytes).unwrap_err(), FrameError::Truncated(part));
        }
        assert_eq!(Frame::parse(&[0, 5, 1, 2, 3, 4, 5]).unwrap_err(), FrameError::BadTpdu(1));
    }

    #[test]
    fn long_frames_are_refused() {
        let mut frame = Frame::parse(&echo()).unwrap();
        frame.message = Zeroizing::new(vec![0; 65_525]);
        assert_eq!(frame.emit(), Err(FrameError::TooLong(65_536)));
    }
}
