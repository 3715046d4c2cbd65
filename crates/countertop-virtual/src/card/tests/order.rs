//! Which command is allowed when, and what is refused whenever.

use super::*;

/// Every command in a form that is right except for its time.
fn commands() -> [(&'static str, CommandApdu); 9] {
    [
        ("processing options", processing_options(&PDOL_DATA)),
        ("read record", read_record(2, 1)),
        ("get data", get_data(tags::APPLICATION_TRANSACTION_COUNTER)),
        ("get challenge", get_challenge()),
        ("verify", verify(&[0x26, 0x12, 0x34, 0x56, 0xff, 0xff, 0xff, 0xff])),
        ("internal authenticate", internal_authenticate()),
        ("external authenticate", external_authenticate(&[0; 10])),
        ("first generate ac", generate_ac(CryptogramKind::Arqc, &CDOL1_DATA)),
        ("second generate ac", generate_ac(CryptogramKind::Tc, &cdol2_data(*b"00"))),
    ]
}

type Prepare = fn(&mut PaymentCard);

/// Asserts that of all commands only `allowed` are, after `prepare`.
fn only(prepare: Prepare, allowed: &[&str]) {
    for (name, command) in commands() {
        let mut card = card();
        prepare(&mut card);
        let status = status(&mut card, &command);
        let refused = status == StatusWord::CONDITIONS_NOT_SATISFIED;
        assert_eq!(!refused, allowed.contains(&name), "{name}: {status}");
    }
}

#[test]
fn nothing_before_select() {
    only(|_| {}, &[]);
}

#[test]
fn the_directory_is_only_read() {
    let select = |card: &mut PaymentCard| drop(expect(card, &select(*b"1PAY.SYS.DDF01")));
    only(select, &["read record"]);
}

#[test]
fn after_select_the_transaction_is_started() {
    let select = |card: &mut PaymentCard| drop(expect(card, &select(AID)));
    only(select, &["processing options", "get data", "get challenge"]);
}

#[test]
fn in_the_transaction() {
    only(
        initiate,
        &[
            "read record",
            "get data",
            "get challenge",
            "verify",
            "internal authenticate",
            "first generate ac",
            "second generate ac", // its data have the wrong length
        ],
    );
}

#[test]
fn while_online() {
    only(
        |card| {
            go_online(card);
        },
        &[
            "read record",
            "get data",
            "get challenge",
            "external authenticate",
            "first generate ac", // it asks for an ARQC again
            "second generate ac",
        ],
    );
}

#[test]
fn after_the_transaction() {
    let finish = |card: &mut PaymentCard| {
        initiate(card);
        expect(card, &generate_ac(CryptogramKind::Aac, &CDOL1_DATA));
    };
    only(finish, &["read record", "get data", "get challenge"]);
}

#[test]
fn a_reset_forgets_the_transaction() {
    let reset = |card: &mut PaymentCard| {
        initiate(card);
        card.reset();
    };
    only(reset, &[]);
    let mut card = card();
    initiate(&mut card);
    card.reset();
    assert_eq!(card.transaction_counter(), 1);
}

#[test]
fn class_and_instruction_are_told_apart() {
    let mut card = card();
    for (class, instruction, expected) in [
        (0x00, 0xa8, StatusWord::CLASS_NOT_SUPPORTED),
        (0x80, 0xa4, StatusWord::CLASS_NOT_SUPPORTED),
        (0x01, 0xa4, StatusWord::CLASS_NOT_SUPPORTED),
        (0xff, 0x00, StatusWord::CLASS_NOT_SUPPORTED),
        (0x84, 0x1e, StatusWord::CLASS_NOT_SUPPORTED),
        (0x00, 0xc0, StatusWord::INSTRUCTION_NOT_SUPPORTED),
        (0x00, 0x00, StatusWord::INSTRUCTION_NOT_SUPPORTED),
        (0x80, 0xff, StatusWord::INSTRUCTION_NOT_SUPPORTED),
    ] {
        let command = CommandApdu::new(class, instruction, 0x00, 0x00);
        assert_eq!(status(&mut card, &command), expected, "{class:02X} {instruction:02X}");
    }
}

#[test]
fn parameters_are_checked() {
    let mut card = card();
    initiate(&mut card);
    for (class, instruction, p1, p2) in [
        (0x80, 0xa8, 0x01, 0x00),
        (0x80, 0xae, 0xc0, 0x00), // no such cryptogram
        (0x80, 0xae, 0x81, 0x00), // reserved bit
        (0x80, 0xae, 0x90, 0x00), // combined, which this card has not
        (0x80, 0xae, 0x80, 0x01),
        (0x80, 0xca, 0x12, 0x34), // no tag
        (0x00, 0x20, 0x00, 0x81),
        (0x00, 0x20, 0x01, 0x80),
        (0x00, 0x82, 0x00, 0x01),
        (0x00, 0x84, 0x00, 0x01),
        (0x00, 0x88, 0x01, 0x00),
        (0x00, 0xb2, 0x01, 0x0d), // not by number
        (0x00, 0xb2, 0x00, 0x0c), // record 0
        (0x00, 0xb2, 0x01, 0x04), // file 0
        (0x00, 0xb2, 0x01, 0xfc), // file 31
    ] {
        let command = CommandApdu::new(class, instruction, p1, p2);
        let expected = StatusWord::INCORRECT_PARAMETERS;
        assert_eq!(status(&mut card, &command), expected, "{command:?}");
    }
}

#[test]
fn lengths_are_checked() {
    let mut card = card();
    expect(&mut card, &select(AID));
    let too_long = [&PDOL_DATA[..], &[0]].concat();
    assert_eq!(status(&mut card, &processing_options(&too_long)), StatusWord::WRONG_LENGTH);
    assert_eq!(status(&mut card, &processing_options(&[])), StatusWord::WRONG_LENGTH);
    let no_template = CommandApdu::new(0x80, 0xa8, 0x00, 0x00).with_data(PDOL_DATA);
    assert_eq!(status(&mut card, &no_template), StatusWord::WRONG_DATA);
    assert_eq!(card.transaction_counter(), 0, "a refused command starts no transaction");
    expect(&mut card, &processing_options(&PDOL_DATA));
    for command in [
        verify(&[0x24, 0x12, 0x34, 0xff]),
        CommandApdu::new(0x00, 0x88, 0x00, 0x00).with_data([1, 2, 3]),
        generate_ac(CryptogramKind::Arqc, &CDOL1_DATA[1..]),
        generate_ac(CryptogramKind::Arqc, &cdol2_data(*b"00")),
        read_record(2, 1).with_data([0]),
        get_data(tags::PIN_TRY_COUNTER).with_data([0]),
        get_challenge().with_data([0]),
    ] {
        assert_eq!(status(&mut card, &command), StatusWord::WRONG_LENGTH, "{command:?}");
    }
}

#[test]
fn a_short_le_is_answered_with_the_right_one() {
    let mut card = card();
    let command = select(AID).expecting(10);
    let length = status(&mut card, &command).right_expected().unwrap();
    let again = send(&mut card, &select(AID).expecting(length));
    assert_eq!(again.data().len(), length);
}

#[test]
fn records_that_are_not_there() {
    let mut card = card();
    initiate(&mut card);
    assert_eq!(status(&mut card, &read_record(2, 9)), StatusWord::RECORD_NOT_FOUND);
    assert_eq!(status(&mut card, &read_record(5, 1)), StatusWord::FILE_NOT_FOUND);
    assert_eq!(
        status(&mut card, &get_data(tags::APPLICATION_PAN)),
        StatusWord::REFERENCED_DATA_NOT_FOUND
    );
}
