//! Tests of whole messages.

use super::*;

/// A chip sale's settlement-style message with numbers, text, a track and bytes.
fn sample() -> Message {
    Message::new(Mti::FINANCIAL)
        .with(2, "6200000000000005")
        .and_then(|message| message.with(4, "000000001234"))
        .and_then(|message| message.with(22, "051"))
        .and_then(|message| message.with(23, "001"))
        .and_then(|message| message.with(35, "6200000000000005=301220100000000"))
        .and_then(|message| message.with(41, "10000001"))
        .and_then(|message| message.with(55, [0x9F, 0x36, 0x02, 0x00, 0x01]))
        .and_then(|message| message.with(60, "22000001000"))
        .unwrap()
}

#[test]
fn what_is_written_is_read() {
    let message = sample();
    let read = Message::parse(&message.emit()).unwrap();
    assert_eq!(read, message);
    assert_eq!(read.text(35), Some("6200000000000005D301220100000000"));
    assert_eq!(read.emit(), message.emit());
}

#[test]
fn every_cut_is_a_typed_error() {
    let bytes = sample().emit();
    for length in 0..bytes.len() {
        let error = Message::parse(&bytes[..length]).unwrap_err();
        let expected = match length {
            0..2 => matches!(error, MessageError::NoMti),
            2..10 => matches!(error, MessageError::NoBitmap(Mti::FINANCIAL)),
            _ => matches!(error, MessageError::Field { fault: FieldFault::Truncated { .. }, .. }),
        };
        assert!(expected, "cut at {length}: {error}");
    }
}

#[test]
fn spare_bytes_are_counted() {
    let mut bytes = sample().emit();
    bytes.extend([0, 0, 0]);
    assert_eq!(Message::parse(&bytes).unwrap_err(), MessageError::TrailingBytes(3));
}

#[test]
fn errors_name_the_field() {
    for (hex, text) in [
        ("02", "message ends within the message type"),
        ("0A00", "message type 0A00 is no four digits"),
        ("020040", "message 0200 ends within the bitmap"),
        ("02000200000000000000", "field 7 is not defined for terminals of UnionPay"),
        ("020040000000000000001A", "field 2 (primary account number): length 1A is not BCD"),
        ("0200400000000000000020", "field 2 (primary account number): length 20 is above 19"),
        (
            "020040000000000000000462",
            "field 2 (primary account number): 3 bytes are needed, 2 are left",
        ),
        ("0200200000000000000000000A", "field 3 (processing code): nibble 5 is A, no digit"),
        (
            "02000000040000000000 0517",
            "field 22 (POS entry mode): spare nibble is 7, neither 0 nor F",
        ),
        (
            "02000000000002000000 30FF",
            "field 39 (response code): character 1 is 0xFF, not allowed here",
        ),
        ("02008000000000000000", "message 0200 ends within the bitmap"),
        (
            "0200 8000000000000000 8000000000000000",
            "field 65 is not defined for terminals of UnionPay",
        ),
    ] {
        assert_eq!(Message::parse(&bytes(hex)).unwrap_err().to_string(), text, "{hex}");
    }
}

#[test]
fn an_empty_secondary_bitmap_is_read() {
    let message = Message::parse(&bytes("0820 8000000000000000 0000000000000000")).unwrap();
    assert_eq!(message.numbers().count(), 0);
}

#[test]
fn values_are_checked_when_set() {
    let mut message = Message::new(Mti::FINANCIAL);
    for (number, value, text) in [
        (3, "00000", "field 3 (processing code): length is 5, not 6"),
        (4, "00000000123x", "field 4 (amount): character 11 is 0x78, not allowed here"),
        (2, "62000000000000000055", "field 2 (primary account number): length 20 is above 19"),
        (
            41,
            "1000000\u{1}",
            "field 41 (terminal identification): character 7 is 0x01, not allowed here",
        ),
        (7, "0", "field 7 is not defined for terminals of UnionPay"),
    ] {
        assert_eq!(message.set(number, value).unwrap_err().to_string(), text);
    }
    assert_eq!(message.numbers().count(), 0);
}

#[test]
fn debug_withholds_values() {
    let message = sample();
    let shown = format!("{message:?} {:?}", dissect(&message.emit()).unwrap());
    assert!(shown.starts_with("Message(0200 {2: 16, 4: 12"), "{shown}");
    assert!(!shown.contains("6200000000000005"));
}

fn bytes(hex: &str) -> Vec<u8> {
    let digits: Vec<u8> = hex.bytes().filter(|byte| *byte != b' ').collect();
    let pair = |pair: &[u8]| u8::from_str_radix(core::str::from_utf8(pair).unwrap(), 16).unwrap();
    digits.chunks(2).map(pair).collect()
}
