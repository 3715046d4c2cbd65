//! Chip sales whose cryptogram the virtual issuer checks.

#![expect(clippy::unwrap_used, reason = "a failing test may panic")]

mod common;

use common::*;
use countertop_acquirer::{Acquirer, CardEntry, HostAnswer, Submission};
use countertop_device::Sensitive;
use countertop_virtual::acquirer::AcquirerConfig;
use countertop_virtual::card::{CardProfile, PaymentCard, VirtualCard};
use countertop_wire::tlv::{TlvWriter, find, tags};

/// What the terminal answers to CDOL1: 123.45 yuan, unpredictable number DEADBEEF.
const CDOL1_DATA: &str = "000000012345 000000000000 0156 0000040000 0156 260428 00 DEADBEEF";

/// Returns field 55 of a card that went online.
fn field_55() -> Vec<u8> {
    let mut card = PaymentCard::new(CardProfile::unionpay_debit());
    let data = hex(CDOL1_DATA);
    card.transmit(&hex("00A40400 08 A000000333010101 00"));
    card.transmit(&hex("80A80000 07 83050156E0F8C8 00"));
    let generate = [&hex("80AE8000 1D")[..], &data, &[0]].concat();
    let answer = card.transmit(&generate);
    assert!(answer.ends_with(&[0x90, 0x00]), "{answer:02X?}");
    let content = &answer[2..answer.len() - 2];
    TlvWriter::new()
        .put(tags::APPLICATION_CRYPTOGRAM, &content[3..11])
        .put(tags::CRYPTOGRAM_INFORMATION_DATA, &content[..1])
        .put(tags::ISSUER_APPLICATION_DATA, &content[11..])
        .put(tags::UNPREDICTABLE_NUMBER, &data[25..])
        .put(tags::APPLICATION_TRANSACTION_COUNTER, &content[1..3])
        .put(tags::TERMINAL_VERIFICATION_RESULTS, &data[14..19])
        .put(tags::TRANSACTION_DATE, &data[21..24])
        .put(tags::TRANSACTION_TYPE, &data[24..25])
        .put(tags::AMOUNT_AUTHORISED, &data[..6])
        .put(tags::TRANSACTION_CURRENCY_CODE, &data[19..21])
        .put(tags::APPLICATION_INTERCHANGE_PROFILE, [0x3C, 0x00])
        .put(tags::TERMINAL_COUNTRY_CODE, &data[12..14])
        .put(tags::AMOUNT_OTHER, &data[6..12])
        .finish()
}

async fn pay(field_55: Vec<u8>) -> HostAnswer {
    let (host, _) = start(AcquirerConfig::default()).await;
    let (mut client, mut pad) = (client(&host), TestPad::new());
    client.sign_in(&mut pad, &sign_in_request()).await.unwrap();
    let entry = CardEntry::Chip {
        pan: secret(PAN),
        expiry: "3012".into(),
        sequence: Some(1),
        track2: secret(TRACK2),
        emv: Sensitive::new(field_55),
    };
    let prepared = client.prepare(&mut pad, &sale(2, "123.45", entry)).await.unwrap();
    match client.submit(&mut pad, &prepared).await {
        Submission::Answered(answer) => answer,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_right_cryptogram_is_answered() {
    let answer = pay(field_55()).await;
    assert_eq!(answer.code.to_string(), "00");
    let path = [tags::ISSUER_AUTHENTICATION_DATA];
    let data = find(answer.emv.expose(), &path).unwrap().unwrap();
    assert_eq!((data.len(), &data[8..]), (10, b"00".as_slice()));
}

#[tokio::test]
async fn a_wrong_cryptogram_is_refused() {
    let mut field_55 = field_55();
    field_55[3] ^= 1;
    let answer = pay(field_55).await;
    assert_eq!(answer.code.to_string(), "59");
    assert!(answer.emv.is_empty());
}
