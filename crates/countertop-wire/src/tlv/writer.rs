//! Writing data objects.

use core::fmt;

use super::Tag;

/// Writes data objects one after the other.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct TlvWriter {
    bytes: Vec<u8>,
}

impl TlvWriter {
    /// Starts with nothing written.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a data object with the length field in its shortest form.
    #[must_use]
    pub fn put(mut self, tag: Tag, value: impl AsRef<[u8]>) -> Self {
        let value = value.as_ref();
        tag.write(&mut self.bytes);
        write_length(value.len(), &mut self.bytes);
        self.bytes.extend_from_slice(value);
        self
    }

    /// Adds a data object if there is a value.
    #[must_use]
    pub fn put_some(self, tag: Tag, value: Option<impl AsRef<[u8]>>) -> Self {
        match value {
            Some(value) => self.put(tag, value),
            None => self,
        }
    }

    /// Adds a template that holds what `inner` has written.
    #[must_use]
    pub fn template(self, tag: Tag, inner: Self) -> Self {
        self.put(tag, inner.bytes)
    }

    /// Adds data objects that are encoded already.
    #[must_use]
    pub fn raw(mut self, encoded: &[u8]) -> Self {
        self.bytes.extend_from_slice(encoded);
        self
    }

    /// Returns what was written.
    #[must_use]
    pub fn finish(self) -> Vec<u8> {
        self.bytes
    }
}

impl fmt::Debug for TlvWriter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "TlvWriter({} bytes)", self.bytes.len())
    }
}

fn write_length(length: usize, out: &mut Vec<u8>) {
    let bytes = length.to_be_bytes();
    let zeros = bytes.iter().take_while(|&&byte| byte == 0).count().min(bytes.len() - 1);
    let digits = &bytes[zeros..];
    if length > 0x7f {
        // At most eight digits, so that the count always fits.
        out.push(0x80 | u8::try_from(digits.len()).unwrap_or(0x7f));
    }
    out.extend_from_slice(digits);
}
