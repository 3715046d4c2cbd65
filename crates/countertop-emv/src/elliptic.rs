//! EC-SDSA signatures (EMV Book 2, annexes A2.2 and B2.2).
//!
//! They are ours: the crate `emv` has an order for P-521 that is two bytes short, with which it believes next
//! to no signature.

use p256::NistP256;
use p256::elliptic_curve::group::Curve as _;
use p256::elliptic_curve::ops::Reduce;
use p256::elliptic_curve::point::AffineCoordinates as _;
use p256::elliptic_curve::sec1::{EncodedPoint, FromEncodedPoint, ModulusSize, ToEncodedPoint};
use p256::elliptic_curve::{
    AffinePoint, CurveArithmetic, Field as _, FieldBytes, FieldBytesSize, Group as _,
    PrimeField as _, ProjectivePoint, Scalar,
};
use p521::NistP521;
use sha2::{Digest as _, Sha256, Sha512};

/// Names a curve with its hash algorithm (table 48).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Suite {
    /// `10`: P-256 with SHA-256.
    P256,
    /// `11`: P-521 with SHA-512.
    P521,
}

/// Hashes data by the algorithm with an indicator (table 47); `None` for another than SHA-256 and SHA-512.
pub(crate) fn hash(indicator: u8, data: &[u8]) -> Option<Vec<u8>> {
    match indicator {
        0x02 => Some(Sha256::digest(data).to_vec()),
        0x03 => Some(Sha512::digest(data).to_vec()),
        _ => None,
    }
}

impl Suite {
    /// Returns the suite with an indicator, if it is there.
    pub(crate) const fn from_indicator(indicator: u8) -> Option<Self> {
        match indicator {
            0x10 => Some(Self::P256),
            0x11 => Some(Self::P521),
            _ => None,
        }
    }

    /// Returns the length of a coordinate: NFIELD.
    pub(crate) const fn field_length(self) -> usize {
        match self {
            Self::P256 => 32,
            Self::P521 => 66,
        }
    }

    /// Returns the length of a signature: NSIG.
    pub(crate) const fn signature_length(self) -> usize {
        self.field_length() + self.hash_length()
    }

    const fn hash_length(self) -> usize {
        match self {
            Self::P256 => 32,
            Self::P521 => 64,
        }
    }

    /// Returns the hash over `data`.
    pub(crate) fn hash(self, data: &[u8]) -> Vec<u8> {
        match self {
            Self::P256 => Sha256::digest(data).to_vec(),
            Self::P521 => Sha512::digest(data).to_vec(),
        }
    }

    /// Returns the lesser y-coordinate that belongs to `x`: Point4x(); `None` off the curve.
    pub(crate) fn y(self, x: &[u8]) -> Option<Vec<u8>> {
        match self {
            Self::P256 => point::<NistP256>(x).map(|(_, y)| y),
            Self::P521 => point::<NistP521>(x).map(|(_, y)| y),
        }
    }

    /// Tells whether `signature` over `message` is genuine (annex A2.2.3); `x` is the signer's key.
    pub(crate) fn verifies(self, x: &[u8], message: &[u8], signature: &[u8]) -> bool {
        // Step a.
        if signature.len() != self.signature_length() {
            return false;
        }
        // Step b.
        let (r, s) = signature.split_at(self.hash_length());
        let sum = match self {
            Self::P256 => sum::<NistP256>(x, r, s),
            Self::P521 => sum::<NistP521>(x, r, s),
        };
        // Steps h and i.
        sum.is_some_and(|sum| self.hash(&[&sum, message].concat()) == r)
    }
}

/// Returns the point with the lesser y-coordinate, and that coordinate.
fn point<C>(x: &[u8]) -> Option<(AffinePoint<C>, Vec<u8>)>
where
    C: CurveArithmetic,
    FieldBytesSize<C>: ModulusSize,
    AffinePoint<C>: FromEncodedPoint<C> + ToEncodedPoint<C>,
{
    // The prefixes of compressed points: y is even, y is odd.
    let both = [0x02, 0x03].map(|prefix| {
        let compressed = EncodedPoint::<C>::from_bytes([&[prefix], x].concat()).ok()?;
        let point =
            Option::<AffinePoint<C>>::from(AffinePoint::<C>::from_encoded_point(&compressed))?;
        let y = point.to_encoded_point(false).y()?.to_vec();
        Some((point, y))
    });
    let [Some(even), Some(odd)] = both else { return None };
    Some(if even.1 < odd.1 { even } else { odd })
}

/// Returns the x-coordinate of s'G - r'P (steps c to g); `None` for numbers out of their range.
fn sum<C>(x: &[u8], r: &[u8], s: &[u8]) -> Option<Vec<u8>>
where
    C: CurveArithmetic,
    FieldBytesSize<C>: ModulusSize,
    AffinePoint<C>: FromEncodedPoint<C> + ToEncodedPoint<C>,
{
    let s = Option::<Scalar<C>>::from(Scalar::<C>::from_repr(field::<C>(s)?))?;
    let r = <Scalar<C> as Reduce<C::Uint>>::reduce_bytes(&field::<C>(r)?);
    if bool::from(s.is_zero()) || bool::from(r.is_zero()) {
        return None;
    }
    let (key, _) = point::<C>(x)?;
    let sum = ProjectivePoint::<C>::generator() * s - ProjectivePoint::<C>::from(key) * r;
    let is_infinite = bool::from(sum.is_identity());
    (!is_infinite).then(|| sum.to_affine().x().to_vec())
}

/// Returns octets with noughts before them, as many as a coordinate has.
fn field<C: CurveArithmetic>(octets: &[u8]) -> Option<FieldBytes<C>> {
    let mut field = FieldBytes::<C>::default();
    let start = field.len().checked_sub(octets.len())?;
    field.get_mut(start..)?.copy_from_slice(octets);
    Some(field)
}

#[cfg(test)]
mod tests {
    use emv::core::ec_sdsa::{
        constrain_long_term_private_key_p256, ec_sdsa_p256_sign, public_key_x_from_private,
    };

    use super::*;

    fn signed(message: &[u8]) -> ([u8; 32], Vec<u8>) {
        let key = constrain_long_term_private_key_p256(&[0x11; 32]).unwrap();
        let signature = ec_sdsa_p256_sign(0x10, &key, &[0x22; 32], message).unwrap();
        (public_key_x_from_private(&key).unwrap(), signature)
    }

    #[test]
    fn believes_a_stranger_and_nobody_else() {
        for length in [0, 1, 64, 300] {
            let message = vec![0x5A; length];
            let (x, signature) = signed(&message);
            assert!(Suite::P256.verifies(&x, &message, &signature), "{length}");
            assert!(!Suite::P256.verifies(&x, &[&message[..], b"!"].concat(), &signature));
            for at in 0..signature.len() {
                let mut changed = signature.clone();
                changed[at] ^= 0x80;
                assert!(!Suite::P256.verifies(&x, &message, &changed), "{length} {at}");
            }
        }
    }

    #[test]
    fn other_lengths_and_numbers_out_of_range_are_no_signatures() {
        let (x, signature) = signed(b"message");
        for length in 0..signature.len() {
            assert!(!Suite::P256.verifies(&x, b"message", &signature[..length]), "{length}");
        }
        assert!(!Suite::P521.verifies(&x, b"message", &signature));
        let (r, s) = signature.split_at(32);
        for wrong in [[r, &[0; 32]].concat(), [&[0; 32], s].concat(), [r, &[0xFF; 32]].concat()] {
            assert!(!Suite::P256.verifies(&x, b"message", &wrong), "{wrong:02X?}");
        }
        assert!(!Suite::P256.verifies(&x[1..], b"message", &signature), "no key");
        assert!(!Suite::P256.verifies(&[0xFF; 32], b"message", &signature), "off the curve");
    }

    #[test]
    fn the_lesser_y_belongs_to_a_key() {
        let (x, _) = signed(b"");
        let theirs = emv::core::ecc_primitives::recover_y_p256(&x).unwrap();
        assert_eq!(Suite::P256.y(&x), Some(theirs.to_vec()));
        let x: [u8; 66] = core::array::from_fn(|at| u8::from(at == 65) * 3);
        let theirs = emv::core::ecc_primitives::recover_y_p521(&x).ok();
        assert_eq!(Suite::P521.y(&x), theirs.map(Vec::from));
        assert_eq!(Suite::P521.y(&[0xFF; 66]), None);
    }

    #[test]
    fn suites_and_hashes_have_their_indicators() {
        for (indicator, field, signature) in [(0x10, 32, 64), (0x11, 66, 130)] {
            let suite = Suite::from_indicator(indicator).unwrap();
            assert_eq!((suite.field_length(), suite.signature_length()), (field, signature));
        }
        for indicator in [0x00, 0x12, 0x13, 0x80] {
            assert_eq!(Suite::from_indicator(indicator), None, "{indicator:02X}");
        }
        assert_eq!(hash(0x02, b"data"), Some(Suite::P256.hash(b"data")));
        assert_eq!(hash(0x03, b"data"), Some(Suite::P521.hash(b"data")));
        assert!(hash(0x01, b"data").is_none() && hash(0x80, b"data").is_none());
    }
}
