//! Frames out of a stream of bytes.

use super::frame::{Direction, Frame, Information, MAX_LENGTH};

/// Finds frames in a stream that may hold wake-up bytes, preambles and garbage.
///
/// Bytes come in with [`push`](Self::push) in pieces of any size; [`next_frame`](Self::next_frame)
/// gives the frames, and an error for every start code that no sound frame follows. After an error
/// it goes on searching right behind that start code, so that a sound frame inside broken bytes is
/// found. It never holds more than one frame and what was pushed behind it.
#[derive(Debug, Default)]
pub struct Decoder {
    buffer: Vec<u8>,
}

/// Says why bytes behind a start code are no frame.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum FrameError {
    /// The bytes do not sum up to zero with DCS.
    #[error("the data checksum is wrong")]
    DataChecksum,
    /// TFI is neither `D4` nor `D5`, and not an error frame either.
    #[error("the frame identifier {0:02x} is unknown")]
    Identifier(u8),
    /// The length is zero or above 265.
    #[error("the length {0} is outside 1 to {MAX_LENGTH}")]
    Length(usize),
    /// LEN and LCS do not sum up to zero.
    #[error("the length checksum is wrong")]
    LengthChecksum,
}

/// What the bytes behind a start code are.
enum Found {
    /// A frame of so many bytes, the start code included.
    Frame(Frame, usize),
    Broken(FrameError),
    /// More bytes are needed.
    Partial,
}

const START: [u8; 2] = [0x00, 0xff];

impl Decoder {
    /// Creates a decoder.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes bytes from the line.
    pub fn push(&mut self, bytes: &[u8]) {
        self.buffer.extend_from_slice(bytes);
    }

    /// Forgets all bytes.
    pub fn clear(&mut self) {
        self.buffer.clear();
    }

    /// Returns the next frame, or why bytes behind a start code are none; `None` when more bytes
    /// are needed.
    pub fn next_frame(&mut self) -> Option<Result<Frame, FrameError>> {
        let Some(start) = self.buffer.windows(2).position(|pair| pair == START) else {
            // The last byte may be the first of a start code.
            let keep = usize::from(self.buffer.last() == Some(&0x00));
            self.buffer.drain(..self.buffer.len() - keep);
            return None;
        };
        self.buffer.drain(..start);
        match find(&self.buffer) {
            Found::Partial => None,
            Found::Frame(frame, length) => {
                self.buffer.drain(..length);
                Some(Ok(frame))
            }
            Found::Broken(error) => {
                // FF stays: it is no start, but a later 00 FF may overlap with the length bytes.
                self.buffer.drain(..1);
                Some(Err(error))
            }
        }
    }
}

fn find(bytes: &[u8]) -> Found {
    match *bytes {
        [_, _, 0x00, 0xff, ..] => Found::Frame(Frame::Ack, 4),
        [_, _, 0xff, 0x00, ..] => Found::Frame(Frame::Nack, 4),
        [_, _, 0xff, 0xff, high, low, checksum, ..] => {
            if high.wrapping_add(low).wrapping_add(checksum) != 0 {
                return Found::Broken(FrameError::LengthChecksum);
            }
            find_information(bytes, 7, usize::from(u16::from_be_bytes([high, low])))
        }
        [_, _, 0xff, 0xff, ..] => Found::Partial,
        [_, _, length, checksum, ..] => {
            if length.wrapping_add(checksum) != 0 {
                return Found::Broken(FrameError::LengthChecksum);
            }
            find_information(bytes, 4, usize::from(length))
        }
        _ => Found::Partial,
    }
}

/// Reads `length` bytes from `offset`, which is behind the length checksum, and DCS.
fn find_information(bytes: &[u8], offset: usize, length: usize) -> Found {
    if length == 0 || length > MAX_LENGTH {
        return Found::Broken(FrameError::Length(length));
    }
    let end = offset + length + 1;
    let Some(content) = bytes.get(offset..end) else { return Found::Partial };
    if content.iter().fold(0u8, |sum, byte| sum.wrapping_add(*byte)) != 0 {
        return Found::Broken(FrameError::DataChecksum);
    }
    match parse(content.get(..length).unwrap_or_default()) {
        Ok(frame) => Found::Frame(frame, end),
        Err(error) => Found::Broken(error),
    }
}

fn parse(content: &[u8]) -> Result<Frame, FrameError> {
    match content {
        [0x7f] => Ok(Frame::SyntaxError),
        [identifier, data @ ..] => {
            let direction = Direction::from_identifier(*identifier)
                .ok_or(FrameError::Identifier(*identifier))?;
            Information::new(direction, data.to_vec())
                .map(Frame::Information)
                .map_err(|_too_long| FrameError::Length(content.len()))
        }
        [] => Err(FrameError::Length(0)),
    }
}
