//! Public keys of certification authorities (EMV Book 2, clause 11.2).

use serde::Deserialize;
use sha1::{Digest as _, Sha1};

use super::hex;

/// Is a certification authority's RSA public key.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct CaPublicKey {
    /// Registered application provider identifier.
    #[serde(deserialize_with = "hex::array")]
    pub rid: [u8; 5],
    /// Certification Authority Public Key Index (`9F22`, on the card `8F`).
    #[serde(deserialize_with = "hex::byte")]
    pub index: u8,
    /// Modulus, big-endian.
    #[serde(deserialize_with = "hex::bytes")]
    pub modulus: Vec<u8>,
    /// Exponent, big-endian: `03` or `010001`.
    #[serde(deserialize_with = "hex::bytes")]
    pub exponent: Vec<u8>,
    /// SHA-1 over provider, index, modulus and exponent (EMV Book 2, clause 11.2.2), where the
    /// source of the key gives it.
    #[serde(default, deserialize_with = "hex::some_array")]
    pub checksum: Option<[u8; 20]>,
    /// The last day of the key: YYMMDD, two digits to a byte; none for a key without an end.
    #[serde(default, deserialize_with = "hex::some_array")]
    pub expiry: Option<[u8; 3]>,
}

impl CaPublicKey {
    /// Creates a key without a checksum.
    pub fn new(
        rid: [u8; 5],
        index: u8,
        modulus: impl Into<Vec<u8>>,
        exponent: impl Into<Vec<u8>>,
    ) -> Self {
        Self {
            rid,
            index,
            modulus: modulus.into(),
            exponent: exponent.into(),
            checksum: None,
            expiry: None,
        }
    }

    /// Tells whether the key's time is over on a day (EMV Book 2, clause 11.2): YYMMDD, two digits
    /// to a byte; years from 50 on are of the last century.
    #[must_use]
    pub fn has_expired(&self, date: [u8; 3]) -> bool {
        self.expiry.is_some_and(|expiry| is_over(expiry, date))
    }

    /// Tells whether the checksum fits, if there is one.
    #[must_use]
    pub fn is_whole(&self) -> bool {
        let digest = Sha1::new()
            .chain_update(self.rid)
            .chain_update([self.index])
            .chain_update(&self.modulus)
            .chain_update(&self.exponent)
            .finalize();
        self.checksum.is_none_or(|checksum| digest == checksum)
    }
}

/// Tells whether a key that ends on a day is over on another; years from 50 on are of the last century.
pub(super) fn is_over(expiry: [u8; 3], date: [u8; 3]) -> bool {
    let with_century = |[year, month, day]: [u8; 3]| (year < 0x50, year, month, day);
    with_century(expiry) < with_century(date)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_ends_after_its_last_day() {
        let mut key = CaPublicKey::new([0xA0, 0, 0, 0, 3], 1, [1], [3]);
        assert!(!key.has_expired([0x49, 0x12, 0x31]));
        key.expiry = Some([0x26, 0x11, 0x22]);
        assert!(!key.has_expired([0x26, 0x11, 0x22]));
        assert!(key.has_expired([0x26, 0x11, 0x23]));
        assert!(!key.has_expired([0x99, 0x01, 0x01]), "1999");
        key.expiry = Some([0x99, 0x12, 0x31]);
        assert!(key.has_expired([0x26, 0x01, 0x01]));
    }
}
