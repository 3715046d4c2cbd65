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
}

impl CaPublicKey {
    /// Creates a key without a checksum.
    pub fn new(
        rid: [u8; 5],
        index: u8,
        modulus: impl Into<Vec<u8>>,
        exponent: impl Into<Vec<u8>>,
    ) -> Self {
        Self { rid, index, modulus: modulus.into(), exponent: exponent.into(), checksum: None }
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
