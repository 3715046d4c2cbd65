//! Cards that generate their cryptogram by radio: Mastercard's EMV mode and RECOVER AC.

use countertop_wire::tlv::find;

use super::*;

const AID: [u8; 7] = [0xa0, 0, 0, 0, 0x04, 0x10, 0x10];
/// The terminal's country and type.
const PDOL_DATA: [u8; 3] = [0x01, 0x56, 0x22];
const NUMBER: [u8; 4] = [0xde, 0xad, 0xbe, 0xef];
/// P1 of GENERATE AC: an ARQC with a signature.
const SIGNED_ARQC: u8 = 0x90;

fn card(change: impl FnOnce(CardProfile) -> CardProfile) -> PaymentCard {
    PaymentCard::new(change(CardProfile::mastercard())).on(Interface::Contactless)
}

fn generate(p1: u8) -> CommandApdu {
    CommandApdu::new(0x80, 0xae, p1, 0x00).with_data(CDOL1_DATA).expecting(256)
}

fn recover(number: [u8; 4]) -> CommandApdu {
    CommandApdu::new(0x80, 0xd0, 0x00, 0x00).with_data(number).expecting(256)
}

fn start(card: &mut PaymentCard) -> Vec<u8> {
    expect(card, &select(AID));
    expect(card, &processing_options(&PDOL_DATA))
}

#[test]
fn answers_like_by_contact_in_emv_mode() {
    let mut card = card(|card| card);
    let options = start(&mut card);
    let values = find(&options, &[tags::RESPONSE_TEMPLATE_FORMAT_1]).unwrap().unwrap();
    assert_eq!(values, [0x3d, 0x80, 3 << 3, 1, 4, 1]);
    let answer = expect(&mut card, &generate(SIGNED_ARQC));
    let path = [tags::RESPONSE_TEMPLATE_FORMAT_2, tags::SIGNED_DYNAMIC_APPLICATION_DATA];
    assert!(find(&answer, &path).unwrap().is_some());
    assert_eq!(status(&mut card, &generate(0x40)), StatusWord::CONDITIONS_NOT_SATISFIED);
}

#[test]
fn a_device_says_so_in_the_interchange_profile() {
    let mut card = card(|card| card.with_radio(|radio| radio.consumer_device = true));
    assert_eq!(start(&mut card)[2..4], [0x3f, 0x80]);
}

#[test]
fn the_last_answer_can_be_recovered_with_its_number() {
    let mut card = card(|card| card);
    start(&mut card);
    assert_eq!(status(&mut card, &recover(NUMBER)), StatusWord::CONDITIONS_NOT_SATISFIED);
    let answer = expect(&mut card, &generate(SIGNED_ARQC));
    card.reset();
    start(&mut card);
    assert_eq!(status(&mut card, &recover([0; 4])), StatusWord::CONDITIONS_NOT_SATISFIED);
    assert_eq!(expect(&mut card, &recover(NUMBER)), answer);
    assert_eq!(status(&mut card, &recover(NUMBER)), StatusWord::CONDITIONS_NOT_SATISFIED);
    assert_eq!(card.transaction_counter(), 2);
}

#[test]
fn without_a_list_there_is_no_recovery() {
    let mut card = card(|card| card.with_radio(|radio| radio.recovers = false));
    start(&mut card);
    assert_eq!(status(&mut card, &recover(NUMBER)), StatusWord::INSTRUCTION_NOT_SUPPORTED);
}

#[test]
fn a_torn_card_has_carried_the_command_out_and_comes_back() {
    let mut card = card(|card| card.with_fault(Fault::TornAt(3)));
    start(&mut card);
    assert!(card.transmit(&generate(SIGNED_ARQC).to_bytes()).is_empty());
    assert!(!card.is_present());
    assert!(card.transmit(&generate(SIGNED_ARQC).to_bytes()).is_empty(), "away");
    card.reset();
    assert!(card.is_present());
    start(&mut card);
    assert!(!expect(&mut card, &recover(NUMBER)).is_empty());
}

#[test]
fn a_device_needs_no_other_verification() {
    let profile = CardProfile::visa().with_radio(|radio| radio.consumer_device = true);
    let mut card = PaymentCard::new(profile).on(Interface::Contactless);
    expect(&mut card, &select([0xa0, 0x00, 0x00, 0x00, 0x03, 0x10, 0x10]));
    // Online PIN and signature supported, verification required.
    let data = [&[0x26, 0xc0, 0x00, 0x00][..], &CDOL1_DATA].concat();
    let answer = expect(&mut card, &processing_options(&data));
    let path = [tags::RESPONSE_TEMPLATE_FORMAT_2, tags::CARD_TRANSACTION_QUALIFIERS];
    assert_eq!(find(&answer, &path).unwrap(), Some(&[0x00, 0x80][..]));
}
