//! Decisions, counters and the log.

use super::*;

const DECLINED: u8 = 0x00;
const APPROVED: u8 = 0x40;

/// Returns the response cryptogram with its code, as the issuer makes it.
fn issuer_answer(card: &PaymentCard, cryptogram: [u8; 8], code: [u8; 2]) -> Vec<u8> {
    let arpc = crypto::authorisation_response_cryptogram(
        CryptogramVersion::UnionPay01,
        &card.memory.master_key,
        card.transaction_counter(),
        cryptogram,
        code,
    );
    [&arpc[..], &code].concat()
}

fn second(card: &mut PaymentCard, kind: CryptogramKind, code: [u8; 2]) -> u8 {
    expect(card, &generate_ac(kind, &cdol2_data(code)))[2]
}

#[test]
fn the_issuers_answer_is_taken_once() {
    let mut card = card();
    let cryptogram = go_online(&mut card);
    let answer = issuer_answer(&card, cryptogram, *b"00");
    expect(&mut card, &external_authenticate(&answer));
    let again = status(&mut card, &external_authenticate(&answer));
    assert_eq!(again, StatusWord::CONDITIONS_NOT_SATISFIED);
    assert_eq!(second(&mut card, CryptogramKind::Tc, *b"00"), APPROVED);
    let register = expect(&mut card, &get_data(tags::LAST_ONLINE_ATC_REGISTER));
    assert_eq!(register, [0x9f, 0x13, 0x02, 0x00, 0x01]);
}

#[test]
fn a_wrong_answer_declines() {
    for length in [8, 10, 16] {
        let mut card = card();
        go_online(&mut card);
        let refused = status(&mut card, &external_authenticate(&vec![0x55; length]));
        assert_eq!(refused, StatusWord::AUTHENTICATION_FAILED);
        assert_eq!(second(&mut card, CryptogramKind::Tc, *b"00"), DECLINED);
    }
    let mut card = card();
    go_online(&mut card);
    for length in [1, 7, 17] {
        let refused = status(&mut card, &external_authenticate(&vec![0x55; length]));
        assert_eq!(refused, StatusWord::WRONG_LENGTH);
    }
}

#[test]
fn an_answer_is_bound_to_its_code() {
    let mut card = card();
    let cryptogram = go_online(&mut card);
    let mut answer = issuer_answer(&card, cryptogram, *b"51");
    answer[8..].copy_from_slice(b"00");
    let refused = status(&mut card, &external_authenticate(&answer));
    assert_eq!(refused, StatusWord::AUTHENTICATION_FAILED);
}

#[test]
fn without_an_answer_the_profile_decides() {
    let mut lenient = card();
    go_online(&mut lenient);
    assert_eq!(second(&mut lenient, CryptogramKind::Tc, *b"00"), APPROVED);
    let mut strict =
        PaymentCard::new(CardProfile::unionpay_debit().with_mandatory_issuer_authentication());
    go_online(&mut strict);
    assert_eq!(second(&mut strict, CryptogramKind::Tc, *b"00"), DECLINED);
}

#[test]
fn a_terminal_that_could_not_go_online_gets_the_cards_limit() {
    for (limit, expected) in [(12_344, DECLINED), (12_345, APPROVED)] {
        for code in [*b"Y3", *b"Z3", [0, 0]] {
            let profile = CardProfile::unionpay_debit().with_offline_limits(limit, 0);
            let mut card = PaymentCard::new(profile);
            go_online(&mut card);
            assert_eq!(second(&mut card, CryptogramKind::Tc, code), expected, "{limit}");
        }
    }
}

#[test]
fn a_terminal_can_always_decline() {
    let mut card = card();
    let cryptogram = go_online(&mut card);
    let answer = issuer_answer(&card, cryptogram, *b"00");
    expect(&mut card, &external_authenticate(&answer));
    assert_eq!(second(&mut card, CryptogramKind::Aac, *b"00"), DECLINED);
}

#[test]
fn above_its_limit_the_card_wants_to_go_online() {
    for (limit, expected) in [(12_344, 0x80), (12_345, APPROVED)] {
        let profile = CardProfile::unionpay_debit().with_offline_limits(limit, 0);
        let mut card = PaymentCard::new(profile);
        initiate(&mut card);
        let answer = expect(&mut card, &generate_ac(CryptogramKind::Tc, &CDOL1_DATA));
        assert_eq!(answer[2], expected);
    }
}

#[test]
fn a_card_without_keys_authenticates_nothing() {
    let profile = CardProfile::unionpay_debit().with_data_authentication(DataAuthentication::None);
    let mut card = PaymentCard::new(profile);
    initiate(&mut card);
    let refused = status(&mut card, &internal_authenticate());
    assert_eq!(refused, StatusWord::CONDITIONS_NOT_SATISFIED);
    assert_eq!(status(&mut card, &read_record(2, 2)), StatusWord::RECORD_NOT_FOUND);
    expect(&mut card, &generate_ac(CryptogramKind::Arqc, &CDOL1_DATA));
}

#[test]
fn the_counter_ends_the_card() {
    let mut card = card();
    card.counters.transactions = u16::MAX - 1;
    initiate(&mut card);
    assert_eq!(card.transaction_counter(), u16::MAX);
    expect(&mut card, &select(AID));
    let refused = status(&mut card, &processing_options(&PDOL_DATA));
    assert_eq!(refused, StatusWord::CONDITIONS_NOT_SATISFIED);
}

#[test]
fn approved_transactions_are_logged_newest_first() {
    let profile = CardProfile::unionpay_debit().with_offline_limits(u64::MAX, 0);
    let mut card = PaymentCard::new(profile);
    for _ in 0..12 {
        initiate(&mut card);
        expect(&mut card, &generate_ac(CryptogramKind::Tc, &CDOL1_DATA));
    }
    initiate(&mut card);
    expect(&mut card, &generate_ac(CryptogramKind::Aac, &CDOL1_DATA));
    card.reset();
    expect(&mut card, &select(AID));
    let format = expect(&mut card, &get_data(tags::LOG_FORMAT));
    let format = countertop_wire::tlv::Dol::parse(&format[3..]).unwrap();
    for (number, counter) in [(1, 12), (10, 3)] {
        let record = expect(&mut card, &read_record(11, number));
        let values = format.split(&record).unwrap();
        assert_eq!(values[1], (tags::AMOUNT_AUTHORISED, &CDOL1_DATA[..6]));
        assert_eq!(values[6], (tags::APPLICATION_TRANSACTION_COUNTER, [0, counter].as_slice()));
    }
    assert_eq!(status(&mut card, &read_record(11, 11)), StatusWord::RECORD_NOT_FOUND);
}

#[test]
fn the_checksum_of_the_authority_is_over_its_key() {
    for key in TestCa::capks() {
        use sha1::Digest as _;
        let data = [&key.rid[..], &[key.index], &key.modulus, &key.exponent].concat();
        assert_eq!(<[u8; 20]>::from(sha1::Sha1::digest(data)), key.checksum);
        assert_eq!(key.modulus.len(), 176);
    }
    assert_eq!(TestCa::capks().len(), 3);
}

#[test]
fn debug_withholds_what_is_on_the_card() {
    let card = card();
    let shown = format!("{card:?} {:?} {:?}", card.profile(), TestCa::capks());
    assert!(!shown.contains("6200000000000005") && !shown.contains("123456"), "{shown}");
}
