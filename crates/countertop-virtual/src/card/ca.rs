//! The test certification authority.

use core::fmt;

use sha1::{Digest as _, Sha1};

use super::crypto::{EcPrivateKey, PrivateKey, Role};
use super::{CardKeys, Curve};

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

/// Returns the index of the authority's key on a curve.
pub(super) const fn ec_key_index(curve: Curve) -> u8 {
    match curve {
        Curve::P256 => 0xec,
        Curve::P521 => 0xed,
    }
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

/// Is a public key of a certification authority on an elliptic curve, as a terminal loads it (EMV Book 2,
/// clause 11.2, table 31).
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct EcCaPublicKey {
    /// The registered application provider identifier.
    pub rid: [u8; 5],
    /// The index of the key under this identifier.
    pub index: u8,
    /// The algorithm suite indicator: `10` for P-256 with SHA-256, `11` for P-521 with SHA-512.
    pub suite: u8,
    /// Both coordinates, big-endian, as long as the curve's field each.
    pub point: Vec<u8>,
    /// The hash of the suite over identifier, index, suite and coordinates.
    pub checksum: Vec<u8>,
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

    /// Returns the public key on the usual curve, once for each card scheme.
    #[must_use]
    pub fn ec_capks() -> Vec<EcCaPublicKey> {
        let schemes = [UNIONPAY, VISA, MASTERCARD];
        schemes.into_iter().map(|rid| Self::ec_capk(rid, Curve::default())).collect()
    }

    /// Returns the public key for the cards of one scheme that have keys on this curve.
    #[must_use]
    pub fn ec_capk(rid: [u8; 5], curve: Curve) -> EcCaPublicKey {
        let point = EcPrivateKey::of(Role::Authority, curve).point();
        let (index, suite) = (ec_key_index(curve), curve.suite());
        let checksum = curve.hash(&[&rid, &[index, suite], &point]);
        EcCaPublicKey { rid, index, suite, point, checksum }
    }
}

impl fmt::Debug for CaPublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "CaPublicKey({} {:02X}, {} bits)",
            hex(self.rid),
            self.index,
            8 * self.modulus.len()
        )
    }
}

impl fmt::Debug for EcCaPublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "EcCaPublicKey({} {:02X}, suite {:02X})", hex(self.rid), self.index, self.suite)
    }
}

fn hex(rid: [u8; 5]) -> String {
    rid.iter().map(|byte| format!("{byte:02X}")).collect()
}
