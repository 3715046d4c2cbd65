//! Revoked certificates of issuers (EMV Book 2, clause 5.1.2).

use serde::Deserialize;

use super::hex;

/// Names an issuer's certificate that is not to be believed any more.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RevokedCertificate {
    /// Registered application provider identifier.
    #[serde(deserialize_with = "hex::array")]
    pub rid: [u8; 5],
    /// Certification Authority Public Key Index of the key that made it.
    #[serde(deserialize_with = "hex::byte")]
    pub index: u8,
    /// Its serial number.
    #[serde(deserialize_with = "hex::array")]
    pub serial: [u8; 3],
}
