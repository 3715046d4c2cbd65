//! The test certification authority.

use core::fmt;

use sha1::{Digest as _, Sha1};

use super::CardKeys;
use super::crypto::{PrivateKey, Role};

/// The index under which the test key is known; no published key of UnionPay or Visa has it.
pub(super) const TEST_KEY_INDEX: u8 = 0xe9;

/// Returns the index of the key that a card's issuer was certified with: keys of other sizes than
/// the usual one have an index of their own, from `C0` on.
pub(super) fn key_index(keys: CardKeys) -> u8 {
    if keys.authority == CardKeys::default().authority && keys.exponent == 3 {
        return TEST_KEY_INDEX;
    }
    let step = u8::try_from(keys.authority.saturating_sub(1024) / 32).unwrap_or(u8::MAX);
    let base = if keys.exponent == 3 { 0xc0 } else { 0x80 };
    base | (step & 0x1f)
}

/// The registered application providers whose cards this authority certifies.
const UNIONPAY: [u8; 5] = [0xa0, 0x00, 0x00, 0x03, 0x33];
const VISA: [u8; 5] = [0xa0, 0x00, 0x00, 0x00, 0x03];
const MASTERCARD: [u8; 5] = [0xa0, 0x00, 0x00, 0x00, 0x04];

/// Is the certification authority of all virtual cards.
///
/// A terminal that has loaded its public keys can do offline data authentication with them.
/// The keys are fixed and public: they must never be in a live terminal.
#[derive(Debug, Clone, Copy, Default)]
pub struct TestCa;

/// Is a public key of a certification authority, as a terminal loads it (EMV Book 2, clause 11.2).
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct CaPublicKey {
    /// The registered application provider identifier.
    pub rid: [u8; 5],
    /// The index of the key under this identifier.
    pub index: u8,
    /// The modulus, big-endian.
    pub modulus: Vec<u8>,
    /// The public exponent, big-endian.
    pub exponent: Vec<u8>,
    /// The SHA-1 of identifier, index, modulus and exponent.
    pub checksum: [u8; 20],
}

impl TestCa {
    /// Returns the public key, once for each card scheme.
    #[must_use]
    pub fn capks() -> Vec<CaPublicKey> {
        let schemes = [UNIONPAY, VISA, MASTERCARD];
        schemes.into_iter().map(|rid| Self::capk(rid, CardKeys::default())).collect()
    }

    /// Returns the public key for the cards of one scheme that have keys of these sizes.
    #[must_use]
    pub fn capk(rid: [u8; 5], keys: CardKeys) -> CaPublicKey {
        let key = PrivateKey::of(Role::Authority, keys.authority, keys.exponent);
        let [modulus, exponent] = [key.modulus(), key.public_exponent()];
        let index = key_index(keys);
        let checksum = Sha1::new()
            .chain_update(rid)
            .chain_update([index])
            .chain_update(&modulus)
            .chain_update(&exponent)
            .finalize()
            .into();
        CaPublicKey { rid, index, modulus, exponent, checksum }
    }
}

impl fmt::Debug for CaPublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "CaPublicKey(")?;
        for byte in self.rid {
            write!(f, "{byte:02X}")?;
        }
        write!(f, " {:02X}, {} bits)", self.index, 8 * self.modulus.len())
    }
}
