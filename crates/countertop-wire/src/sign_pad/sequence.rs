//! Numbers of signatures.

/// Is the number that a pad gives a signature, of three bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Sequence([u8; 3]);

impl Sequence {
    /// Returns the number that follows; after the last comes nought.
    #[must_use]
    pub fn next(self) -> Self {
        let [_, high, middle, low] = (self.get() + 1).to_be_bytes();
        Self([high, middle, low])
    }

    /// Returns the number.
    #[must_use]
    pub fn get(self) -> u32 {
        let [high, middle, low] = self.0;
        u32::from_be_bytes([0, high, middle, low])
    }

    /// Returns the number as it travels.
    #[must_use]
    pub fn to_bytes(self) -> [u8; 3] {
        self.0
    }
}

impl From<[u8; 3]> for Sequence {
    fn from(bytes: [u8; 3]) -> Self {
        Self(bytes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_in_three_bytes() {
        assert_eq!(Sequence::default().next().to_bytes(), [0, 0, 1]);
        assert_eq!(Sequence::from([0, 0xff, 0xff]).next().get(), 0x01_0000);
        assert_eq!(Sequence::from([0xff; 3]).next(), Sequence::default());
    }
}
