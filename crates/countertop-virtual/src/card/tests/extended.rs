//! Extended data authentication (EMV Book 2, clause 12).

use countertop_wire::tlv::find;

use super::*;
use crate::card::crypto;

/// What a terminal that has keys on curves answers to the PDOL.
const PDOL_DATA: [u8; 5] = [0x01, 0x56, 0xe0, 0xf8, 0xcc];

/// P1 of GENERATE AC: with a combined, and with an extended, signature.
const COMBINED: u8 = 0x10;
const EXTENDED: u8 = 0x08;

fn profile(curve: Curve) -> CardProfile {
    let keys = CardKeys::default().with_curve(curve);
    let profile = CardProfile::unionpay_debit().with_keys(keys);
    profile.with_data_authentication(DataAuthentication::Extended)
}

fn generate(kind: CryptogramKind, signature: u8, data: &[u8]) -> CommandApdu {
    CommandApdu::new(0x80, 0xae, kind.to_bits() | signature, 0x00).with_data(data).expecting(256)
}

/// Returns the options of a card: interchange profile and file locator.
fn options(card: &mut PaymentCard, pdol_data: &[u8]) -> Vec<u8> {
    expect(card, &select(AID));
    expect(card, &processing_options(pdol_data))[2..].to_vec()
}

/// Returns the data objects of all records that the locator names.
fn records(card: &mut PaymentCard, locator: &[u8]) -> Vec<u8> {
    let (files, _) = locator.as_chunks::<4>();
    let numbers = |[file, first, last, _]: &[u8; 4]| {
        let file = file >> 3;
        (*first..=*last).map(move |number| (file, number))
    };
    let mut objects = Vec::new();
    for (file, number) in files.iter().flat_map(numbers) {
        let record = expect(card, &read_record(file, number));
        let (template, _) = countertop_wire::tlv::Tlv::parse(&record).unwrap();
        objects.extend_from_slice(template.value);
    }
    objects
}

fn object(objects: &[u8], tag: Tag) -> Option<Vec<u8>> {
    find(objects, &[tag]).unwrap().map(<[u8]>::to_vec)
}

/// Takes an answer apart: what is signed, and the signature. Tells the key from the certificate.
fn verifies(curve: Curve, certificate: &[u8], told: &[u8], answer: &[u8]) -> bool {
    let (template, _) = countertop_wire::tlv::Tlv::parse(answer).unwrap();
    let signed = object(template.value, tags::SIGNED_DYNAMIC_APPLICATION_DATA).unwrap();
    // Tag and length before the signature, which is the last data object.
    let head = if signed.len() > 127 { 4 } else { 3 };
    let content = &template.value[..template.value.len() - signed.len() - head];
    let message = [&[0x15][..], told, content].concat();
    let x = &certificate[17 + 32..][..curve.field_length()];
    assert_eq!(signed[0], 0x15);
    crypto::verifies(curve, x, &message, &signed[1..])
}

#[test]
fn the_terminal_says_which_keys_are_used() {
    let mut card = PaymentCard::new(profile(Curve::P256));
    let options = options(&mut card, &PDOL_DATA);
    assert_eq!(options[0] & 0xe1, 0x80, "XDA and nothing else");
    let objects = records(&mut card, &options[2..]);
    assert_eq!(object(&objects, tags::CA_PUBLIC_KEY_INDEX), Some(vec![0xec]));
    assert_eq!(object(&objects, tags::ISSUER_PUBLIC_KEY_CERTIFICATE).unwrap()[0], 0x12);
    for absent in [tags::ISSUER_PUBLIC_KEY_EXPONENT, tags::ICC_PUBLIC_KEY_EXPONENT, tags::DDOL] {
        assert_eq!(object(&objects, absent), None);
    }
    assert_eq!(status(&mut card, &internal_authenticate()), StatusWord::CONDITIONS_NOT_SATISFIED);
}

#[test]
fn a_terminal_without_curves_is_signed_for_with_rsa() {
    let mut card = PaymentCard::new(profile(Curve::P256));
    let options = options(&mut card, &super::PDOL_DATA);
    assert_eq!(options[0] & 0xe1, 0x21, "DDA and CDA");
    let objects = records(&mut card, &options[2..]);
    assert_eq!(object(&objects, tags::CA_PUBLIC_KEY_INDEX), Some(vec![0xe9]));
    let extended = generate(CryptogramKind::Arqc, EXTENDED, &CDOL1_DATA);
    assert_eq!(status(&mut card, &extended), StatusWord::INCORRECT_PARAMETERS);
    let answer = expect(&mut card, &generate(CryptogramKind::Arqc, COMBINED, &CDOL1_DATA));
    assert_eq!(answer[0], 0x77);
}

#[test]
fn by_radio_the_card_has_rsa_keys_alone() {
    let mut card = PaymentCard::new(profile(Curve::P256)).on(Interface::Contactless);
    let information = expect(&mut card, &select(AID));
    assert!(information.windows(3).any(|bytes| bytes == [0x9f, 0x66, 0x04]));
    assert!(card.extended().is_none());
}

#[test]
fn both_cryptograms_are_signed_and_a_decline_too() {
    for curve in [Curve::P256, Curve::P521] {
        let mut card = PaymentCard::new(profile(curve));
        let locator = options(&mut card, &PDOL_DATA)[2..].to_vec();
        let objects = records(&mut card, &locator);
        let certificate = object(&objects, tags::ICC_PUBLIC_KEY_CERTIFICATE).unwrap();
        let answer = expect(&mut card, &generate(CryptogramKind::Arqc, EXTENDED, &CDOL1_DATA));
        let told = [&PDOL_DATA[..], &CDOL1_DATA].concat();
        assert!(verifies(curve, &certificate, &told, &answer), "{curve:?}");
        assert!(!verifies(curve, &certificate, &CDOL1_DATA, &answer), "{curve:?}");
        // Nobody answers for the issuer: the card declines, and signs that.
        let told = cdol2_data(*b"Z3");
        let answer = expect(&mut card, &generate(CryptogramKind::Aac, EXTENDED, &told));
        assert!(answer.windows(4).any(|bytes| bytes == [0x9f, 0x27, 0x01, 0x00]));
        assert!(verifies(curve, &certificate, &told, &answer), "{curve:?}");
    }
}

#[test]
fn each_application_has_a_certificate_of_its_own() {
    let other = ApplicationEntry {
        aid: [&AID[..7], &[0x02]].concat(),
        label: "OTHER".to_owned(),
        priority: 2,
        kernel: 7,
    };
    let mut card = PaymentCard::new(profile(Curve::P256).with_application(other.clone()));
    let mut certificates = [AID.to_vec(), other.aid].map(|aid| {
        expect(&mut card, &select(aid));
        let locator = expect(&mut card, &processing_options(&PDOL_DATA))[4..].to_vec();
        object(&records(&mut card, &locator), tags::ICC_PUBLIC_KEY_CERTIFICATE).unwrap()
    });
    assert_ne!(certificates[0], certificates[1]);
    // The hash of what is certified, and the signature over it.
    certificates.iter_mut().for_each(|certificate| certificate.truncate(17));
    assert_eq!(certificates[0], certificates[1]);
}

#[test]
fn other_signatures_are_refused() {
    let mut card = PaymentCard::new(profile(Curve::P256));
    options(&mut card, &PDOL_DATA);
    for signature in [COMBINED, COMBINED | EXTENDED, 0x04, 0x20] {
        let command = generate(CryptogramKind::Arqc, signature, &CDOL1_DATA);
        assert_eq!(
            status(&mut card, &command),
            StatusWord::INCORRECT_PARAMETERS,
            "{signature:02x}"
        );
    }
    let unsigned = expect(&mut card, &generate(CryptogramKind::Arqc, 0, &CDOL1_DATA));
    assert_eq!(unsigned[0], 0x80);
}

#[test]
fn the_authoritys_keys_are_there_for_each_scheme() {
    let keys = TestCa::ec_capks();
    assert_eq!(keys.len(), 3);
    assert!(keys.iter().all(|key| (key.index, key.suite, key.point.len()) == (0xec, 0x10, 64)));
    let longer = TestCa::ec_capk(keys[0].rid, Curve::P521);
    assert_eq!((longer.index, longer.suite, longer.point.len()), (0xed, 0x11, 132));
    assert_eq!((keys[0].checksum.len(), longer.checksum.len()), (32, 64));
    assert_eq!(format!("{longer:?}"), "EcCaPublicKey(A000000333 ED, suite 11)");
    assert_eq!(format!("{:?}", TestCa::capks()[0]), "CaPublicKey(A000000333 E9, 1408 bits)");
}
