use countertop_wire::tlv::{TlvError, tlvs};

use super::*;

const PAN: &str = "6200000000000005";

/// Returns the request of a card that went online.
fn request() -> Vec<u8> {
    let mut card = card();
    initiate(&mut card);
    let answer = expect(&mut card, &generate_ac(CryptogramKind::Arqc, &CDOL1_DATA));
    let content = &answer[2..];
    TlvWriter::new()
        .put(tags::CRYPTOGRAM_INFORMATION_DATA, &content[..1])
        .put(tags::APPLICATION_TRANSACTION_COUNTER, &content[1..3])
        .put(tags::APPLICATION_CRYPTOGRAM, &content[3..11])
        .put(tags::ISSUER_APPLICATION_DATA, &content[11..])
        .put(tags::APPLICATION_INTERCHANGE_PROFILE, [0x3c, 0x00])
        .put(tags::AMOUNT_AUTHORISED, &CDOL1_DATA[..6])
        .put(tags::AMOUNT_OTHER, &CDOL1_DATA[6..12])
        .put(tags::TERMINAL_COUNTRY_CODE, &CDOL1_DATA[12..14])
        .put(tags::TERMINAL_VERIFICATION_RESULTS, &CDOL1_DATA[14..19])
        .put(tags::TRANSACTION_CURRENCY_CODE, &CDOL1_DATA[19..21])
        .put(tags::TRANSACTION_DATE, &CDOL1_DATA[21..24])
        .put(tags::TRANSACTION_TYPE, &CDOL1_DATA[24..25])
        .put(tags::UNPREDICTABLE_NUMBER, &CDOL1_DATA[25..])
        .finish()
}

/// Returns the request with the value of `tag` changed, or without it.
fn changed(tag: Tag, value: Option<&[u8]>) -> Vec<u8> {
    tlvs(&request())
        .map(Result::unwrap)
        .fold(TlvWriter::new(), |request, tlv| match value {
            _ if tlv.tag != tag => request.put(tlv.tag, tlv.value),
            Some(value) => request.put(tag, value),
            None => request,
        })
        .finish()
}

#[test]
fn accepts_the_cards_cryptogram() {
    let verified = TestIssuer.verify(PAN, 1, &request()).unwrap();
    assert_eq!((verified.kind(), verified.counter()), (CryptogramKind::Arqc, 1));
    assert_eq!(verified.card_verification_results(), [0x03, 0xa0, 0x00, 0x00]);
    let answer = verified.authentication_data(*b"00");
    assert_eq!((answer.len(), &answer[8..]), (10, b"00".as_slice()));
}

#[test]
fn the_card_accepts_the_issuers_answer() {
    let mut card = card();
    go_online(&mut card);
    let verified = TestIssuer.verify(PAN, 1, &request()).unwrap();
    expect(&mut card, &external_authenticate(&verified.authentication_data(*b"00")));
}

#[test]
fn refuses_every_change() {
    for tlv in tlvs(&request()).map(Result::unwrap) {
        let mut other = tlv.value.to_vec();
        *other.last_mut().unwrap() ^= 0x01;
        let result = TestIssuer.verify(PAN, 1, &changed(tlv.tag, Some(&other)));
        // Neither the algorithm at the end of the IAD nor the low bits of the CID are protected.
        let unprotected =
            [tags::ISSUER_APPLICATION_DATA, tags::CRYPTOGRAM_INFORMATION_DATA].contains(&tlv.tag);
        let expected = if unprotected { None } else { Some(IssuerError::WrongCryptogram) };
        assert_eq!(result.err(), expected, "{}", tlv.tag);
    }
}

#[test]
fn refuses_another_card() {
    for (pan, sequence, expected) in [
        ("4111111111111111", 1, IssuerError::WrongCryptogram),
        (PAN, 2, IssuerError::WrongCryptogram),
        ("62000000000000051234", 1, IssuerError::UnknownCard),
        ("unknown", 1, IssuerError::UnknownCard),
    ] {
        assert_eq!(TestIssuer.verify(pan, sequence, &request()).unwrap_err(), expected);
    }
}

#[test]
fn says_what_is_missing() {
    for tlv in tlvs(&request()).map(Result::unwrap) {
        let error = TestIssuer.verify(PAN, 1, &changed(tlv.tag, None)).unwrap_err();
        assert_eq!(error, IssuerError::Missing(tlv.tag));
    }
    let unknown = changed(tags::ISSUER_APPLICATION_DATA, Some(&[6, 1, 0x12, 3, 0xa0, 0, 0]));
    let error = TestIssuer.verify(PAN, 1, &unknown).unwrap_err();
    assert_eq!(error, IssuerError::UnknownVersion(0x12));
}

#[test]
fn every_truncation_is_an_error() {
    let request = request();
    for length in 0..request.len() {
        let error = TestIssuer.verify(PAN, 1, &request[..length]).unwrap_err();
        assert!(
            matches!(
                error,
                IssuerError::Missing(_) | IssuerError::Malformed(TlvError::Truncated { .. })
            ),
            "{length}: {error}"
        );
    }
}

#[test]
fn what_the_terminal_finds_after_the_cryptogram_does_not_spoil_it() {
    let mut card = PaymentCard::new(
        CardProfile::unionpay_debit().with_data_authentication(DataAuthentication::Extended),
    );
    expect(&mut card, &select(AID));
    expect(&mut card, &processing_options(&[0x01, 0x56, 0xe0, 0xf8, 0xcc]));
    let mut told = CDOL1_DATA;
    told[14] = 0x01; // XDA selected.
    let answer = expect(&mut card, &generate_ac(CryptogramKind::Arqc, &told));
    let request = |tvr: [u8; 5]| {
        TlvWriter::new()
            .put(tags::CRYPTOGRAM_INFORMATION_DATA, [answer[2]])
            .put(tags::APPLICATION_TRANSACTION_COUNTER, &answer[3..5])
            .put(tags::APPLICATION_CRYPTOGRAM, &answer[5..13])
            .put(tags::ISSUER_APPLICATION_DATA, &answer[13..])
            .put(tags::AMOUNT_AUTHORISED, &told[..6])
            .put(tags::AMOUNT_OTHER, &told[6..12])
            .put(tags::TERMINAL_COUNTRY_CODE, &told[12..14])
            .put(tags::TERMINAL_VERIFICATION_RESULTS, tvr)
            .put(tags::TRANSACTION_CURRENCY_CODE, &told[19..21])
            .put(tags::TRANSACTION_DATE, &told[21..24])
            .put(tags::TRANSACTION_TYPE, &told[24..25])
            .put(tags::UNPREDICTABLE_NUMBER, &told[25..29])
            .put(tags::APPLICATION_INTERCHANGE_PROFILE, [0x9c, 0x00])
            .finish()
    };
    let pan = "6200000000000005";
    let before: [u8; 5] = told[14..19].try_into().unwrap();
    for (byte, bits) in [(4, 0x00), (3, 0x01), (4, 0x02)] {
        let mut later = before;
        later[byte] |= bits;
        assert!(TestIssuer.verify(pan, 1, &request(later)).is_ok(), "{later:02x?}");
    }
    for (byte, bits) in [(3, 0x02), (4, 0x04), (0, 0x80)] {
        let mut other = before;
        other[byte] |= bits;
        let refused = TestIssuer.verify(pan, 1, &request(other)).unwrap_err();
        assert_eq!(refused, IssuerError::WrongCryptogram, "{other:02x?}");
    }
}
