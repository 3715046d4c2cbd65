//! Tests of descriptions, with frames that an independent implementation made.

use countertop_wire::iso8583::{FieldFault, Message, MessageError, Mti};
use countertop_wire::unionpay::{FrameError, PrivateTlv, emit_private_tlvs};
use serde_json::Value;

use super::*;

const MAK: [u8; 8] = [0x0F, 0x1E, 0x2D, 0x3C, 0x4B, 0x5A, 0x69, 0x78];

fn frames() -> Vec<(String, Vec<u8>)> {
    let path = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../countertop-wire/tests/fixtures/unionpay-frames.json"
    );
    let fixture: Value = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    let frames = fixture["frames"].as_object().unwrap().iter();
    let bytes = |frame: &Value| frame_from_hex(frame["frame"].as_str().unwrap()).unwrap();
    frames.map(|(name, frame)| (name.clone(), bytes(frame))).collect()
}

fn frame(name: &str) -> Vec<u8> {
    frames().into_iter().find(|(found, _)| found == name).unwrap().1
}

fn with_message(message: &Message) -> Vec<u8> {
    let mut frame = Frame::parse(&frame("echo_test")).unwrap();
    *frame.message = message.emit();
    frame.emit().unwrap()
}

#[test]
fn a_chip_sale_line_by_line() {
    let text = describe(&frame("sale_chip_pin"), Some(&MAK)).unwrap().to_string();
    for line in [
        "length prefix: 0112 = 274 bytes",
        "TPDU: 6000030000 = id 60, to 0003, from 0000",
        "header: 603100310001",
        "  1-2 application class: 60 = financial payment",
        "  5 terminal state: 0 = normal",
        "  6 processing requirement: 0 = nothing",
        "MTI: 0200 = financial request",
        "bitmap: 702406C020C09A11 = 2 3 4 11 14 22 23 25 26 35 41 42 49 52 53 55 60 64",
        "F002 primary account number: 620000******0005  [16620000******0005]",
        "F003 processing code: 000000 = purchase  [000000]",
        "F004 amount: 000000001234 = 12.34  [000000001234]",
        "F022 POS entry mode: 051 = chip, with PIN  [0510]",
        "F023 card sequence number: 001  [0001]",
        "F052 PIN block: withheld (8 bytes)  [****************]",
        "F053 security control information: 2600000000000000 = PIN block with card number, triple DES  [2600000000000000]",
        "  9F26 Application Cryptogram: A1A2A3A4A5A6A7A8",
        "  60.1 transaction type: 22 = sale",
        "  60.2 batch number: 000001",
        "F064 message authentication code: BB364F2C  [4242333634463243]",
        "MAC: received BB364F2C, computed BB364F2C (UnionPay ECB, DES): verifies",
    ] {
        assert!(text.lines().any(|found| found == line), "`{line}` is not in\n{text}");
    }
}

#[test]
fn every_frame_is_described_without_secrets() {
    for (name, bytes) in frames() {
        let description = describe(&bytes, Some(&MAK)).unwrap();
        let text = format!("{description}{}", serde_json::to_string(&description).unwrap());
        for secret in ["6200000000000005", "A033064843D45FF7", "363230303030", "30122010000"] {
            assert!(!text.contains(secret), "{secret} of {name} in\n{text}");
        }
        assert_eq!(description.problems().count(), 0, "{name}");
        let verified = description.mac.map(|mac| mac.verified);
        assert!(matches!(verified, None | Some(Some(true))), "{name}");
    }
}

#[test]
fn management_and_settlement_are_taken_apart() {
    for (name, lines) in [
        ("signin_req", &["  62 serial number: 312500000001"][..]),
        ("signin_rsp_tasks", &["  6 processing requirement: 4 = update CA public keys"]),
        ("echo_test", &["  60.3 network management code: 301 = echo test", "MAC: none"]),
        ("signout", &["  60.3 network management code: 002 = sign-out"]),
        ("capk_download", &["  9F06 Application Identifier (AID), terminal: A000000333"]),
        (
            "settle_rsp_unbalanced",
            &["  48 domestic cards: debits 1512.34 in 3, credits 13.34 in 2, flag 2 = unbalanced"],
        ),
        ("batch_upload_mag", &["  48 domestic transaction: 000002 620000******0005 12.34"]),
        ("batch_upload_end", &["  48 number uploaded: 0002"]),
        (
            "reversal_of_sale_chip",
            &["F039 response code: 98 = no answer in time  [3938]", "MTI: 0400 = reversal request"],
        ),
        ("sale_scan", &["  A3 payment code: withheld (19 bytes)"]),
        ("void", &["  61.2 original trace number: 000002"]),
    ] {
        let text = describe(&frame(name), None).unwrap().to_string();
        for line in lines {
            assert!(text.lines().any(|found| found == *line), "`{line}` is not in {name}\n{text}");
        }
    }
}

#[test]
fn keys_of_other_algorithms() {
    let key = [0x11; 16];
    for (algorithm, name) in [
        (MacAlgorithm::UnionPayEcb, "UnionPay ECB, triple DES"),
        (MacAlgorithm::AnsiX99, "ANSI X9.9, triple DES"),
        (MacAlgorithm::Sm4, "UnionPay ECB, SM4"),
    ] {
        let mut message = Message::new(Mti::FINANCIAL).with(64, [0; 8]).unwrap();
        let code = algorithm.compute(&key, &message.emit()[..10]).unwrap();
        message.set(64, code).unwrap();
        let bytes = with_message(&message);
        let mac =
            describe_with(&bytes, Some(MacKey { algorithm, key: &key })).unwrap().mac.unwrap();
        assert_eq!((mac.verified, mac.algorithm), (Some(true), Some(name)));
        let other = MacKey { algorithm, key: &[0x22; 16] };
        let mac = describe_with(&bytes, Some(other)).unwrap().mac.unwrap();
        assert_eq!(mac.verified, Some(false));
        assert!(mac.to_string().contains("does NOT verify"), "{mac}");
    }
    let error = describe(&frame("sale_chip_pin"), Some(&[0; 24])).unwrap_err();
    let text = "message authentication key: key of 24 bytes; DES takes 8 or 16, SM4 16";
    assert_eq!(error.to_string(), text);
}

#[test]
fn mutilated_frames_are_typed_errors() {
    for (name, bytes) in frames() {
        for length in 0..bytes.len() {
            let mut cut = bytes[..length].to_vec();
            assert!(describe(&cut, None).is_err(), "{name} at {length}");
            if let Some(prefix) = cut.get_mut(..2) {
                prefix.copy_from_slice(&u16::try_from(length - 2).unwrap().to_be_bytes());
                assert!(describe(&cut, None).is_err(), "{name} at {length}");
            }
        }
    }
    let mut bytes = frame("sale_chip_pin");
    bytes[23] = 0x1A;
    let fault = FieldFault::BadLength(vec![0x1A]);
    let error = FrameError::Message(MessageError::Field { number: 2, fault });
    assert_eq!(describe(&bytes, None), Err(DescribeError::Frame(error)));
    bytes.push(0);
    let error = FrameError::Length { stated: 274, actual: 275 };
    assert_eq!(describe(&bytes, None), Err(DescribeError::Frame(error)));
}

#[test]
fn card_data_is_withheld_wherever_it_stands() {
    let code = PrivateTlv::new(*b"B7", b"6200000000000000005".as_slice());
    let track = [0x57, 9, 0x62, 0, 0, 0, 0, 0, 0, 5, 0xD3];
    let message = Message::new(Mti::FINANCIAL)
        .with(36, "996200000000000005D30122010000")
        .and_then(|message| message.with(47, "card 6200000000000005"))
        .and_then(|message| message.with(48, "6200000000000005"))
        .and_then(|message| message.with(55, track))
        .and_then(|message| message.with(58, "6200000000000005"))
        .and_then(|message| message.with(59, emit_private_tlvs(&[code]).unwrap()))
        .and_then(|message| message.with(62, "QR6200000000000000005"))
        .unwrap();
    let description = describe(&with_message(&message), None).unwrap();
    let text = format!("{description}{}", serde_json::to_string(&description).unwrap());
    assert!(!text.contains("6200000000000") && !text.contains("36323030"), "{text}");
    assert!(text.contains("  57 Track 2 Equivalent Data: 620000******0005D*"), "{text}");
}

#[test]
fn electronic_slips_and_other_acquirers_fields() {
    let slip = [0xFF, 0x00, 4, 0xD2, 0xF8, 0xC1, 0xAA, 0xFF, 0x02, 1, 0x01];
    let message = Message::new(Mti::NETWORK_ADVICE)
        .with(46, "PI06404020")
        .and_then(|message| message.with(55, slip))
        .and_then(|message| message.with(59, "EF0133https://example.org"))
        .unwrap();
    let description = describe(&with_message(&message), None).unwrap();
    assert_eq!(description.problems().count(), 0);
    let text = description.to_string();
    for line in ["  FF00 slip: merchant: D2F8C1AA = 银联", "  FF02 slip: operator: 01"] {
        assert!(text.lines().any(|found| found == line), "`{line}` is not in\n{text}");
    }
    assert!(text.contains("F059 additional data, private: EF0133https://example.org"), "{text}");
}

#[test]
fn broken_insides_are_told_and_withheld() {
    let message = Message::new(Mti::FINANCIAL).with(55, [0x5A, 9, 0x62, 0x00]).unwrap();
    let description = describe(&with_message(&message), None).unwrap();
    let problems: Vec<_> = description.problems().collect();
    assert_eq!(problems, [(55, "data object truncated: 7 more bytes expected")]);
    assert!(description.to_string().contains("  problem: data object truncated"));
    assert!(!description.to_string().contains("5A09"));
}

#[test]
fn digits_may_have_spaces() {
    assert_eq!(frame_from_hex(" 00 1a\n Ff").unwrap(), [0x00, 0x1A, 0xFF]);
    let error = frame_from_hex("00 1x").unwrap_err();
    assert_eq!(error.to_string(), "character 5 is `x`, no hexadecimal digit");
    assert_eq!(frame_from_hex("001").unwrap_err(), BadHex::Odd(3));
}

proptest::proptest! {
    #[test]
    fn garbage_is_never_a_panic(
        which in 0usize..29,
        place in 0usize..600,
        value in proptest::num::u8::ANY,
    ) {
        let (_, mut bytes) = frames().swap_remove(which);
        let place = place % bytes.len();
        bytes[place] = value;
        if let Ok(description) = describe(&bytes, Some(&MAK)) {
            proptest::prop_assert!(description.to_string().lines().count() > 8);
        }
    }
}
