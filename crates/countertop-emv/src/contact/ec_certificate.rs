//! Certificates of keys on elliptic curves (EMV Book 2, clauses 12.3 and 12.4).

use countertop_wire::tlv::numeric;

use crate::elliptic::{Suite, hash};
use crate::parameters::EcCaPublicKey;

/// Formats and encodings (tables 35 and 36).
const ISSUER_FORMAT: u8 = 0x12;
const ICC_FORMAT: u8 = 0x14;
const ENCODING: u8 = 0x00;
const TLV_ENCODING: u8 = 0x00;

/// How many digits of a card number an issuer has.
const ISSUER_DIGITS: core::ops::RangeInclusive<usize> = 3..=10;

/// Is a date in UTC, YYYYMMDD, with hour and minute.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Moment {
    pub(super) date: [u8; 4],
    pub(super) time: [u8; 2],
}

/// Is a public key that a certificate has proved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct EcKey {
    suite: Suite,
    x: Vec<u8>,
}

impl EcKey {
    /// Tells whether a signature of this key is genuine.
    pub(super) fn verifies(&self, message: &[u8], signature: &[u8]) -> bool {
        self.suite.verifies(&self.x, message, signature)
    }
}

/// Recovers the issuer's key from its certificate (`90`), and its serial number; `None` when the
/// certificate is not genuine.
pub(super) fn issuer_key(
    authority: &EcCaPublicKey,
    certificate: &[u8],
    pan: &[u8],
    now: Moment,
) -> Option<(EcKey, [u8; 3])> {
    let (suite, x) = authority.parts()?;
    let signer = EcKey { suite, x: x.to_vec() };
    let mut fields = Fields::new(&signer, certificate)?;
    let [ISSUER_FORMAT, ENCODING] = fields.take()? else { return None };
    let identifier = fields.take::<5>()?;
    let [suite] = fields.take()?;
    let expiry = fields.take::<4>()?;
    let serial = fields.take()?;
    let (rid, [index]) = (fields.take::<5>()?, fields.take()?);
    let named = (rid, index) == (authority.rid, authority.index);
    let fits = is_issuer(&identifier, pan) && expiry >= now.date && named;
    let key = fields.key(suite)?;
    fits.then_some((key, serial))
}

/// Recovers the card's key from its certificate (`9F46`), which is over `static_data` too; `None` when the
/// certificate is not genuine.
pub(super) fn card_key(
    issuer: &EcKey,
    certificate: &[u8],
    static_data: &[u8],
    now: Moment,
) -> Option<EcKey> {
    let mut fields = Fields::new(issuer, certificate)?;
    let [ICC_FORMAT, ENCODING, suite] = fields.take()? else { return None };
    let expiry = Moment { date: fields.take()?, time: fields.take()? };
    let _serial = fields.take::<6>()?;
    let [TLV_ENCODING, algorithm] = fields.take()? else { return None };
    let certified = hash(algorithm, static_data)?;
    let genuine = fields.slice(certified.len())? == certified;
    let key = fields.key(suite)?;
    (genuine && expiry > now).then_some(key)
}

/// Tells whether the digits, which are filled up with F, are the leftmost ones of the card number.
fn is_issuer(identifier: &[u8], pan: &[u8]) -> bool {
    let digits = numeric::decode_compressed(identifier).zip(numeric::decode_compressed(pan));
    digits.is_some_and(|(issuer, pan)| {
        ISSUER_DIGITS.contains(&issuer.len()) && pan.starts_with(&issuer)
    })
}

/// Is what of a certificate has not been read; its signature has been found to be genuine.
struct Fields<'c>(&'c [u8]);

impl<'c> Fields<'c> {
    fn new(signer: &EcKey, certificate: &'c [u8]) -> Option<Self> {
        let length = certificate.len().checked_sub(signer.suite.signature_length())?;
        let (signed, signature) = certificate.split_at_checked(length)?;
        signer.verifies(signed, signature).then_some(Self(signed))
    }

    fn take<const N: usize>(&mut self) -> Option<[u8; N]> {
        let (field, rest) = self.0.split_first_chunk()?;
        self.0 = rest;
        Some(*field)
    }

    fn slice(&mut self, length: usize) -> Option<&'c [u8]> {
        let (field, rest) = self.0.split_at_checked(length)?;
        self.0 = rest;
        Some(field)
    }

    /// Takes the rest for a key of the suite with an indicator.
    fn key(self, suite: u8) -> Option<EcKey> {
        let suite = Suite::from_indicator(suite)?;
        let good = self.0.len() == suite.field_length() && suite.y(self.0).is_some();
        good.then(|| EcKey { suite, x: self.0.to_vec() })
    }
}

#[cfg(test)]
mod tests {
    use emv::core::ec_sdsa::{
        constrain_long_term_private_key_p256, ec_sdsa_p256_sign, public_key_x_from_private,
    };

    use super::*;

    const RID: [u8; 5] = [0xA0, 0, 0, 0, 0x04];
    const PAN: [u8; 8] = [0x55, 0x55, 0x55, 0x55, 0x55, 0x55, 0x44, 0x44];
    const NOW: Moment = Moment { date: [0x20, 0x26, 0x11, 0x22], time: [0x20, 0x15] };

    fn private(number: u8) -> [u8; 32] {
        constrain_long_term_private_key_p256(&[number; 32]).unwrap()
    }

    fn x(number: u8) -> Vec<u8> {
        public_key_x_from_private(&private(number)).unwrap().to_vec()
    }

    fn certified(signer: u8, mut content: Vec<u8>) -> Vec<u8> {
        let signature = ec_sdsa_p256_sign(0x10, &private(signer), &[0x77; 32], &content).unwrap();
        content.extend(signature);
        content
    }

    fn authority() -> EcCaPublicKey {
        let y = Suite::P256.y(&x(1)).unwrap();
        EcCaPublicKey::new(RID, 0xEC, 0x10, [x(1), y].concat())
    }

    /// An issuer's certificate without its signature, whose fields can be changed by their place.
    fn issuers() -> Vec<u8> {
        let head =
            [0x12, 0x00, 0x55, 0x55, 0x55, 0xFF, 0xFF, 0x10, 0x20, 0x26, 0x11, 0x22, 0, 0, 7];
        [&head[..], &RID, &[0xEC], &x(2)].concat()
    }

    fn cards() -> Vec<u8> {
        let head =
            [0x14, 0x00, 0x10, 0x20, 0x26, 0x11, 0x22, 0x20, 0x16, 0, 0, 0, 0, 0, 9, 0x00, 0x02];
        [&head[..], &hash(0x02, b"static").unwrap(), &x(3)].concat()
    }

    fn issuer() -> EcKey {
        EcKey { suite: Suite::P256, x: x(2) }
    }

    fn of_issuer(content: Vec<u8>) -> Option<(EcKey, [u8; 3])> {
        issuer_key(&authority(), &certified(1, content), &PAN, NOW)
    }

    fn of_card(content: Vec<u8>) -> Option<EcKey> {
        card_key(&issuer(), &certified(2, content), b"static", NOW)
    }

    #[test]
    fn genuine_certificates_give_keys() {
        assert_eq!(of_issuer(issuers()), Some((issuer(), [0, 0, 7])));
        assert_eq!(of_card(cards()), Some(EcKey { suite: Suite::P256, x: x(3) }));
    }

    #[test]
    fn each_step_of_the_issuers_certificate_counts() {
        for (at, other) in [
            (0, 0x14),
            (1, 0x01),
            (2, 0x54),
            (3, 0xF5),
            (4, 0x54),
            (7, 0x12),
            (8, 0x19),
            (11, 0x21),
            (15, 0xA1),
            (20, 0xED),
        ] {
            let mut content = issuers();
            content[at] = other;
            assert_eq!(of_issuer(content), None, "{at}");
        }
        let mut shorter = issuers();
        shorter.pop();
        assert_eq!(of_issuer(shorter), None);
        let mut later = issuers();
        later[11] = 0x23;
        assert!(of_issuer(later).is_some());
        let mut whole = issuers();
        whole[2..7].copy_from_slice(&PAN[..5]);
        assert!(of_issuer(whole).is_some(), "ten digits");
    }

    #[test]
    fn each_step_of_the_cards_certificate_counts() {
        for (at, other) in [
            (0, 0x12),
            (1, 0x01),
            (2, 0x11),
            (6, 0x21),
            (8, 0x15),
            (15, 0x01),
            (16, 0x03),
            (17, 0x00),
        ] {
            let mut content = cards();
            content[at] = other;
            assert_eq!(of_card(content), None, "{at}");
        }
        assert_eq!(card_key(&issuer(), &certified(2, cards()), b"dynamic", NOW), None);
        assert_eq!(card_key(&issuer(), &certified(1, cards()), b"static", NOW), None);
    }

    #[test]
    fn parts_of_certificates_are_none() {
        let [issuers, cards] = [certified(1, issuers()), certified(2, cards())];
        for length in 0..issuers.len() {
            assert_eq!(issuer_key(&authority(), &issuers[..length], &PAN, NOW), None, "{length}");
        }
        for length in 0..cards.len() {
            assert_eq!(card_key(&issuer(), &cards[..length], b"static", NOW), None, "{length}");
        }
    }

    #[test]
    fn a_stranger_agrees() {
        let key = emv::core::ecc_oda::EccCaPublicKey {
            rid: RID,
            index: 0xEC,
            x_coord: x(1),
            algorithm_suite: 0x10,
        };
        let certificate = certified(1, issuers());
        let theirs =
            emv::core::ecc_oda::recover_issuer_public_key_ecc(&key, &certificate, &PAN, NOW.date);
        assert_eq!(theirs.unwrap().x_coord, issuer().x);
    }
}
