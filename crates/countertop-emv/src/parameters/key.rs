//! Public keys of certification authorities (EMV Book 2, clause 11.2).

use serde::Deserialize;

use super::hex;

/// Is a certification authority's RSA public key.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
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
}
