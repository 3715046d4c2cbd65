//! Public key certificates of elliptic curves (EMV Book 2, clauses 12.3 and 12.4).

use super::certificate::padded_digits;
use super::elliptic::EcPrivateKey;
use crate::card::Curve;

/// Certificate formats, and their encoding (tables 35 and 36).
const ISSUER_FORMAT: u8 = 0x12;
const ICC_FORMAT: u8 = 0x14;
const ENCODING: u8 = 0x00;

/// The encoding of the data that the card's certificate signs: data objects with tag and length.
const TLV_ENCODING: u8 = 0x00;

/// The indicator of SHA-256 (table 47). With P-521 nothing longer would fit into a record.
const SHA256_INDICATOR: u8 = 0x02;

/// The last minute of a day: HHMM.
const LAST_MINUTE: [u8; 2] = [0x23, 0x59];

/// Says who has made an issuer's certificate, with which key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct AuthorityName {
    pub(crate) rid: [u8; 5],
    pub(crate) index: u8,
}

/// Returns the issuer's certificate (`90`); `identifier` is the leftmost digits of its card numbers,
/// `expiry` YYYYMMDD.
pub(crate) fn ec_issuer_certificate(
    authority: &EcPrivateKey,
    name: AuthorityName,
    issuer: &EcPrivateKey,
    identifier: &str,
    expiry: [u8; 4],
    serial: [u8; 3],
) -> Vec<u8> {
    let signed = [
        &[ISSUER_FORMAT, ENCODING][..],
        &padded_digits(identifier, 5),
        &[issuer.curve().suite()],
        &expiry,
        &serial,
        &name.rid,
        &[name.index],
        &issuer.x(),
    ]
    .concat();
    certificate(authority, signed)
}

/// Returns a card's certificate (`9F46`), which also signs the static data of the card (Book 3, clause
/// 10.3).
pub(crate) fn ec_icc_certificate(
    issuer: &EcPrivateKey,
    icc: &EcPrivateKey,
    expiry: [u8; 4],
    serial: [u8; 6],
    static_data: &[u8],
) -> Vec<u8> {
    let signed = [
        &[ICC_FORMAT, ENCODING, icc.curve().suite()][..],
        &expiry,
        &LAST_MINUTE,
        &serial,
        &[TLV_ENCODING, SHA256_INDICATOR],
        // The hash of the suite of P-256 is SHA-256.
        &Curve::P256.hash(&[static_data]),
        &icc.x(),
    ]
    .concat();
    certificate(issuer, signed)
}

fn certificate(signer: &EcPrivateKey, mut signed: Vec<u8>) -> Vec<u8> {
    let signature = signer.sign(&signed);
    signed.extend_from_slice(&signature);
    signed
}

#[cfg(test)]
mod tests {
    use emv::core::ecc_oda::{
        EccCaPublicKey, recover_icc_public_key_ecc, recover_issuer_public_key_ecc,
    };

    use super::*;
    use crate::card::crypto::{Role, verifies};

    const NAME: AuthorityName = AuthorityName { rid: [0xa0, 0, 0, 0, 0x04], index: 0xec };
    const EXPIRY: [u8; 4] = [0x20, 0x30, 0x12, 0x28];
    const TODAY: [u8; 4] = [0x20, 0x26, 0x11, 0x22];
    const PAN: [u8; 8] = [0x55, 0x55, 0x55, 0x55, 0x55, 0x55, 0x44, 0x44];

    /// The longest certificate that a record has room for, behind two bytes of tag and two of length.
    const ROOM: usize = 251 - 4;

    fn keys(curve: Curve) -> [EcPrivateKey; 3] {
        [Role::Authority, Role::Issuer, Role::Icc].map(|role| EcPrivateKey::of(role, curve))
    }

    #[test]
    fn a_stranger_recovers_the_keys() {
        let [authority, issuer, icc] = keys(Curve::P256);
        let issuers = ec_issuer_certificate(&authority, NAME, &issuer, "555555", EXPIRY, [0, 0, 1]);
        let key = EccCaPublicKey {
            rid: NAME.rid,
            index: NAME.index,
            x_coord: authority.x(),
            algorithm_suite: 0x10,
        };
        let recovered = recover_issuer_public_key_ecc(&key, &issuers, &PAN, TODAY).unwrap();
        assert_eq!(recovered.x_coord, issuer.x());
        assert_eq!(recovered.serial_number, [0, 0, 1]);
        let cards = ec_icc_certificate(&issuer, &icc, EXPIRY, [0, 0, 0, 0, 0, 2], b"data");
        let own =
            |data, day| recover_icc_public_key_ecc(&recovered, &cards, data, day, [0x20, 0x15]);
        assert_eq!(own(&b"data"[..], TODAY).unwrap().x_coord, icc.x());
        assert!(own(b"date", TODAY).is_err(), "over other data");
        assert!(own(b"data", [0x20, 0x30, 0x12, 0x29]).is_err(), "expired");
    }

    #[test]
    fn the_longest_certificates_fit_into_a_record() {
        let [authority, issuer, icc] = keys(Curve::P521);
        let issuers = ec_issuer_certificate(&authority, NAME, &issuer, "555555", EXPIRY, [0, 0, 1]);
        let cards = ec_icc_certificate(&issuer, &icc, EXPIRY, [0, 0, 0, 0, 0, 2], b"data");
        assert_eq!((issuers.len(), cards.len()), (21 + 66 + 130, 17 + 32 + 66 + 130));
        assert!(cards.len() <= ROOM);
        let (signed, signature) = issuers.split_at(21 + 66);
        assert!(verifies(Curve::P521, &authority.x(), signed, signature));
        let (signed, signature) = cards.split_at(17 + 32 + 66);
        assert!(verifies(Curve::P521, &issuer.x(), signed, signature));
    }
}
