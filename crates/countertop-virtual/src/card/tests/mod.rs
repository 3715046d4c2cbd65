//! Tests of the card, command by command.

mod contactless;
mod examples;
mod extended;
mod faults;
mod garbage;
mod generating;
mod issuer;
mod order;
mod pin;
mod recovered;
mod risk;
mod selection;
mod transaction;

use std::sync::LazyLock;

use countertop_wire::apdu::{CommandApdu, ResponseApdu, StatusWord};
use countertop_wire::tlv::{Tag, TlvWriter, tags};

use super::*;

const AID: [u8; 8] = [0xa0, 0x00, 0x00, 0x03, 0x33, 0x01, 0x01, 0x01];

/// What the terminal answers to the PDOL on the contacts: country and capabilities.
const PDOL_DATA: [u8; 5] = [0x01, 0x56, 0xe0, 0xf8, 0xc8];

/// What the terminal answers to CDOL1: 123.45 yuan, unpredictable number DEADBEEF.
const CDOL1_DATA: [u8; 29] = [
    0x00, 0x00, 0x00, 0x01, 0x23, 0x45, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x01, 0x56, 0x00, 0x00,
    0x04, 0x00, 0x00, 0x01, 0x56, 0x26, 0x04, 0x28, 0x00, 0xde, 0xad, 0xbe, 0xef,
];

/// Returns a new card; personalising one takes a while, so that it is done once.
fn card() -> PaymentCard {
    static CARD: LazyLock<PaymentCard> =
        LazyLock::new(|| PaymentCard::new(CardProfile::unionpay_debit()));
    CARD.clone()
}

fn send(card: &mut PaymentCard, command: &CommandApdu) -> ResponseApdu {
    ResponseApdu::parse(&card.transmit(&command.to_bytes())).unwrap()
}

/// Returns the data of an answer that must be `9000`.
fn expect(card: &mut PaymentCard, command: &CommandApdu) -> Vec<u8> {
    let response = send(card, command);
    assert_eq!(response.status(), StatusWord::SUCCESS, "{command:?}");
    response.data().to_vec()
}

fn status(card: &mut PaymentCard, command: &CommandApdu) -> StatusWord {
    let response = send(card, command);
    assert!(response.is_success() || response.data().is_empty(), "{command:?}");
    response.status()
}

fn select(name: impl Into<Vec<u8>>) -> CommandApdu {
    CommandApdu::new(0x00, 0xa4, 0x04, 0x00).with_data(name).expecting(256)
}

fn processing_options(data: &[u8]) -> CommandApdu {
    let template = TlvWriter::new().put(tags::COMMAND_TEMPLATE, data).finish();
    CommandApdu::new(0x80, 0xa8, 0x00, 0x00).with_data(template).expecting(256)
}

fn read_record(file: u8, number: u8) -> CommandApdu {
    CommandApdu::new(0x00, 0xb2, number, file << 3 | 0x04).expecting(256)
}

fn get_data(tag: Tag) -> CommandApdu {
    let [_, _, p1, p2] = tag.number().to_be_bytes();
    CommandApdu::new(0x80, 0xca, p1, p2).expecting(256)
}

fn get_challenge() -> CommandApdu {
    CommandApdu::new(0x00, 0x84, 0x00, 0x00).expecting(256)
}

fn verify(block: &[u8]) -> CommandApdu {
    CommandApdu::new(0x00, 0x20, 0x00, 0x80).with_data(block)
}

fn internal_authenticate() -> CommandApdu {
    CommandApdu::new(0x00, 0x88, 0x00, 0x00).with_data([1, 2, 3, 4]).expecting(256)
}

fn external_authenticate(data: &[u8]) -> CommandApdu {
    CommandApdu::new(0x00, 0x82, 0x00, 0x00).with_data(data)
}

fn generate_ac(kind: CryptogramKind, data: &[u8]) -> CommandApdu {
    CommandApdu::new(0x80, 0xae, kind.to_bits(), 0x00).with_data(data).expecting(256)
}

fn cdol2_data(code: [u8; 2]) -> Vec<u8> {
    [&code[..], &CDOL1_DATA].concat()
}

/// Selects the application and starts a transaction by contact.
fn initiate(card: &mut PaymentCard) {
    expect(card, &select(AID));
    expect(card, &processing_options(&PDOL_DATA));
}

/// Starts a transaction and gets an ARQC; returns it.
fn go_online(card: &mut PaymentCard) -> [u8; 8] {
    initiate(card);
    let answer = expect(card, &generate_ac(CryptogramKind::Arqc, &CDOL1_DATA));
    assert_eq!(answer[2], CryptogramKind::Arqc.to_bits());
    answer[5..13].try_into().unwrap()
}
