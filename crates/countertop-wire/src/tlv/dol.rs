//! Data object lists.

use core::iter;

use super::{Format, Tag, TlvError};

/// Is one element of a data object list: a tag and how many bytes are asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DolEntry {
    /// The data object asked for.
    pub tag: Tag,
    /// Its length in the answer, in bytes.
    pub length: u8,
}

/// Is a data object list (DOL): what the card wants to be told (EMV Book 3, clause 5.4).
///
/// The answer is the values alone, concatenated, each brought to the length that the list states.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Dol {
    entries: Vec<DolEntry>,
}

impl Dol {
    /// Creates a list of `entries`.
    #[must_use]
    pub fn new(entries: impl IntoIterator<Item = (Tag, u8)>) -> Self {
        Self {
            entries: entries.into_iter().map(|(tag, length)| DolEntry { tag, length }).collect(),
        }
    }

    /// Reads a list from the value of a PDOL, CDOL1, CDOL2, TDOL or DDOL.
    ///
    /// # Errors
    ///
    /// [`TlvError`] when it is cut off or has a tag of more than three bytes.
    pub fn parse(bytes: &[u8]) -> Result<Self, TlvError> {
        let mut rest = bytes;
        let mut entries = Vec::new();
        while !rest.is_empty() {
            let (tag, after) = Tag::parse(rest)?;
            let (&length, after) = after.split_first().ok_or(TlvError::Truncated { missing: 1 })?;
            entries.push(DolEntry { tag, length });
            rest = after;
        }
        Ok(Self { entries })
    }

    /// Returns the list as the value of its data object.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut out = Vec::new();
        for entry in &self.entries {
            entry.tag.write(&mut out);
            out.push(entry.length);
        }
        out
    }

    /// Returns the elements in the order of the list.
    #[must_use]
    pub fn entries(&self) -> &[DolEntry] {
        &self.entries
    }

    /// Returns the length of the answer in bytes.
    #[must_use]
    pub fn data_length(&self) -> usize {
        self.entries.iter().map(|entry| usize::from(entry.length)).sum()
    }

    /// Tells whether the list asks for `tag`.
    #[must_use]
    pub fn contains(&self, tag: Tag) -> bool {
        self.entries.iter().any(|entry| entry.tag == tag)
    }

    /// Returns the answer to the list: the terminal's side.
    ///
    /// `value` gives the value of a tag where there is one. Values are shortened, padded or replaced
    /// by zeros as EMV Book 3, clause 5.4 says: a numeric value keeps its right end, any other its
    /// left end.
    pub fn answer<V: AsRef<[u8]>>(&self, mut value: impl FnMut(Tag) -> Option<V>) -> Vec<u8> {
        let mut out = Vec::with_capacity(self.data_length());
        for entry in &self.entries {
            let known = value(entry.tag);
            let format = entry.tag.format();
            let known = known.as_ref().filter(|_| format != Format::Constructed);
            let bytes = known.map_or(&[][..], AsRef::as_ref);
            append_justified(&mut out, bytes, format, usize::from(entry.length));
        }
        out
    }

    /// Returns the values in an answer to the list: the card's side.
    ///
    /// # Errors
    ///
    /// [`DolLength`](TlvError::DolLength) when the answer is shorter or longer than asked for.
    pub fn split<'a>(&self, data: &'a [u8]) -> Result<Vec<(Tag, &'a [u8])>, TlvError> {
        let wrong = TlvError::DolLength { expected: self.data_length(), actual: data.len() };
        let mut rest = data;
        let mut values = Vec::with_capacity(self.entries.len());
        for entry in &self.entries {
            let (value, after) = rest.split_at_checked(entry.length.into()).ok_or(wrong)?;
            values.push((entry.tag, value));
            rest = after;
        }
        if rest.is_empty() { Ok(values) } else { Err(wrong) }
    }
}

fn append_justified(out: &mut Vec<u8>, value: &[u8], format: Format, length: usize) {
    let padding = length.saturating_sub(value.len());
    let surplus = value.len().saturating_sub(length);
    match format {
        Format::Numeric => {
            out.extend(iter::repeat_n(0x00, padding));
            out.extend_from_slice(&value[surplus..]);
        }
        // A missing value is zeros, whatever its format.
        Format::CompressedNumeric if !value.is_empty() => {
            out.extend_from_slice(&value[..value.len() - surplus]);
            out.extend(iter::repeat_n(0xff, padding));
        }
        _ => {
            out.extend_from_slice(&value[..value.len() - surplus]);
            out.extend(iter::repeat_n(0x00, padding));
        }
    }
}
