//! Bitmaps: which fields a message has.

/// Says which of the fields 1 to 128 are there (ISO 8583:1987, clause 4.2). Field 1 is the
/// secondary bitmap itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Bitmap(u128);

impl Bitmap {
    /// Reads a bitmap of 8 bytes, or of 16 where the first bit is set; `None` when bytes are
    /// missing.
    #[must_use]
    pub fn parse(bytes: &[u8]) -> Option<Self> {
        let (primary, rest) = bytes.split_first_chunk::<8>()?;
        let primary = u128::from(u64::from_be_bytes(*primary)) << 64;
        if primary >> 127 == 0 {
            return Some(Self(primary));
        }
        let secondary = u64::from_be_bytes(*rest.first_chunk::<8>()?);
        Some(Self(primary | u128::from(secondary)))
    }

    /// Returns the 8 bytes, or 16 where there is a secondary bitmap.
    #[must_use]
    pub fn emit(self) -> Vec<u8> {
        let bytes = self.0.to_be_bytes();
        bytes[..self.len()].to_vec()
    }

    /// Returns the number of bytes: 8 or 16.
    #[must_use]
    #[expect(clippy::len_without_is_empty, reason = "a bitmap is never without bytes")]
    pub fn len(self) -> usize {
        if self.has(1) { 16 } else { 8 }
    }

    /// Tells whether a field is there.
    #[must_use]
    pub fn has(self, field: u8) -> bool {
        self.0 & Self::bit(field) != 0
    }

    /// Adds a field; one above 64 adds the secondary bitmap too.
    pub fn insert(&mut self, field: u8) {
        self.0 |= Self::bit(field);
        if field > 64 {
            self.0 |= Self::bit(1);
        }
    }

    /// Returns the numbers of the fields in order, without the secondary bitmap.
    pub fn fields(self) -> impl Iterator<Item = u8> {
        (2..=128).filter(move |&field| self.has(field))
    }

    fn bit(field: u8) -> u128 {
        match field {
            1..=128 => 1 << (128 - u32::from(field)),
            _ => 0,
        }
    }
}

impl FromIterator<u8> for Bitmap {
    fn from_iter<I: IntoIterator<Item = u8>>(fields: I) -> Self {
        let mut bitmap = Self::default();
        fields.into_iter().for_each(|field| bitmap.insert(field));
        bitmap
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn primary_of_a_chip_sale() {
        let bytes = [0x70, 0x24, 0x06, 0xC0, 0x20, 0xC0, 0x9A, 0x11];
        let bitmap = Bitmap::parse(&bytes).unwrap();
        let fields = [2, 3, 4, 11, 14, 22, 23, 25, 26, 35, 41, 42, 49, 52, 53, 55, 60, 64];
        assert_eq!(bitmap.fields().collect::<Vec<_>>(), fields);
        assert_eq!(fields.into_iter().collect::<Bitmap>().emit(), bytes);
    }

    #[test]
    fn secondary_follows_the_first_bit() {
        let mut bytes = [0u8; 16];
        bytes[0] = 0x80;
        bytes[15] = 0x01;
        assert_eq!(Bitmap::parse(&bytes).unwrap().fields().collect::<Vec<_>>(), [128]);
        assert_eq!(Bitmap::parse(&bytes).unwrap().emit(), bytes);
        assert_eq!(Bitmap::parse(&bytes[..15]), None);
        assert_eq!(Bitmap::parse(&[0; 7]), None);
        assert_eq!([128].into_iter().collect::<Bitmap>().emit(), bytes);
    }

    #[test]
    fn numbers_outside_are_never_there() {
        let mut bitmap = Bitmap::default();
        bitmap.insert(0);
        assert!(!bitmap.has(0) && !bitmap.has(129));
        assert_eq!(bitmap.fields().count(), 0);
    }
}
