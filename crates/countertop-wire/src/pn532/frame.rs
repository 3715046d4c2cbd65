//! Frames on the host link (UM0701-02, 6.2.1).

use core::fmt;

use zeroize::Zeroizing;

/// TFI and data of the longest frame (UM0701-02, 6.2.1.2).
pub const MAX_LENGTH: usize = 265;

/// Data behind the TFI in the longest frame, the command code included.
pub const MAX_DATA: usize = MAX_LENGTH - 1;

/// The ACK frame.
pub const ACK: [u8; 6] = [0x00, 0x00, 0xff, 0x00, 0xff, 0x00];

/// The NACK frame.
pub const NACK: [u8; 6] = [0x00, 0x00, 0xff, 0xff, 0x00, 0x00];

/// The syntax error frame, with which the chip refuses a command.
pub const SYNTAX_ERROR: [u8; 8] = [0x00, 0x00, 0xff, 0x01, 0xff, 0x7f, 0x81, 0x00];

/// What a host sends first to wake a sleeping chip on its serial line: bytes with many rising
/// edges, then a pause of zeros in which the oscillator starts (AN10609, HSU wake-up).
pub const WAKE_UP: [u8; 16] = [0x55, 0x55, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];

/// Is one frame on the host link.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Frame {
    /// The chip has taken a command; from the host: abort the command that runs.
    Ack,
    /// The host asks for the last answer again.
    Nack,
    /// The chip does not know the command, or not with these parameters.
    SyntaxError,
    /// A command or a response.
    Information(Information),
}

/// Says who sent an information frame: the frame identifier TFI.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Direction {
    /// From the host to the chip, `D4`.
    ToChip,
    /// From the chip to the host, `D5`.
    ToHost,
}

/// Is the content of an information frame: at least one and at most [`MAX_DATA`] bytes, of which
/// the first is the command or response code.
///
/// Its `Debug` shows the code and the length alone: an APDU may be inside.
#[derive(Clone, PartialEq, Eq)]
pub struct Information {
    direction: Direction,
    data: Zeroizing<Vec<u8>>,
}

/// Says that data fit in no frame.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{length} bytes do not fit in a frame, which takes 1 to {MAX_DATA}")]
pub struct FrameTooLong {
    length: usize,
}

impl Direction {
    const fn identifier(self) -> u8 {
        match self {
            Self::ToChip => 0xd4,
            Self::ToHost => 0xd5,
        }
    }

    pub(super) const fn from_identifier(identifier: u8) -> Option<Self> {
        match identifier {
            0xd4 => Some(Self::ToChip),
            0xd5 => Some(Self::ToHost),
            _ => None,
        }
    }
}

impl Information {
    /// Creates the content of an information frame.
    ///
    /// # Errors
    ///
    /// When `data` is empty or longer than [`MAX_DATA`].
    pub fn new(direction: Direction, data: Vec<u8>) -> Result<Self, FrameTooLong> {
        if data.is_empty() || data.len() > MAX_DATA {
            return Err(FrameTooLong { length: data.len() });
        }
        Ok(Self { direction, data: Zeroizing::new(data) })
    }

    /// Returns who sent it.
    #[must_use]
    pub fn direction(&self) -> Direction {
        self.direction
    }

    /// Returns the code and what follows it.
    #[must_use]
    pub fn data(&self) -> &[u8] {
        &self.data
    }

    fn encode(&self) -> Vec<u8> {
        let length = self.data.len() + 1;
        let mut frame = vec![0x00, 0x00, 0xff];
        match u8::try_from(length) {
            // LEN FF with LCS 01 would be legal, but LEN FF announces an extended frame.
            Ok(short) if short < 0xff => frame.extend([short, short.wrapping_neg()]),
            _ => {
                let [high, low] = u16::try_from(length).unwrap_or(u16::MAX).to_be_bytes();
                frame.extend([0xff, 0xff, high, low, high.wrapping_add(low).wrapping_neg()]);
            }
        }
        frame.push(self.direction.identifier());
        frame.extend_from_slice(&self.data);
        let sum = self.data.iter().fold(self.direction.identifier(), |sum, b| sum.wrapping_add(*b));
        frame.extend([sum.wrapping_neg(), 0x00]);
        frame
    }
}

impl fmt::Debug for Information {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let code = self.data.first().copied().unwrap_or_default();
        write!(f, "{:?} {code:02x} ({} bytes)", self.direction, self.data.len())
    }
}

impl Frame {
    /// Creates the frame of a command of the host.
    ///
    /// # Errors
    ///
    /// As [`Information::new`].
    pub fn command(data: Vec<u8>) -> Result<Self, FrameTooLong> {
        Information::new(Direction::ToChip, data).map(Self::Information)
    }

    /// Creates the frame of a response of the chip.
    ///
    /// # Errors
    ///
    /// As [`Information::new`].
    pub fn response(data: Vec<u8>) -> Result<Self, FrameTooLong> {
        Information::new(Direction::ToHost, data).map(Self::Information)
    }

    /// Returns the frame's bytes with preamble and postamble.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        match self {
            Self::Ack => ACK.to_vec(),
            Self::Nack => NACK.to_vec(),
            Self::SyntaxError => SYNTAX_ERROR.to_vec(),
            Self::Information(information) => information.encode(),
        }
    }
}
