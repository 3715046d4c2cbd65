//! Reading data objects without copying.

use core::fmt;

use super::{Tag, TlvError};

/// How deep [`find_anywhere`] looks; EMV itself nests no more than four templates.
const DEEPEST: usize = 8;

/// Is one data object, borrowed from the bytes it was read from.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Tlv<'a> {
    /// The tag.
    pub tag: Tag,
    /// The value without tag and length.
    pub value: &'a [u8],
}

impl<'a> Tlv<'a> {
    /// Reads the data object at the start of `bytes`; returns it with the bytes after it.
    ///
    /// # Errors
    ///
    /// [`TlvError`] when `bytes` does not start with a whole data object.
    pub fn parse(bytes: &'a [u8]) -> Result<(Self, &'a [u8]), TlvError> {
        let (tag, rest) = Tag::parse(bytes)?;
        let (length, rest) = parse_length(rest)?;
        match rest.split_at_checked(length) {
            Some((value, rest)) => Ok((Self { tag, value }, rest)),
            None => Err(TlvError::Truncated { missing: length - rest.len() }),
        }
    }

    /// Returns the data objects inside the value of a template.
    #[must_use]
    pub fn children(&self) -> Tlvs<'a> {
        tlvs(self.value)
    }
}

impl fmt::Debug for Tlv<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Tlv({}, {} bytes)", self.tag, self.value.len())
    }
}

/// Returns the data objects in `bytes`, one after the other.
///
/// Padding bytes `00` before, between and after them are skipped (EMV Book 3, annex B1). After an
/// error the iterator ends.
#[must_use]
pub fn tlvs(bytes: &[u8]) -> Tlvs<'_> {
    Tlvs { rest: bytes }
}

/// Iterates over data objects; made by [`tlvs`].
#[derive(Clone)]
pub struct Tlvs<'a> {
    rest: &'a [u8],
}

impl<'a> Iterator for Tlvs<'a> {
    type Item = Result<Tlv<'a>, TlvError>;

    fn next(&mut self) -> Option<Self::Item> {
        while let [0x00, rest @ ..] = self.rest {
            self.rest = rest;
        }
        if self.rest.is_empty() {
            return None;
        }
        let parsed = Tlv::parse(self.rest);
        self.rest = parsed.as_ref().map_or(&[], |(_, rest)| rest);
        Some(parsed.map(|(tlv, _)| tlv))
    }
}

impl fmt::Debug for Tlvs<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Tlvs({} bytes left)", self.rest.len())
    }
}

/// Returns the value at the end of `path`: each tag but the last is a template in which the next
/// one is looked for.
///
/// # Errors
///
/// [`TlvError`] when the bytes before the wanted data object are malformed.
pub fn find<'a>(bytes: &'a [u8], path: &[Tag]) -> Result<Option<&'a [u8]>, TlvError> {
    let mut value = bytes;
    for &tag in path {
        let found = tlvs(value).find(|tlv| tlv.map_or(true, |tlv| tlv.tag == tag)).transpose()?;
        match found {
            Some(tlv) => value = tlv.value,
            None => return Ok(None),
        }
    }
    Ok(Some(value))
}

/// Returns the value of the first data object with `tag`, in whatever template it is.
///
/// # Errors
///
/// [`TlvError`] when the bytes before the wanted data object are malformed.
pub fn find_anywhere(bytes: &[u8], tag: Tag) -> Result<Option<&[u8]>, TlvError> {
    search(bytes, tag, DEEPEST)
}

fn search(bytes: &[u8], tag: Tag, depth: usize) -> Result<Option<&[u8]>, TlvError> {
    let depth = depth.checked_sub(1).ok_or(TlvError::TooDeep)?;
    for tlv in tlvs(bytes) {
        let tlv = tlv?;
        if tlv.tag == tag {
            return Ok(Some(tlv.value));
        }
        if tlv.tag.is_constructed()
            && let Some(value) = search(tlv.value, tag, depth)?
        {
            return Ok(Some(value));
        }
    }
    Ok(None)
}

fn parse_length(bytes: &[u8]) -> Result<(usize, &[u8]), TlvError> {
    let (&first, rest) = bytes.split_first().ok_or(TlvError::Truncated { missing: 1 })?;
    let count = match first {
        0x00..=0x7f => return Ok((usize::from(first), rest)),
        0x81..=0x83 => usize::from(first & 0x7f),
        _ => return Err(TlvError::BadLength(first)),
    };
    let missing = count.saturating_sub(rest.len());
    let (digits, rest) = rest.split_at_checked(count).ok_or(TlvError::Truncated { missing })?;
    Ok((digits.iter().fold(0, |length, &digit| length << 8 | usize::from(digit)), rest))
}
