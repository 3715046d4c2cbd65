//! The contactless transaction, its signature judged by the crate `emv`.

use countertop_wire::tlv::find;
use emv::core::oda;

use super::recovered::icc_key;
use super::*;

/// Qualifiers: chip, online PIN and signature; nothing asked for.
const QUALIFIERS: [u8; 4] = [0x26, 0x00, 0x00, 0x00];

fn in_the_field(profile: CardProfile) -> PaymentCard {
    PaymentCard::new(profile).on(Interface::Contactless)
}

fn pdol_data(qualifiers: [u8; 4]) -> Vec<u8> {
    [&qualifiers[..], &CDOL1_DATA].concat()
}

/// Taps the card and returns the content of the answer.
fn tap(card: &mut PaymentCard, qualifiers: [u8; 4]) -> Vec<u8> {
    expect(card, &select(AID));
    let answer = expect(card, &processing_options(&pdol_data(qualifiers)));
    find(&answer, &[tags::RESPONSE_TEMPLATE_FORMAT_2]).unwrap().unwrap().to_vec()
}

fn value(answer: &[u8], tag: Tag) -> Option<Vec<u8>> {
    find(answer, &[tag]).unwrap().map(<[u8]>::to_vec)
}

fn value_of_last(records: &[Vec<u8>], tag: Tag) -> Option<Vec<u8>> {
    find(records.last()?, &[tags::READ_RECORD_TEMPLATE, tag]).unwrap().map(<[u8]>::to_vec)
}

fn kind(answer: &[u8]) -> CryptogramKind {
    let information = value(answer, tags::CRYPTOGRAM_INFORMATION_DATA).unwrap();
    CryptogramKind::from_bits(information[0]).unwrap()
}

#[test]
fn goes_online_with_a_cryptogram_that_the_issuer_accepts() {
    let mut card = in_the_field(CardProfile::unionpay_debit());
    let answer = tap(&mut card, QUALIFIERS);
    assert_eq!(kind(&answer), CryptogramKind::Arqc);
    assert_eq!(value(&answer, tags::APPLICATION_FILE_LOCATOR), None);
    let track = value(&answer, tags::TRACK_2_EQUIVALENT_DATA).unwrap();
    assert_eq!(track[..8], [0x62, 0, 0, 0, 0, 0, 0, 0x05]);
    let request = TlvWriter::new()
        .raw(&answer)
        .put(tags::AMOUNT_AUTHORISED, &CDOL1_DATA[..6])
        .put(tags::AMOUNT_OTHER, &CDOL1_DATA[6..12])
        .put(tags::TERMINAL_COUNTRY_CODE, &CDOL1_DATA[12..14])
        .put(tags::TERMINAL_VERIFICATION_RESULTS, &CDOL1_DATA[14..19])
        .put(tags::TRANSACTION_CURRENCY_CODE, &CDOL1_DATA[19..21])
        .put(tags::TRANSACTION_DATE, &CDOL1_DATA[21..24])
        .put(tags::TRANSACTION_TYPE, &CDOL1_DATA[24..25])
        .put(tags::UNPREDICTABLE_NUMBER, &CDOL1_DATA[25..])
        .finish();
    let verified = TestIssuer.verify("6200000000000005", 1, &request).unwrap();
    assert_eq!(verified.counter(), 1);
}

#[test]
fn decides_by_the_qualifiers() {
    use CryptogramKind::{Aac, Arqc, Tc};
    let within = CardProfile::unionpay_debit().with_offline_limits(0, 20_000);
    let above = CardProfile::unionpay_debit().with_offline_limits(0, 10_000);
    for (profile, byte1, byte2, expected, asked) in [
        (&within, 0x26, 0x00, Tc, 0x00),
        (&within, 0x26, 0x80, Arqc, 0x00), // online cryptogram required
        (&within, 0x26, 0x40, Arqc, 0x80), // verification required: online PIN
        (&within, 0x22, 0x40, Tc, 0x40),   // signature
        (&within, 0x20, 0x40, Aac, 0x00),  // no common method
        (&above, 0x26, 0x00, Arqc, 0x00),
        (&above, 0x2e, 0x00, Aac, 0x00), // offline-only terminal
        (&above, 0x2e, 0x40, Aac, 0x80),
    ] {
        let mut card = in_the_field(profile.clone());
        let answer = tap(&mut card, [byte1, byte2, 0x00, 0x00]);
        assert_eq!(kind(&answer), expected, "{byte1:02X} {byte2:02X}");
        let qualifiers = value(&answer, tags::CARD_TRANSACTION_QUALIFIERS).unwrap();
        assert_eq!(qualifiers, [asked, 0x00], "{byte1:02X} {byte2:02X}");
    }
}

#[test]
fn a_terminal_without_chip_support_is_refused() {
    let mut card = in_the_field(CardProfile::unionpay_debit());
    expect(&mut card, &select(AID));
    let command = processing_options(&pdol_data([0x80, 0x00, 0x00, 0x00]));
    assert_eq!(status(&mut card, &command), StatusWord::CONDITIONS_NOT_SATISFIED);
}

#[test]
fn there_is_no_second_cryptogram_by_radio() {
    let mut card = in_the_field(CardProfile::unionpay_debit());
    tap(&mut card, QUALIFIERS);
    let command = generate_ac(CryptogramKind::Tc, &cdol2_data(*b"00"));
    assert_eq!(status(&mut card, &command), StatusWord::CONDITIONS_NOT_SATISFIED);
}

#[test]
fn the_fast_signature_convinces_a_stranger() {
    let long_keys = CardProfile::unionpay_debit().with_keys(CardKeys::new(1984, 1976, 1976));
    for (profile, qualifiers, last) in [
        (CardProfile::unionpay_debit().with_offline_limits(0, 20_000), QUALIFIERS, 3),
        // Online, and the terminal authenticates online transactions too.
        (CardProfile::unionpay_debit(), [0x27, 0x80, 0x00, 0x00], 3),
        // Certificates take records of their own, and the signature does not fit in the answer.
        (long_keys, [0x27, 0x00, 0x00, 0x00], 7),
    ] {
        let mut card = in_the_field(profile);
        let answer = tap(&mut card, qualifiers);
        let locator = value(&answer, tags::APPLICATION_FILE_LOCATOR).unwrap();
        assert_eq!(locator, [3 << 3, 1, last, 1]);
        let records: Vec<_> =
            (1..=last).map(|number| expect(&mut card, &read_record(3, number))).collect();
        let signed = find(&records[0], &[tags::READ_RECORD_TEMPLATE]).unwrap().unwrap();
        let interchange = value(&answer, tags::APPLICATION_INTERCHANGE_PROFILE).unwrap();
        let icc = icc_key(&card, &records, &[signed, &interchange].concat());
        let related = value(&answer, tags::CARD_AUTHENTICATION_RELATED_DATA).unwrap();
        assert_eq!(related.len(), 7);
        let dynamic = [&CDOL1_DATA[25..], &CDOL1_DATA[..6], &CDOL1_DATA[19..21], &related].concat();
        let signature = value(&answer, tags::SIGNED_DYNAMIC_APPLICATION_DATA)
            .or_else(|| value_of_last(&records, tags::SIGNED_DYNAMIC_APPLICATION_DATA))
            .unwrap();
        let number = oda::verify_dda(&icc, &signature, &dynamic).unwrap();
        assert_eq!(number, [0x00, 0x01], "the transaction counter");
    }
}

#[test]
fn one_counter_for_both_interfaces() {
    let mut card = in_the_field(CardProfile::unionpay_debit());
    tap(&mut card, QUALIFIERS);
    let mut card = card.on(Interface::Contact);
    initiate(&mut card);
    assert_eq!(card.transaction_counter(), 2);
}

#[test]
fn answers_fit_into_a_short_apdu() {
    let mut card = in_the_field(CardProfile::visa().with_offline_limits(0, 20_000));
    expect(&mut card, &select([0xa0, 0x00, 0x00, 0x00, 0x03, 0x10, 0x10]));
    let answer = expect(&mut card, &processing_options(&pdol_data(QUALIFIERS)));
    assert!(answer.len() <= 256, "{}", answer.len());
}
