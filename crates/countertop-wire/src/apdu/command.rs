//! Command APDUs.

use core::fmt;

use zeroize::Zeroizing;

use super::ApduError;

/// The longest data of a command with extended length fields (ISO/IEC 7816-4, clause 5.1).
const LONGEST_DATA: usize = 0xffff;

/// Is a command APDU: header, data and the greatest length expected in return.
#[derive(Clone, PartialEq, Eq)]
pub struct CommandApdu {
    header: [u8; 4],
    data: Zeroizing<Vec<u8>>,
    expected: usize,
}

impl CommandApdu {
    /// Creates a command without data that expects none (case 1).
    #[must_use]
    pub fn new(class: u8, instruction: u8, p1: u8, p2: u8) -> Self {
        let header = [class, instruction, p1, p2];
        Self { header, data: Zeroizing::default(), expected: 0 }
    }

    /// Sets the command's data; what exceeds 65 535 bytes, the most that an APDU carries, is cut
    /// off.
    #[must_use]
    pub fn with_data(mut self, data: impl Into<Vec<u8>>) -> Self {
        self.data = Zeroizing::new(data.into());
        self.data.truncate(LONGEST_DATA);
        self
    }

    /// Sets Ne, the greatest length expected in return: 0 for none, at most 65 536.
    ///
    /// 256 is what EMV calls Le = `00`.
    #[must_use]
    pub fn expecting(mut self, length: usize) -> Self {
        self.expected = length.min(LONGEST_DATA + 1);
        self
    }

    /// Reads a command with short or extended length fields (ISO/IEC 7816-3, clause 12.1.3).
    ///
    /// # Errors
    ///
    /// [`ApduError`] when the bytes are none of the cases 1, 2S, 3S, 4S, 2E, 3E and 4E.
    pub fn parse(bytes: &[u8]) -> Result<Self, ApduError> {
        let wrong = ApduError::WrongLength(bytes.len());
        let (&header, body) =
            bytes.split_first_chunk::<4>().ok_or(ApduError::TooShort(bytes.len()))?;
        let (data, expected) = match body {
            [] => (body, 0),
            [le] => (&body[1..], short_expected(*le)),
            [0, high, low] => (&body[3..], extended_expected(*high, *low)),
            [0, high, low, rest @ ..] => {
                let length = usize::from(u16::from_be_bytes([*high, *low]));
                split_extended(length, rest).ok_or(wrong)?
            }
            [lc, rest @ ..] => split_short(usize::from(*lc), rest).ok_or(wrong)?,
        };
        Ok(Self { header, data: Zeroizing::new(data.to_vec()), expected })
    }

    /// Returns the command as it is sent, with extended length fields only where they are needed.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut out = self.header.to_vec();
        if self.is_extended() {
            self.write_extended(&mut out)
        } else {
            self.write_short(&mut out)
        }
        out
    }

    /// Returns the class byte CLA.
    #[must_use]
    pub fn class(&self) -> u8 {
        self.header[0]
    }

    /// Returns the instruction byte INS.
    #[must_use]
    pub fn instruction(&self) -> u8 {
        self.header[1]
    }

    /// Returns the first parameter byte.
    #[must_use]
    pub fn p1(&self) -> u8 {
        self.header[2]
    }

    /// Returns the second parameter byte.
    #[must_use]
    pub fn p2(&self) -> u8 {
        self.header[3]
    }

    /// Returns the command's data. Never print, log or store it.
    #[must_use]
    pub fn data(&self) -> &[u8] {
        &self.data
    }

    /// Returns Ne, the greatest length expected in return; 0 when no Le was given.
    #[must_use]
    pub fn expected(&self) -> usize {
        self.expected
    }

    /// Tells whether the command needs extended length fields.
    #[must_use]
    pub fn is_extended(&self) -> bool {
        self.data.len() > 0xff || self.expected > 0x100
    }

    fn write_short(&self, out: &mut Vec<u8>) {
        if !self.data.is_empty() {
            out.push(self.data.len().to_be_bytes()[size_of::<usize>() - 1]);
            out.extend_from_slice(&self.data);
        }
        if self.expected != 0 {
            // 256 is coded 00.
            out.push(self.expected.to_be_bytes()[size_of::<usize>() - 1]);
        }
    }

    fn write_extended(&self, out: &mut Vec<u8>) {
        out.push(0x00);
        if !self.data.is_empty() {
            out.extend_from_slice(&self.data.len().to_be_bytes()[size_of::<usize>() - 2..]);
            out.extend_from_slice(&self.data);
        }
        if self.expected != 0 {
            // 65 536 is coded 0000.
            out.extend_from_slice(&self.expected.to_be_bytes()[size_of::<usize>() - 2..]);
        }
    }
}

impl fmt::Debug for CommandApdu {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [class, instruction, p1, p2] = self.header;
        write!(f, "CommandApdu({class:02X} {instruction:02X} {p1:02X} {p2:02X}, ")?;
        write!(f, "{} bytes, expects {})", self.data.len(), self.expected)
    }
}

fn short_expected(le: u8) -> usize {
    if le == 0 { 0x100 } else { usize::from(le) }
}

fn extended_expected(high: u8, low: u8) -> usize {
    match u16::from_be_bytes([high, low]) {
        0 => LONGEST_DATA + 1,
        le => usize::from(le),
    }
}

fn split_short(length: usize, rest: &[u8]) -> Option<(&[u8], usize)> {
    match rest.split_at_checked(length).filter(|_| length != 0)? {
        (data, []) => Some((data, 0)),
        (data, [le]) => Some((data, short_expected(*le))),
        _ => None,
    }
}

fn split_extended(length: usize, rest: &[u8]) -> Option<(&[u8], usize)> {
    match rest.split_at_checked(length).filter(|_| length != 0)? {
        (data, []) => Some((data, 0)),
        (data, [high, low]) => Some((data, extended_expected(*high, *low))),
        _ => None,
    }
}
