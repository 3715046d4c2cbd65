//! DES and triple DES on single blocks.

use core::fmt;

use des::cipher::{BlockCipherDecrypt, BlockCipherEncrypt, KeyInit};
use des::{Des, TdesEde2};

/// Is a DES key of single (8 bytes) or double length (16 bytes, two-key triple DES).
#[derive(Clone)]
pub struct DesKey(Schedule);

#[derive(Clone)]
enum Schedule {
    Single(Des),
    Double(TdesEde2),
}

/// Says that a key is neither 8 nor 16 bytes long.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("key of {0} bytes, neither 8 nor 16")]
pub struct BadKeyLength(pub usize);

impl DesKey {
    /// Takes 8 bytes for DES or 16 for triple DES. Parity bits do not matter.
    ///
    /// # Errors
    ///
    /// [`BadKeyLength`] for any other number of bytes.
    pub fn new(key: &[u8]) -> Result<Self, BadKeyLength> {
        let bad = |_| BadKeyLength(key.len());
        match key.len() {
            8 => Des::new_from_slice(key).map(Schedule::Single).map(Self).map_err(bad),
            16 => TdesEde2::new_from_slice(key).map(Schedule::Double).map(Self).map_err(bad),
            length => Err(BadKeyLength(length)),
        }
    }

    /// Encrypts a block.
    #[must_use]
    pub fn encrypt_block(&self, block: [u8; 8]) -> [u8; 8] {
        let mut block = block.into();
        match &self.0 {
            Schedule::Single(key) => key.encrypt_block(&mut block),
            Schedule::Double(key) => key.encrypt_block(&mut block),
        }
        block.into()
    }

    /// Decrypts a block.
    #[must_use]
    pub fn decrypt_block(&self, block: [u8; 8]) -> [u8; 8] {
        let mut block = block.into();
        match &self.0 {
            Schedule::Single(key) => key.decrypt_block(&mut block),
            Schedule::Double(key) => key.decrypt_block(&mut block),
        }
        block.into()
    }

    /// Wraps a key of whole blocks under this one (ECB).
    #[must_use]
    pub fn wrap(&self, key: &[u8]) -> Vec<u8> {
        key.as_chunks().0.iter().flat_map(|block| self.encrypt_block(*block)).collect()
    }

    /// Unwraps a key of whole blocks from under this one (ECB).
    #[must_use]
    pub fn unwrap(&self, key: &[u8]) -> Vec<u8> {
        key.as_chunks().0.iter().flat_map(|block| self.decrypt_block(*block)).collect()
    }

    /// Returns the key check value: the first four bytes of eight zero bytes encrypted.
    #[must_use]
    pub fn check_value(&self) -> [u8; 4] {
        let [first, second, third, fourth, ..] = self.encrypt_block([0; 8]);
        [first, second, third, fourth]
    }
}

/// Withholds the key.
impl fmt::Debug for DesKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.0 {
            Schedule::Single(_) => "DesKey(single length)",
            Schedule::Double(_) => "DesKey(double length)",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn check_values_of_published_keys() {
        // The values that every HSM manual prints for these two keys.
        let single = DesKey::new(&0x0123_4567_89AB_CDEF_u64.to_be_bytes()).unwrap();
        assert_eq!(single.check_value(), [0xD5, 0xD4, 0x4F, 0xF7]);
        let double = DesKey::new(&0x0123_4567_89AB_CDEF_FEDC_BA98_7654_3210_u128.to_be_bytes());
        assert_eq!(double.unwrap().check_value(), [0x08, 0xD7, 0xB4, 0xFB]);
    }

    #[test]
    fn wrapping_is_undone() {
        let key = DesKey::new(&[0x11; 16]).unwrap();
        let working: Vec<u8> = (0..16).collect();
        assert_eq!(key.unwrap(&key.wrap(&working)), working);
    }

    #[test]
    fn other_lengths_are_refused() {
        for length in [0, 7, 9, 15, 17, 24] {
            assert_eq!(DesKey::new(&vec![0; length]).unwrap_err(), BadKeyLength(length));
        }
    }

    #[test]
    fn debug_withholds_the_key() {
        assert_eq!(format!("{:?}", DesKey::new(&[1; 8]).unwrap()), "DesKey(single length)");
    }
}
