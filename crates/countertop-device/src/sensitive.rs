//! Bytes that must not be shown, logged or left in memory.

use core::fmt;

use zeroize::Zeroizing;

/// Holds bytes of a card or a customer: a track, an APDU, a payment code.
///
/// It has no `Display`, its `Debug` shows the length alone, and its memory is wiped on drop. Whoever
/// needs the bytes says so with [`expose`](Self::expose), which makes each use easy to find in
/// review.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct Sensitive(Zeroizing<Vec<u8>>);

impl Sensitive {
    /// Takes ownership of `bytes`; they are wiped when this value is dropped.
    #[must_use]
    pub fn new(bytes: Vec<u8>) -> Self {
        Self(Zeroizing::new(bytes))
    }

    /// Returns the bytes. Never print, log or store them.
    #[must_use]
    pub fn expose(&self) -> &[u8] {
        &self.0
    }

    /// Returns the bytes as text when they are valid UTF-8.
    #[must_use]
    pub fn expose_str(&self) -> Option<&str> {
        core::str::from_utf8(&self.0).ok()
    }

    /// Returns the number of bytes.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Tells whether there are no bytes.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl From<Vec<u8>> for Sensitive {
    fn from(bytes: Vec<u8>) -> Self {
        Self::new(bytes)
    }
}

impl From<&[u8]> for Sensitive {
    fn from(bytes: &[u8]) -> Self {
        Self::new(bytes.to_vec())
    }
}

impl fmt::Debug for Sensitive {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Sensitive({} bytes)", self.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_withholds_the_bytes() {
        let track = Sensitive::from(b"6200000000000005=3012".as_slice());
        let shown = format!("{track:?}");
        assert_eq!(shown, "Sensitive(21 bytes)");
    }

    #[test]
    fn exposes_on_demand() {
        assert_eq!(Sensitive::from(b"12".as_slice()).expose_str(), Some("12"));
        assert_eq!(Sensitive::new(vec![0xff]).expose_str(), None);
        assert!(Sensitive::default().is_empty());
    }
}
