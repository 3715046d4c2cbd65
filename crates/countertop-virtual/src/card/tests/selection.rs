use countertop_wire::tlv::{find, find_anywhere};

use super::*;

fn two_applications() -> PaymentCard {
    let credit = ApplicationEntry {
        aid: [&AID[..7], &[0x02]].concat(),
        label: "UnionPay Credit".to_owned(),
        priority: 2,
        kernel: 7,
    };
    PaymentCard::new(CardProfile::unionpay_debit().with_application(credit))
}

fn name(information: &[u8]) -> Vec<u8> {
    let path = [tags::FCI_TEMPLATE, tags::DEDICATED_FILE_NAME];
    find(information, &path).unwrap().unwrap().to_vec()
}

#[test]
fn the_directory_lists_every_application() {
    let mut card = two_applications();
    let information = expect(&mut card, &select(*b"1PAY.SYS.DDF01"));
    assert_eq!(name(&information), b"1PAY.SYS.DDF01");
    for (number, last) in [(1, 0x01), (2, 0x02)] {
        let record = expect(&mut card, &read_record(1, number));
        let aid = find_anywhere(&record, tags::APPLICATION_IDENTIFIER).unwrap().unwrap();
        assert_eq!(aid.last(), Some(&last));
    }
    assert_eq!(status(&mut card, &read_record(1, 3)), StatusWord::RECORD_NOT_FOUND);
    assert_eq!(status(&mut card, &read_record(2, 1)), StatusWord::FILE_NOT_FOUND);
}

#[test]
fn the_proximity_directory_is_in_the_field_only() {
    let mut card = two_applications();
    assert_eq!(status(&mut card, &select(*b"2PAY.SYS.DDF01")), StatusWord::FILE_NOT_FOUND);
    let mut card = card.on(Interface::Contactless);
    assert_eq!(status(&mut card, &select(*b"1PAY.SYS.DDF01")), StatusWord::FILE_NOT_FOUND);
    let information = expect(&mut card, &select(*b"2PAY.SYS.DDF01"));
    let path =
        [tags::FCI_TEMPLATE, tags::FCI_PROPRIETARY_TEMPLATE, tags::FCI_ISSUER_DISCRETIONARY_DATA];
    let entries = find(&information, &path).unwrap().unwrap();
    let entries: Vec<_> = countertop_wire::tlv::tlvs(entries).map(Result::unwrap).collect();
    assert_eq!(entries.len(), 2);
    for (entry, priority) in entries.iter().zip([1, 2]) {
        let value = |tag| find(entry.value, &[tag]).unwrap().unwrap();
        assert_eq!(value(tags::APPLICATION_PRIORITY_INDICATOR), [priority]);
        assert_eq!(value(tags::KERNEL_IDENTIFIER), [7]);
    }
    assert_eq!(status(&mut card, &read_record(1, 1)), StatusWord::FILE_NOT_FOUND);
}

#[test]
fn a_partial_name_selects_one_after_the_other() {
    let mut card = two_applications();
    let mut next = CommandApdu::new(0x00, 0xa4, 0x04, 0x02).with_data(&AID[..5]).expecting(256);
    assert_eq!(name(&expect(&mut card, &select(&AID[..5]))), AID);
    assert_eq!(name(&expect(&mut card, &next)).last(), Some(&0x02));
    assert_eq!(status(&mut card, &next), StatusWord::FILE_NOT_FOUND);
    // A SELECT that found nothing leaves what was selected.
    next = select([0xa0, 0x00, 0x00, 0x00, 0x03]);
    assert_eq!(status(&mut card, &next), StatusWord::FILE_NOT_FOUND);
    expect(&mut card, &get_data(tags::APPLICATION_TRANSACTION_COUNTER));
}

/// There is one directory: no next one (EMV Book 1, clause 11.3.5; ISO/IEC 7816-4, 11.1.1).
#[test]
fn there_is_no_next_directory() {
    for (interface, name) in
        [(Interface::Contact, *b"1PAY.SYS.DDF01"), (Interface::Contactless, *b"2PAY.SYS.DDF01")]
    {
        let mut card = card().on(interface);
        let next = CommandApdu::new(0x00, 0xa4, 0x04, 0x02).with_data(name).expecting(256);
        assert_eq!(status(&mut card, &next), StatusWord::FILE_NOT_FOUND);
        expect(&mut card, &select(name));
        assert_eq!(status(&mut card, &next), StatusWord::FILE_NOT_FOUND);
    }
}

#[test]
fn a_name_that_is_too_long_or_missing_is_refused() {
    let mut card = card();
    assert_eq!(status(&mut card, &select([])), StatusWord::WRONG_LENGTH);
    assert_eq!(status(&mut card, &select([0xa0; 17])), StatusWord::WRONG_LENGTH);
    assert_eq!(status(&mut card, &select([&AID[..], &[0]].concat())), StatusWord::FILE_NOT_FOUND);
}

#[test]
fn select_takes_names_only() {
    let mut card = card();
    let by_identifier = CommandApdu::new(0x00, 0xa4, 0x00, 0x00).with_data([0x3f, 0x00]);
    assert_eq!(status(&mut card, &by_identifier), StatusWord::FUNCTION_NOT_SUPPORTED);
    let last = CommandApdu::new(0x00, 0xa4, 0x04, 0x01).with_data(AID);
    assert_eq!(status(&mut card, &last), StatusWord::INCORRECT_PARAMETERS);
}

#[test]
fn answer_to_reset_has_a_right_check_byte() {
    let atr = card().answer_to_reset();
    assert_eq!(atr[1..].iter().fold(0, |check, byte| check ^ byte), 0);
    assert_eq!(atr[1] & 0x0f, 3, "historical bytes");
    let ats = card().answer_to_select();
    assert_eq!(usize::from(ats[0]), ats.len());
}
