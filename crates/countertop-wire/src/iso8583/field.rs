//! What a field looks like on the wire.

use super::{FieldFault, Pad, pack, unpack};

/// Describes a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FieldSpec {
    /// Its number, 2 to 64.
    pub number: u8,
    /// Its name in the words of ISO 8583.
    pub name: &'static str,
    /// How its value is written.
    pub format: Format,
    /// How long it is: digits for [`Format::Numeric`] and [`Format::Track`], else bytes.
    pub length: Length,
    /// Where the spare nibble of an odd number of digits is.
    pub pad: Pad,
}

/// Says how a value is written (ISO 8583:1987, clause 4.4).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Format {
    /// `n`: digits, BCD.
    Numeric,
    /// `z`: a track, BCD with the separator as nibble `D`; enciphered tracks have any nibble.
    Track,
    /// `an` and `ans`: printable ASCII.
    Text,
    /// `ans` with Chinese text in GBK: any bytes.
    National,
    /// `b`: any bytes.
    Binary,
}

/// Says how the length of a field is given.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Length {
    /// Always this long.
    Fixed(u16),
    /// One BCD byte of length; at most this long.
    Ll(u16),
    /// Two BCD bytes of length; at most this long.
    Lll(u16),
}

impl Length {
    /// Returns the number of bytes of the length itself.
    #[must_use]
    pub fn prefix(self) -> usize {
        match self {
            Self::Fixed(_) => 0,
            Self::Ll(_) => 1,
            Self::Lll(_) => 2,
        }
    }
}

impl FieldSpec {
    /// Returns the length of the field that `bytes` begin with, in digits or bytes.
    pub(super) fn parse_length(&self, bytes: &[u8]) -> Result<usize, FieldFault> {
        let max = match self.length {
            Length::Fixed(length) => return Ok(usize::from(length)),
            Length::Ll(max) | Length::Lll(max) => usize::from(max),
        };
        let needed = self.length.prefix();
        let available = bytes.len();
        let prefix = bytes.get(..needed).ok_or(FieldFault::Truncated { needed, available })?;
        let length = bcd_number(prefix).ok_or_else(|| FieldFault::BadLength(prefix.to_vec()))?;
        if length > max { Err(FieldFault::TooLong { length, max }) } else { Ok(length) }
    }

    /// Returns the number of bytes that a value of `length` takes.
    pub(super) fn bytes(&self, length: usize) -> usize {
        match self.format {
            Format::Numeric | Format::Track => length.div_ceil(2),
            Format::Text | Format::National | Format::Binary => length,
        }
    }

    /// Decodes the bytes of a value of `length`.
    pub(super) fn decode(&self, bytes: &[u8], length: usize) -> Result<Vec<u8>, FieldFault> {
        match self.format {
            Format::Numeric => unpack(bytes, length, self.pad, false),
            Format::Track => unpack(bytes, length, self.pad, true),
            Format::Text => check_text(bytes).map(|()| bytes.to_vec()),
            Format::National | Format::Binary => Ok(bytes.to_vec()),
        }
    }

    /// Encodes a value with its length in front.
    pub(super) fn encode(&self, value: &[u8]) -> Result<Vec<u8>, FieldFault> {
        let mut bytes = self.encode_length(value.len())?;
        match self.format {
            Format::Numeric => bytes.extend(pack(value, self.pad, false)?),
            Format::Track => bytes.extend(pack(value, self.pad, true)?),
            Format::Text => {
                check_text(value)?;
                bytes.extend_from_slice(value);
            }
            Format::National | Format::Binary => bytes.extend_from_slice(value),
        }
        Ok(bytes)
    }

    fn encode_length(&self, length: usize) -> Result<Vec<u8>, FieldFault> {
        match self.length {
            Length::Fixed(expected) if length != usize::from(expected) => {
                Err(FieldFault::WrongLength { length, expected: usize::from(expected) })
            }
            Length::Ll(max) | Length::Lll(max) if length > usize::from(max) => {
                Err(FieldFault::TooLong { length, max: usize::from(max) })
            }
            Length::Fixed(_) => Ok(Vec::new()),
            Length::Ll(_) => pack(format!("{length:02}").as_bytes(), Pad::Left, false),
            Length::Lll(_) => pack(format!("{length:04}").as_bytes(), Pad::Left, false),
        }
    }
}

fn bcd_number(bytes: &[u8]) -> Option<usize> {
    bytes.iter().try_fold(0, |number, byte| {
        let (high, low) = (byte >> 4, byte & 0x0F);
        let decimal = high < 10 && low < 10;
        decimal.then(|| number * 100 + usize::from(high) * 10 + usize::from(low))
    })
}

fn check_text(bytes: &[u8]) -> Result<(), FieldFault> {
    match bytes.iter().position(|byte| !matches!(byte, 0x20..=0x7E)) {
        Some(position) => Err(FieldFault::BadCharacter { position, byte: bytes[position] }),
        None => Ok(()),
    }
}
