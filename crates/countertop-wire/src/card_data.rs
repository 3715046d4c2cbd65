//! Bytes to and from a card.

use core::fmt;
use core::ops::Deref;

use zeroize::Zeroizing;

/// Holds bytes that go to a card or come from it. They are wiped on drop, and `Debug` shows their
/// number alone.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct CardData(Zeroizing<Vec<u8>>);

impl From<Vec<u8>> for CardData {
    fn from(bytes: Vec<u8>) -> Self {
        Self(Zeroizing::new(bytes))
    }
}

impl From<&[u8]> for CardData {
    fn from(bytes: &[u8]) -> Self {
        Self::from(bytes.to_vec())
    }
}

impl Deref for CardData {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        &self.0
    }
}

impl fmt::Debug for CardData {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "CardData({} bytes)", self.0.len())
    }
}
