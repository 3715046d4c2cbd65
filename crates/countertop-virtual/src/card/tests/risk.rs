//! The card's own risk management, and what it tells of its counters.

use super::*;

const ARQC: u8 = 0x80;
const TC: u8 = 0x40;
const AAC: u8 = 0x00;

fn offline() -> CardProfile {
    CardProfile::unionpay_debit().with_offline_limits(u64::MAX, 0)
}

/// Starts a transaction and returns the information of the cryptogram for a TC.
fn approve(card: &mut PaymentCard) -> u8 {
    initiate(card);
    expect(card, &generate_ac(CryptogramKind::Tc, &CDOL1_DATA))[2]
}

#[test]
fn goes_online_after_so_many_offline() {
    let mut card = PaymentCard::new(offline().with_risk(|risk| risk.consecutive_limit = Some(2)));
    assert_eq!([(); 3].map(|()| approve(&mut card)), [TC, TC, ARQC]);
    // Unless the issuer has spoken, it stays so.
    assert_eq!(approve(&mut card), ARQC);
    let cryptogram = go_online(&mut card);
    let answer = crypto::authorisation_response_cryptogram(
        CryptogramVersion::UnionPay01,
        &card.memory.master_key,
        card.transaction_counter(),
        cryptogram,
        *b"00",
    );
    expect(&mut card, &external_authenticate(&[&answer[..], b"00"].concat()));
    expect(&mut card, &generate_ac(CryptogramKind::Tc, &cdol2_data(*b"00")));
    assert_eq!(approve(&mut card), TC);
}

#[test]
fn goes_online_every_so_often_and_declines_what_is_too_much() {
    let mut card = PaymentCard::new(offline().with_risk(|risk| risk.online_every = Some(3)));
    assert_eq!([(); 6].map(|()| approve(&mut card)), [TC, TC, ARQC, TC, TC, ARQC]);
    for (limit, expected) in [(12_344, AAC), (12_345, TC)] {
        let profile = offline().with_risk(|risk| risk.decline_above = Some(limit));
        assert_eq!(approve(&mut PaymentCard::new(profile)), expected);
    }
}

#[test]
fn counters_begin_where_they_are_told_to() {
    let profile = offline().with_risk(|risk| {
        risk.transactions = 41;
        risk.last_online = 40;
    });
    let mut card = PaymentCard::new(profile);
    initiate(&mut card);
    let counter = get_data(tags::APPLICATION_TRANSACTION_COUNTER);
    assert_eq!(expect(&mut card, &counter), [0x9f, 0x36, 0x02, 0x00, 42]);
    let register = get_data(tags::LAST_ONLINE_ATC_REGISTER);
    assert_eq!(expect(&mut card, &register), [0x9f, 0x13, 0x02, 0x00, 40]);
    let mut card = PaymentCard::new(offline().with_risk(|risk| risk.hides_counters = true));
    initiate(&mut card);
    for command in [counter, register] {
        assert_eq!(status(&mut card, &command), StatusWord::REFERENCED_DATA_NOT_FOUND);
    }
}

#[test]
fn more_than_was_asked_for_or_of_no_known_kind() {
    for (fault, asked, information) in [
        (Fault::Overreaching, CryptogramKind::Aac, TC),
        (Fault::ReservedCryptogram, CryptogramKind::Arqc, 0xc0),
        (Fault::ServiceNotAllowed, CryptogramKind::Aac, 0x01),
        (Fault::ServiceNotAllowed, CryptogramKind::Arqc, ARQC),
    ] {
        let mut card = PaymentCard::new(CardProfile::unionpay_debit().with_fault(fault));
        initiate(&mut card);
        let answer = expect(&mut card, &generate_ac(asked, &CDOL1_DATA));
        assert_eq!(answer[2], information, "{fault:?}");
    }
}
