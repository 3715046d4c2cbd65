//! EC-SDSA as EMV uses it (EMV Book 2, annexes A2.2 and B2.2).

use core::fmt;
use std::collections::BTreeMap;
use std::sync::{LazyLock, Mutex, PoisonError};

use num_bigint::BigUint;
use p256::NistP256;
use p256::elliptic_curve::sec1::{FromEncodedPoint, ModulusSize, ToEncodedPoint};
use p256::elliptic_curve::{AffinePoint, CurveArithmetic, FieldBytesSize, SecretKey};
use p521::NistP521;
use sha2::{Digest as _, Sha256, Sha512};

use super::generate::{Role, Stream};
use crate::card::Curve;

/// The orders of the two curves' groups (tables 45 and 46).
const P256_ORDER: [u8; 32] = [
    0xff, 0xff, 0xff, 0xff, 0x00, 0x00, 0x00, 0x00, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
    0xbc, 0xe6, 0xfa, 0xad, 0xa7, 0x17, 0x9e, 0x84, 0xf3, 0xb9, 0xca, 0xc2, 0xfc, 0x63, 0x25, 0x51,
];
const P521_ORDER: [u8; 66] = [
    0x01, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
    0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
    0xff, 0xfa, 0x51, 0x86, 0x87, 0x83, 0xbf, 0x2f, 0x96, 0x6b, 0x7f, 0xcc, 0x01, 0x48, 0xf7, 0x09,
    0xa5, 0xd0, 0x3b, 0xb5, 0xc9, 0xb8, 0x89, 0x9c, 0x47, 0xae, 0xbb, 0x6f, 0xb7, 0x1e, 0x91, 0x38,
    0x64, 0x09,
];

/// The prime of P-256 (table 45); that of P-521 is 2^521 - 1.
const P256_PRIME: [u8; 32] = [
    0xff, 0xff, 0xff, 0xff, 0x00, 0x00, 0x00, 0x01, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
    0x00, 0x00, 0x00, 0x00, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
];

impl Curve {
    /// Returns the algorithm suite indicator: the curve with its hash (table 48).
    pub(crate) const fn suite(self) -> u8 {
        match self {
            Self::P256 => 0x10,
            Self::P521 => 0x11,
        }
    }

    /// Returns the length of a coordinate in bytes (table 44).
    pub(crate) const fn field_length(self) -> usize {
        match self {
            Self::P256 => 32,
            Self::P521 => 66,
        }
    }

    const fn bits(self) -> u16 {
        match self {
            Self::P256 => 256,
            Self::P521 => 521,
        }
    }

    fn order(self) -> BigUint {
        match self {
            Self::P256 => BigUint::from_bytes_be(&P256_ORDER),
            Self::P521 => BigUint::from_bytes_be(&P521_ORDER),
        }
    }

    fn prime(self) -> BigUint {
        match self {
            Self::P256 => BigUint::from_bytes_be(&P256_PRIME),
            Self::P521 => (BigUint::from(1_u8) << 521_u32) - 1_u8,
        }
    }

    /// Returns the hash of the suite over `parts`.
    pub(crate) fn hash(self, parts: &[&[u8]]) -> Vec<u8> {
        let message = parts.concat();
        match self {
            Self::P256 => Sha256::digest(message).to_vec(),
            Self::P521 => Sha512::digest(message).to_vec(),
        }
    }

    /// Returns a number in as many bytes as a coordinate has (annex B2.6).
    fn octets(self, number: &BigUint) -> Vec<u8> {
        let digits = number.to_bytes_be();
        let mut octets = vec![0; self.field_length().saturating_sub(digits.len())];
        octets.extend_from_slice(&digits);
        octets
    }

    /// Returns the coordinates of the base point times `scalar`; `None` for nought.
    fn times_base(self, scalar: &BigUint) -> Option<[BigUint; 2]> {
        let scalar = self.octets(scalar);
        match self {
            Self::P256 => coordinates::<NistP256>(&scalar),
            Self::P521 => coordinates::<NistP521>(&scalar),
        }
    }
}

fn coordinates<C>(scalar: &[u8]) -> Option<[BigUint; 2]>
where
    C: CurveArithmetic,
    FieldBytesSize<C>: ModulusSize,
    AffinePoint<C>: FromEncodedPoint<C> + ToEncodedPoint<C>,
{
    let key = SecretKey::<C>::from_slice(scalar).ok()?.public_key();
    let point = key.to_encoded_point(false);
    Some([point.x()?, point.y()?].map(|coordinate| BigUint::from_bytes_be(coordinate)))
}

/// Is a private key on an elliptic curve.
#[derive(Clone)]
pub(crate) struct EcPrivateKey {
    curve: Curve,
    secret: BigUint,
    point: [BigUint; 2],
}

impl EcPrivateKey {
    /// Returns the key of a role, always the same one: it protects nothing. It is made once in a process.
    pub(crate) fn of(role: Role, curve: Curve) -> Self {
        static KNOWN: LazyLock<Mutex<BTreeMap<(Role, Curve), EcPrivateKey>>> =
            LazyLock::new(Mutex::default);
        let mut known = KNOWN.lock().unwrap_or_else(PoisonError::into_inner);
        known.entry((role, curve)).or_insert_with(|| generate(role, curve)).clone()
    }

    /// Returns the curve.
    pub(crate) fn curve(&self) -> Curve {
        self.curve
    }

    /// Returns the public key as certificates have it: the x-coordinate alone.
    pub(crate) fn x(&self) -> Vec<u8> {
        let [x, _] = &self.point;
        self.curve.octets(x)
    }

    /// Returns the public key as terminals keep an authority's: both coordinates (table 31).
    pub(crate) fn point(&self) -> Vec<u8> {
        self.point.iter().flat_map(|coordinate| self.curve.octets(coordinate)).collect()
    }

    /// Returns the signature over `message` (annex A2.2.2).
    pub(crate) fn sign(&self, message: &[u8]) -> Vec<u8> {
        (0_u32..).find_map(|try_number| self.try_sign(message, try_number)).unwrap_or_default()
    }

    /// The number k follows from key and message, so that a run can be repeated.
    fn try_sign(&self, message: &[u8], try_number: u32) -> Option<Vec<u8>> {
        let (curve, order) = (self.curve, self.curve.order());
        let number = |octets: &[u8]| BigUint::from_bytes_be(octets) % &order;
        let secret = curve.octets(&self.secret);
        let k = number(&Sha512::digest([&secret, message, &try_number.to_be_bytes()].concat()));
        let [x, _] = curve.times_base(&k)?;
        let r = curve.hash(&[&curve.octets(&x), message]);
        let s = (k + number(&r) * &self.secret) % &order;
        Some([r, curve.octets(&s)].concat())
    }
}

/// Makes a key whose y-coordinate is the lesser of the two that its x-coordinate has (annex B2.2.4,
/// example 2).
fn generate(role: Role, curve: Curve) -> EcPrivateKey {
    let mut stream = Stream::new(&format!("{role:?} {curve:?}"));
    let (order, prime) = (curve.order(), curve.prime());
    loop {
        let secret = stream.number(curve.bits());
        if secret <= BigUint::from(1_u8) || secret >= &order - 1_u8 {
            continue;
        }
        let Some([x, y]) = curve.times_base(&secret) else { continue };
        let opposite = &prime - &y;
        if y < opposite {
            return EcPrivateKey { curve, secret, point: [x, y] };
        }
        return EcPrivateKey { curve, secret: order - secret, point: [x, opposite] };
    }
}

impl fmt::Debug for EcPrivateKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "EcPrivateKey({:?})", self.curve)
    }
}

#[cfg(test)]
pub(crate) mod tests;
