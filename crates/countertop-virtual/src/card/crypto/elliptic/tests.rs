use emv::core::ec_sdsa::ec_sdsa_p256_verify;
use emv::core::ecc_primitives::{recover_y_p256, recover_y_p521};
use p521::elliptic_curve::PrimeField as _;
use p521::elliptic_curve::sec1::ToEncodedPoint as _;
use p521::{AffinePoint, EncodedPoint, FieldBytes, ProjectivePoint, Scalar};

use super::*;

const CURVES: [Curve; 2] = [Curve::P256, Curve::P521];
const ROLES: [Role; 3] = [Role::Authority, Role::Issuer, Role::Icc];

/// Tells whether a signature is genuine; `x` is the public key.
///
/// For P-256 the crate `emv` says so. It has a wrong order for P-521, which is checked here as annex A2.2.3
/// has it.
pub(crate) fn verifies(curve: Curve, x: &[u8], message: &[u8], signature: &[u8]) -> bool {
    match curve {
        Curve::P256 => {
            ec_sdsa_p256_verify(0x10, x.try_into().unwrap(), message, signature) == Ok(true)
        }
        Curve::P521 => p521_verifies(x.try_into().unwrap(), message, signature),
    }
}

fn p521_verifies(x: &[u8; 66], message: &[u8], signature: &[u8]) -> bool {
    let (r, s) = signature.split_at(64);
    let scalar = |octets: &[u8]| {
        let mut padded = FieldBytes::default();
        padded[66 - octets.len()..].copy_from_slice(octets);
        Scalar::from_repr(padded).unwrap()
    };
    let y = recover_y_p521(x).unwrap();
    let key = EncodedPoint::from_bytes([&[0x04][..], x, &y].concat()).unwrap();
    let key = ProjectivePoint::from(AffinePoint::from_encoded_point(&key).unwrap());
    let sum = ProjectivePoint::GENERATOR * scalar(s) - key * scalar(r);
    let point = sum.to_affine().to_encoded_point(false);
    point.x().is_some_and(|x| Curve::P521.hash(&[x, message]) == r)
}

#[test]
fn a_stranger_believes_the_signatures() {
    for curve in CURVES {
        let key = EcPrivateKey::of(Role::Icc, curve);
        for length in [0, 1, 31, 200] {
            let message = vec![0x5a; length];
            let signature = key.sign(&message);
            let hash_length = curve.hash(&[]).len();
            assert_eq!(signature.len(), hash_length + curve.field_length());
            assert!(verifies(curve, &key.x(), &message, &signature), "{curve:?} {length}");
            assert_eq!(signature, key.sign(&message), "the same in every run");
        }
    }
}

#[test]
fn a_stranger_believes_nothing_else() {
    for curve in CURVES {
        let key = EcPrivateKey::of(Role::Icc, curve);
        let signature = key.sign(b"message");
        for at in [1, curve.hash(&[]).len() + 2, signature.len() - 1] {
            let mut changed = signature.clone();
            changed[at] ^= 0x01;
            assert!(!verifies(curve, &key.x(), b"message", &changed), "{curve:?} {at}");
        }
        assert!(!verifies(curve, &key.x(), b"massage", &signature));
        let other = EcPrivateKey::of(Role::Issuer, curve);
        assert!(!verifies(curve, &other.x(), b"message", &signature));
    }
}

#[test]
fn the_x_coordinate_tells_the_whole_key() {
    for role in ROLES {
        let key = EcPrivateKey::of(role, Curve::P256);
        let y = recover_y_p256(&key.x().try_into().unwrap()).unwrap();
        assert_eq!(key.point(), [key.x(), y.to_vec()].concat(), "{role:?}");
        let key = EcPrivateKey::of(role, Curve::P521);
        let y = recover_y_p521(&key.x().try_into().unwrap()).unwrap();
        assert_eq!(key.point(), [key.x(), y.to_vec()].concat(), "{role:?}");
    }
}

#[test]
fn the_orders_are_those_of_the_curves() {
    for curve in CURVES {
        let [one, other] =
            [BigUint::from(1_u8), curve.order() - 1_u8].map(|scalar| curve.times_base(&scalar));
        let ([x, y], [other_x, other_y]) = (one.unwrap(), other.unwrap());
        assert_eq!(x, other_x, "{curve:?}");
        assert_eq!(y + other_y, curve.prime(), "{curve:?}");
        assert!(curve.times_base(&curve.order()).is_none(), "{curve:?}");
        assert!(curve.times_base(&BigUint::ZERO).is_none(), "{curve:?}");
    }
}

#[test]
fn keys_differ_by_role() {
    let keys = ROLES.map(|role| EcPrivateKey::of(role, Curve::P256).x());
    assert!(keys[0] != keys[1] && keys[1] != keys[2] && keys[0] != keys[2]);
    assert_eq!(format!("{:?}", EcPrivateKey::of(Role::Icc, Curve::P256)), "EcPrivateKey(P256)");
}
