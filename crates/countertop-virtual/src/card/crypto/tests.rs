use super::triple_des::mac;
use super::*;

fn key(hex: u128) -> Key {
    Key::new(hex.to_be_bytes())
}

/// A published UnionPay transaction with its keys: PAN …6228000100001, sequence 01, counter 0240.
const UNIONPAY_DATA: [u8; 37] = [
    0x00, 0x00, 0x00, 0x00, 0x00, 0x01, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x01, 0x56, 0x00, 0x80,
    0x04, 0x60, 0x00, 0x01, 0x56, 0x14, 0x07, 0x01, 0x00, 0x1e, 0x78, 0xee, 0xbc, 0x7d, 0x00, 0x02,
    0x40, 0x03, 0xa0, 0x40, 0x02,
];
const UNIONPAY_ARQC: [u8; 8] = [0x5d, 0x01, 0x6c, 0x91, 0x00, 0x5e, 0x7c, 0xc2];
const UNIONPAY_ARPC: [u8; 8] = [0x21, 0x41, 0x52, 0x43, 0x52, 0x7c, 0xe7, 0x8f];

#[test]
fn unionpay_vector() {
    let issuer = key(0xf0c3_4a81_24ce_e0a9_1a0b_034a_a97d_6eac);
    let card = icc_master_key(&issuer, "6228000100001", 1).unwrap();
    let version = CryptogramVersion::UnionPay01;
    let arqc = application_cryptogram(version, &card, 0x0240, UNIONPAY_DATA.to_vec());
    assert_eq!(arqc, UNIONPAY_ARQC);
    let arpc = authorisation_response_cryptogram(version, &card, 0x0240, arqc, *b"01");
    assert_eq!(arpc, UNIONPAY_ARPC);
}

#[test]
fn icc_master_key_agrees_with_a_stranger() {
    let issuer = key(0x0123_4567_89ab_cdef_fedc_ba98_7654_3210);
    for (pan, bcd) in [
        ("6200000000000005", &[0x62, 0, 0, 0, 0, 0, 0, 0x05][..]),
        ("4111111111111111", &[0x41, 0x11, 0x11, 0x11, 0x11, 0x11, 0x11, 0x11]),
    ] {
        let theirs =
            emv::core::master_key_derivation::derive_master_key_option_a(&issuer, bcd, Some(1));
        // They adjust the parity bits, which DES ignores.
        let theirs = theirs.unwrap().map(|byte| byte & 0xfe);
        let ours = icc_master_key(&issuer, pan, 1).unwrap().map(|byte| byte & 0xfe);
        assert_eq!(ours, theirs);
    }
}

#[test]
fn icc_master_key_refuses_other_card_numbers() {
    let issuer = key(1);
    assert!(icc_master_key(&issuer, "62000000000000051", 1).is_none());
    assert!(icc_master_key(&issuer, "62000000000000o5", 1).is_none());
    assert!(icc_master_key(&issuer, "6200000000000005", 100).is_none());
    assert!(icc_master_key(&issuer, "", 0).is_some());
}

#[test]
fn macs_agree_with_a_stranger() {
    let session = key(0x0123_4567_89ab_cdef_fedc_ba98_7654_3210);
    for length in 0..40 {
        let data = vec![0x5a; length];
        let theirs = emv::core::secure_messaging::retail_mac(&session, &data);
        assert_eq!(mac(&session, &[&data[..], &[0x80]].concat()), theirs);
    }
}

#[test]
fn visa_uses_the_card_key_itself() {
    let card = key(0x0123_4567_89ab_cdef_fedc_ba98_7654_3210);
    let version = CryptogramVersion::Visa10;
    let cryptogram = application_cryptogram(version, &card, 7, UNIONPAY_DATA.to_vec());
    let mut padded = UNIONPAY_DATA.to_vec();
    padded.resize(40, 0);
    assert_eq!(cryptogram, emv::core::secure_messaging::retail_mac_no_pad(&card, &padded).unwrap());
    let arpc = authorisation_response_cryptogram(version, &card, 7, cryptogram, *b"00");
    assert_eq!(arpc, emv::core::issuer_authentication::arpc_method1(cryptogram, *b"00", &card));
}

#[test]
fn cryptogram_versions_have_their_numbers() {
    for version in [CryptogramVersion::UnionPay01, CryptogramVersion::Visa10] {
        assert_eq!(CryptogramVersion::from_number(version.number()), Some(version));
    }
    assert_eq!(CryptogramVersion::from_number(0x12), None);
}

#[test]
fn a_signature_gives_its_message_back() {
    let icc = PrivateKey::icc();
    let signature = icc.sign(&[0x05, 0x01, 0x00], b"rest");
    let message =
        emv::core::iso9796_2::verify(&signature, &icc.public_exponent(), &icc.modulus(), b"rest")
            .unwrap();
    assert_eq!(message.len(), 128 - 22);
    assert_eq!(message[..4], [0x05, 0x01, 0x00, 0xbb]);
    assert!(emv::core::iso9796_2::verify(&signature, &[3], &icc.modulus(), b"Rest").is_err());
}

#[test]
fn a_key_that_fits_has_no_remainder() {
    let authority = PrivateKey::certification_authority();
    let validity = Validity { expiry: [0x12, 0x30], serial: [0, 0, 1] };
    let fits = issuer_certificate(&authority, &PrivateKey::icc(), "620000", validity);
    assert_eq!((fits.certificate.len(), fits.remainder), (176, None));
    let remains = issuer_certificate(&authority, &PrivateKey::issuer(), "620000", validity);
    assert_eq!(remains.remainder.map(|digits| digits.len()), Some(144 - 140));
}

#[test]
fn debug_withholds_keys() {
    assert_eq!(format!("{:?}", PrivateKey::icc()), "PrivateKey(1024 bits)");
}
