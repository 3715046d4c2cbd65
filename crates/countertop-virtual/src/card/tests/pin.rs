use super::*;
use crate::card::crypto::PrivateKey;

const RIGHT: [u8; 8] = [0x26, 0x12, 0x34, 0x56, 0xff, 0xff, 0xff, 0xff];
const WRONG: [u8; 8] = [0x26, 0x65, 0x43, 0x21, 0xff, 0xff, 0xff, 0xff];

/// Enciphers as a terminal does (EMV Book 2, clause 7.2).
fn encipher(header: u8, block: &[u8; 8], challenge: &[u8]) -> Vec<u8> {
    let mut plain = [&[header], &block[..], challenge].concat();
    plain.resize(PrivateKey::icc().len(), 0x5a);
    emv::core::iso9796_2::rsa_recover(&plain, &[3], &PrivateKey::icc().modulus()).unwrap()
}

fn verify_enciphered(data: impl Into<Vec<u8>>) -> CommandApdu {
    CommandApdu::new(0x00, 0x20, 0x00, 0x88).with_data(data)
}

fn started() -> PaymentCard {
    let mut card = card();
    initiate(&mut card);
    card
}

#[test]
fn counts_down_and_blocks() {
    let mut card = started();
    for left in [2, 1, 0] {
        assert_eq!(status(&mut card, &verify(&WRONG)), StatusWord::verification_failed(left));
        assert_eq!(expect(&mut card, &get_data(tags::PIN_TRY_COUNTER)), [0x9f, 0x17, 0x01, left]);
    }
    assert_eq!(status(&mut card, &verify(&RIGHT)), StatusWord::AUTHENTICATION_METHOD_BLOCKED);
    card.reset();
    initiate(&mut card);
    assert_eq!(status(&mut card, &verify(&RIGHT)), StatusWord::AUTHENTICATION_METHOD_BLOCKED);
}

#[test]
fn the_right_pin_gives_the_tries_back() {
    let mut card = started();
    assert_eq!(status(&mut card, &verify(&WRONG)), StatusWord::verification_failed(2));
    expect(&mut card, &verify(&RIGHT));
    assert_eq!(card.pin_tries(), 3);
}

#[test]
fn a_block_of_another_form_costs_no_try() {
    let mut card = started();
    let other = [0x06, 0x12, 0x34, 0x56, 0xff, 0xff, 0xff, 0xff];
    assert_eq!(status(&mut card, &verify(&other)), StatusWord::WRONG_DATA);
    assert_eq!(card.pin_tries(), 3);
}

#[test]
fn an_enciphered_pin_needs_its_challenge() {
    let mut card = started();
    let challenge = expect(&mut card, &get_challenge());
    assert_eq!(challenge.len(), 8);
    expect(&mut card, &verify_enciphered(encipher(0x7f, &RIGHT, &challenge)));
    // Once used, or after another command, the challenge is gone.
    let again = verify_enciphered(encipher(0x7f, &RIGHT, &challenge));
    assert_eq!(status(&mut card, &again), StatusWord::CONDITIONS_NOT_SATISFIED);
    let challenge = expect(&mut card, &get_challenge());
    expect(&mut card, &get_data(tags::PIN_TRY_COUNTER));
    let late = verify_enciphered(encipher(0x7f, &RIGHT, &challenge));
    assert_eq!(status(&mut card, &late), StatusWord::CONDITIONS_NOT_SATISFIED);
    assert_eq!(card.pin_tries(), 3);
}

#[test]
fn challenges_do_not_repeat() {
    let mut card = started();
    let first = expect(&mut card, &get_challenge());
    card.reset();
    initiate(&mut card);
    assert_ne!(expect(&mut card, &get_challenge()), first);
}

#[test]
fn a_wrong_enciphered_pin_costs_a_try() {
    type Make = fn(&[u8]) -> Vec<u8>;
    let wrong: [Make; 4] = [
        |challenge| encipher(0x7f, &WRONG, challenge),
        |challenge| encipher(0x7e, &RIGHT, challenge),
        |_| encipher(0x7f, &RIGHT, &[0; 8]),
        |_| vec![0x00; 128],
    ];
    for make in wrong {
        let mut card = started();
        let challenge = expect(&mut card, &get_challenge());
        let command = verify_enciphered(make(&challenge));
        assert_eq!(status(&mut card, &command), StatusWord::verification_failed(2));
    }
}

#[test]
fn an_enciphered_pin_is_as_long_as_the_key() {
    let mut card = started();
    for length in [8, 127, 129] {
        expect(&mut card, &get_challenge());
        let command = verify_enciphered(vec![0; length]);
        assert_eq!(status(&mut card, &command), StatusWord::WRONG_LENGTH);
    }
}

#[test]
fn a_card_without_pin_has_no_counter() {
    let mut card = PaymentCard::new(CardProfile::unionpay_debit().with_pin(None, 3));
    initiate(&mut card);
    assert_eq!(status(&mut card, &verify(&RIGHT)), StatusWord::FUNCTION_NOT_SUPPORTED);
    let counter = get_data(tags::PIN_TRY_COUNTER);
    assert_eq!(status(&mut card, &counter), StatusWord::REFERENCED_DATA_NOT_FOUND);
}

#[test]
fn the_results_tell_the_issuer() {
    let mut card = started();
    let _ = status(&mut card, &verify(&WRONG));
    let answer = expect(&mut card, &generate_ac(CryptogramKind::Arqc, &CDOL1_DATA));
    // 80 12, CID, ATC, AC, then 07 01 01 03 and byte 2: ARQC, PIN checked, PIN failed.
    assert_eq!(answer[17], 0x80 | 0x20 | 0x04 | 0x02);
}
