//! Tags.

use core::fmt;

use super::{TlvError, tags};

/// Is a tag of one to three bytes (EMV Book 3, annex B1).
///
/// It prints as the hex digits that EMV writes: `9F02`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Tag(pub(super) u32);

/// Is the format of a primitive data object, which decides how it is padded in a data object list
/// (EMV Book 3, clauses 4.3 and 5.4).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Format {
    /// Alphanumeric, with or without special characters: left-justified.
    Text,
    /// Binary: left-justified, padded with trailing zeros.
    Binary,
    /// Compressed numeric: left-justified, padded with trailing `F` digits.
    CompressedNumeric,
    /// Numeric: right-justified, padded with leading zeros.
    Numeric,
    /// A template or another constructed data object.
    Constructed,
}

impl Tag {
    /// Reads the tag at the start of `bytes`; returns it with the bytes after it.
    ///
    /// # Errors
    ///
    /// [`Truncated`](TlvError::Truncated), or [`BadTag`](TlvError::BadTag) for one of more than
    /// three bytes.
    pub fn parse(bytes: &[u8]) -> Result<(Self, &[u8]), TlvError> {
        let (&first, mut rest) = bytes.split_first().ok_or(TlvError::Truncated { missing: 1 })?;
        let mut number = u32::from(first);
        if first & 0x1f != 0x1f {
            return Ok((Self(number), rest));
        }
        for _ in 0..2 {
            let (&next, after) = rest.split_first().ok_or(TlvError::Truncated { missing: 1 })?;
            number = number << 8 | u32::from(next);
            rest = after;
            if next & 0x80 == 0 {
                return Ok((Self(number), rest));
            }
        }
        Err(TlvError::BadTag)
    }

    /// Returns the tag as the number that its bytes spell, big-endian.
    #[must_use]
    pub const fn number(self) -> u32 {
        self.0
    }

    /// Tells whether the value is itself made of data objects (bit 6 of the first byte).
    #[must_use]
    pub fn is_constructed(self) -> bool {
        self.leading_byte() & 0x20 != 0
    }

    /// Returns the name that EMV or UnionPay gives to this tag, if [`tags`] knows it.
    #[must_use]
    pub fn name(self) -> Option<&'static str> {
        tags::lookup(self).map(|(name, _)| name)
    }

    /// Returns the format of the value; binary when the tag is unknown.
    #[must_use]
    pub fn format(self) -> Format {
        match tags::lookup(self) {
            _ if self.is_constructed() => Format::Constructed,
            Some((_, format)) => format,
            None => Format::Binary,
        }
    }

    /// Appends the tag's bytes to `out`.
    pub fn write(self, out: &mut Vec<u8>) {
        let bytes = self.0.to_be_bytes();
        out.extend_from_slice(&bytes[bytes.len() - self.len()..]);
    }

    /// Returns the number of bytes of the tag: one to three.
    #[expect(clippy::len_without_is_empty, reason = "a tag is never empty")]
    #[must_use]
    pub const fn len(self) -> usize {
        match self.0 {
            0..=0xff => 1,
            0x100..=0xffff => 2,
            _ => 3,
        }
    }

    fn leading_byte(self) -> u8 {
        let bytes = self.0.to_be_bytes();
        bytes[bytes.len() - self.len()]
    }
}

impl TryFrom<u32> for Tag {
    type Error = TlvError;

    fn try_from(number: u32) -> Result<Self, TlvError> {
        let mut bytes = Vec::new();
        if number > 0x00ff_ffff {
            return Err(TlvError::BadTag);
        }
        Self(number).write(&mut bytes);
        match Self::parse(&bytes) {
            Ok((tag, [])) => Ok(tag),
            _ => Err(TlvError::BadTag),
        }
    }
}

impl fmt::Display for Tag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:0width$X}", self.0, width = 2 * self.len())
    }
}

impl fmt::Debug for Tag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Tag({self})")
    }
}
