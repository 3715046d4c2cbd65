//! Frames and codes that an independent implementation (pyiso8583, pycryptodome, gmssl) made.

#![cfg(feature = "host")]
#![expect(clippy::unwrap_used, reason = "a failing test may panic")]

use countertop_wire::iso8583::{Format, Message, dissect, field};
use countertop_wire::pin_block::{DesKey, Pin, decode_format0};
use countertop_wire::unionpay::{
    Frame, FrameError, HostTask, KeyBlock, MacAlgorithm, WorkingKey, ecb_mac, feature_code, fold,
    sm4_mac, split_mac,
};
use serde_json::Value;

fn fixture(name: &str) -> Value {
    let path = format!("{}/tests/fixtures/{name}", env!("CARGO_MANIFEST_DIR"));
    serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

fn frames() -> Vec<(String, Vec<u8>, Value)> {
    let fixture = fixture("unionpay-frames.json");
    let frames = fixture["frames"].as_object().unwrap().iter();
    frames.map(|(name, frame)| (name.clone(), hex(&frame["frame"]), frame.clone())).collect()
}

fn hex(value: &Value) -> Vec<u8> {
    let text = value.as_str().unwrap();
    (0..text.len()).step_by(2).map(|i| u8::from_str_radix(&text[i..i + 2], 16).unwrap()).collect()
}

#[test]
fn every_frame_round_trips_to_the_byte() {
    let frames = frames();
    assert_eq!(frames.len(), 29);
    for (name, bytes, _) in frames {
        let frame = Frame::parse(&bytes).unwrap();
        let message = frame.read_message().unwrap();
        assert_eq!(message.emit(), *frame.message, "{name}");
        assert_eq!(frame.emit().unwrap(), bytes, "{name}");
    }
}

#[test]
fn every_field_is_as_the_other_implementation_reads_it() {
    for (name, bytes, expected) in frames() {
        let frame = Frame::parse(&bytes).unwrap();
        let message = frame.read_message().unwrap();
        let mut fields = expected["fields"].as_object().unwrap().clone();
        let header = fields.remove("h").unwrap();
        assert_eq!(header, format!("{}{}", frame.tpdu, frame.header), "{name}");
        assert_eq!(fields.remove("t").unwrap(), message.mti().to_string(), "{name}");
        let bitmap = hex(&fields.remove("p").unwrap());
        assert_eq!(bitmap, message.bitmap().emit(), "{name}");
        assert_eq!(fields.len(), message.numbers().count(), "{name}");
        for (number, value) in fields {
            let number = number.parse().unwrap();
            let expected = match field(number).unwrap().format {
                Format::Binary => hex(&value),
                _ => value.as_str().unwrap().as_bytes().to_vec(),
            };
            assert_eq!(message.get(number).unwrap(), expected, "{name} field {number}");
        }
    }
}

#[test]
fn every_code_verifies() {
    let keys = fixture("unionpay-frames.json")["keys"].clone();
    let key = hex(&keys["mak"]);
    for (name, bytes, expected) in frames() {
        let frame = Frame::parse(&bytes).unwrap();
        let Some(code) = expected["mac"].as_str() else {
            assert_eq!(split_mac(&frame.message), None, "{name}");
            continue;
        };
        let (block, received) = split_mac(&frame.message).unwrap();
        assert_eq!(received, code.as_bytes(), "{name}");
        assert_eq!(MacAlgorithm::UnionPayEcb.compute(&key, block), Ok(received), "{name}");
    }
}

#[test]
fn no_cut_of_a_frame_panics_and_each_is_an_error() {
    for (name, bytes, _) in frames() {
        for length in 0..bytes.len() {
            assert!(Frame::parse(&bytes[..length]).is_err(), "{name} at {length}");
            let body = &bytes[2.min(length)..length];
            let read = Frame::parse_body(body).and_then(|frame| frame.read_message());
            assert!(read.is_err(), "{name} at {length}");
        }
        let mut longer = bytes.clone();
        longer.push(0);
        assert!(matches!(Frame::parse(&longer), Err(FrameError::Length { .. })), "{name}");
        assert!(dissect(&longer[13..]).is_err(), "{name}");
    }
}

#[test]
fn a_sign_in_answer_holds_keys_that_fit_their_check_values() {
    let fixture = fixture("unionpay-frames.json");
    let keys = &fixture["keys"];
    let frame = Frame::parse(&hex(&fixture["frames"]["signin_rsp"]["frame"])).unwrap();
    let message = frame.read_message().unwrap();
    let block = KeyBlock::parse(message.get(62).unwrap()).unwrap();
    let master = DesKey::new(&hex(&keys["tmk"])).unwrap();
    for (key, clear) in [(&block.pin, &keys["pik"]), (&block.mac, &keys["mak"])] {
        let clear = DesKey::new(&hex(clear)).unwrap();
        assert_eq!(master.unwrap_key(&key.cryptogram).unwrap(), clear);
        assert_eq!(&WorkingKey::wrap(&master, &clear), key);
    }
    assert_eq!(block.emit(), message.get(62).unwrap());
}

#[test]
fn a_host_asks_for_a_task() {
    let fixture = fixture("unionpay-frames.json");
    let frame = Frame::parse(&hex(&fixture["frames"]["signin_rsp_tasks"]["frame"])).unwrap();
    assert_eq!(frame.header.task(), HostTask::UpdateCapk);
}

#[test]
fn codes_of_published_keys() {
    let vectors = fixture("unionpay-vectors.json");
    for (name, compute) in [
        ("des_ecb_mac_single", ecb_mac as fn(&[u8], &[u8]) -> _),
        ("des_ecb_mac_double", ecb_mac),
        ("sm4_ecb_mac", sm4_mac),
    ] {
        let vector = &vectors[name];
        let code = compute(&hex(&vector["mak"]), &hex(&vector["mab"])).unwrap();
        assert_eq!(vector["mac"].as_str().unwrap().as_bytes(), code, "{name}");
    }
}

#[test]
fn pin_block_and_feature_code() {
    let vectors = fixture("unionpay-vectors.json");
    let vector = &vectors["pin_block_iso0"];
    let keys = fixture("unionpay-frames.json")["keys"].clone();
    let pin_key = DesKey::new(&hex(&keys["tmk"])).unwrap();
    let block = pin_key.decrypt_block(hex(&vector["tdes"]).try_into().unwrap());
    assert_eq!(block.as_slice(), hex(&vector["clear"]));
    let pin = decode_format0(&block, vector["pan"].as_str().unwrap().as_bytes()).unwrap();
    assert_eq!(pin.expose(), Pin::new(b"123456").unwrap().expose());
    let feature = &vectors["feature_code"];
    let code = feature_code(feature["settle"].as_str(), feature["rrn"].as_str().unwrap());
    assert_eq!(feature["code"], code.unwrap());
}

proptest::proptest! {
    #[test]
    fn garbage_is_never_a_panic(bytes in proptest::collection::vec(proptest::num::u8::ANY, 0..300)) {
        let _frame = Frame::parse(&bytes).and_then(|frame| frame.read_message());
        let _folded = fold(&bytes);
        let _split = split_mac(&bytes);
        if let Ok(message) = Message::parse(&bytes) {
            let again = Message::parse(&message.emit()).unwrap();
            proptest::prop_assert_eq!(again, message);
        }
    }

    #[test]
    fn a_damaged_frame_is_never_a_panic(
        frame in 0usize..29,
        place in 0usize..600,
        value in proptest::num::u8::ANY,
    ) {
        let (_, mut bytes, _) = frames().swap_remove(frame);
        let place = place % bytes.len();
        bytes[place] = value;
        if let Ok(frame) = Frame::parse(&bytes) && let Ok(message) = frame.read_message() {
            proptest::prop_assert_eq!(message.emit().len(), frame.message.len());
        }
    }
}
