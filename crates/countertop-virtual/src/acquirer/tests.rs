//! Tests of the host without a terminal: messages in, messages out.

use core::time::Duration;

use countertop_wire::iso8583::{Message, Mti};
use countertop_wire::pin_block::DesKey;
use countertop_wire::unionpay::{
    Frame, Header, KeyBlock, ParameterList, ParameterName, Tpdu, ecb_mac, parse_parameter_record,
};
use proptest::prelude::{ProptestConfig, any, proptest};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use zeroize::Zeroizing;

use super::host::{Host, Reply};
use super::*;

const TERMINAL: &str = "10000001";
const MERCHANT: &str = "000000000000001";

fn host() -> Host {
    Host::new(AcquirerConfig { issuer: None, ..AcquirerConfig::default() }).unwrap()
}

fn body(message: &Message) -> Vec<u8> {
    let frame = Frame {
        tpdu: Tpdu::from_digits("6000030000").unwrap(),
        header: Header::from_digits("603100310001").unwrap(),
        message: Zeroizing::new(message.emit()),
    };
    frame.emit().unwrap().split_off(Frame::PREFIX)
}

fn ask(host: &mut Host, message: &Message) -> Message {
    let Reply::Answer { bytes, .. } = host.process(&body(message)) else { panic!("no answer") };
    let frame = Frame::parse(&bytes).unwrap();
    assert_eq!(frame.tpdu.to_string(), "6000000003");
    frame.read_message().unwrap()
}

fn code(host: &mut Host, message: &Message) -> String {
    ask(host, message).text(39).unwrap().to_owned()
}

fn management(mti: Mti, code: &str) -> Message {
    Message::new(mti)
        .with(11, "000001")
        .and_then(|message| message.with(41, TERMINAL))
        .and_then(|message| message.with(42, MERCHANT))
        .and_then(|message| message.with(60, format!("00000001{code}")))
        .unwrap()
}

/// Signs in and returns the MAC key.
fn sign_in(host: &mut Host) -> Vec<u8> {
    let answer = ask(host, &management(Mti::NETWORK_REQUEST, "003"));
    let block = KeyBlock::parse(answer.get(62).unwrap()).unwrap();
    let master = DesKey::new(&TEST_MASTER_KEY).unwrap();
    let [first, second, third, fourth, ..] =
        master.unwrap_key(&block.mac.cryptogram).unwrap().check_value();
    assert_eq!(block.mac.check_value, [first, second, third, fourth]);
    let clear = block.mac.cryptogram.as_chunks().0.iter();
    clear.flat_map(|part| master.decrypt_block(*part)).collect()
}

fn swipe(stan: u32) -> Message {
    Message::new(Mti::FINANCIAL)
        .with(2, "6200000000000005")
        .and_then(|message| message.with(3, "000000"))
        .and_then(|message| message.with(4, "000000001234"))
        .and_then(|message| message.with(11, format!("{stan:06}")))
        .and_then(|message| message.with(22, "022"))
        .and_then(|message| message.with(25, "00"))
        .and_then(|message| message.with(35, "6200000000000005D30122010000000000"))
        .and_then(|message| message.with(41, TERMINAL))
        .and_then(|message| message.with(42, MERCHANT))
        .and_then(|message| message.with(49, "156"))
        .and_then(|message| message.with(60, "2200000100050"))
        .unwrap()
}

fn signed(mut message: Message, key: &[u8]) -> Message {
    message.set(64, [0; 8]).unwrap();
    let bytes = message.emit();
    message.set(64, ecb_mac(key, &bytes[..bytes.len() - 8]).unwrap()).unwrap();
    message
}

#[test]
fn money_needs_a_sign_in_and_a_code() {
    let mut host = host();
    assert_eq!(code(&mut host, &swipe(2)), "77");
    let key = sign_in(&mut host);
    assert_eq!(code(&mut host, &swipe(2)), "A0");
    assert_eq!(code(&mut host, &signed(swipe(2), &[7; 8])), "A0");
    let answer = ask(&mut host, &signed(swipe(2), &key));
    assert_eq!(answer.text(39), Some("00"));
    let bytes = answer.emit();
    let expected = ecb_mac(&key, &bytes[..bytes.len() - 8]).unwrap();
    assert_eq!(answer.get(64), Some(expected.as_slice()));
}

#[test]
fn keys_differ_at_each_sign_in() {
    let mut host = host();
    assert_ne!(sign_in(&mut host), sign_in(&mut host));
    assert_eq!(code(&mut host, &management(Mti::NETWORK_ADVICE, "002")), "00");
    assert_eq!(code(&mut host, &swipe(2)), "77", "signed out");
}

#[test]
fn every_length_of_keys_is_handed_out() {
    let mut host = host();
    for (management_code, length) in [("001", 24), ("003", 40), ("004", 60)] {
        let answer = ask(&mut host, &management(Mti::NETWORK_REQUEST, management_code));
        assert_eq!(answer.get(62).unwrap().len(), length);
    }
}

#[test]
fn missing_fields_are_format_errors() {
    let mut host = host();
    let key = sign_in(&mut host);
    for field in [3, 4, 11, 22, 25, 35, 49, 60] {
        let mut message = swipe(2);
        message.remove(field);
        assert_eq!(code(&mut host, &signed(message, &key)), "30", "without field {field}");
    }
    let fitting = |message: &mut Message, field, value: &str| message.set(field, value).unwrap();
    for (field, value, expected) in [
        (22, "052", "30"),
        (22, "021", "30"),
        (22, "992", "30"),
        (4, "000000000000", "13"),
        (49, "840", "A1"),
        (2, "6200000000000013", "14"),
        (14, "2001", "54"),
        (3, "310000", "40"),
    ] {
        let stan = 100 + host.counter;
        let mut message = swipe(stan);
        fitting(&mut message, field, value);
        assert_eq!(code(&mut host, &signed(message, &key)), expected, "field {field} = {value}");
    }
}

#[test]
fn what_is_not_handled_is_refused() {
    let mut host = host();
    for management_code in ["999", "360", "000"] {
        let message = management(Mti::NETWORK_REQUEST, management_code);
        assert_eq!(code(&mut host, &message), "40");
        let message = management(Mti::NETWORK_ADVICE, management_code);
        assert_eq!(code(&mut host, &message), "40");
    }
    let query = ask(&mut host, &management(Mti::NETWORK_ADVICE, "373"));
    assert_eq!((query.text(39), query.text(62)), (Some("00"), Some("0")));
    assert_eq!(host.process(&body(&Message::new(Mti::FINANCIAL.response()))), Reply::HangUp);
}

#[test]
fn parameters_are_listed_and_handed_out_by_name() {
    let mut host = host();
    let asked = |mti, code, field: &[u8]| management(mti, code).with(62, field).unwrap();
    for (query, record, records) in [("372", "370", 3), ("382", "380", 3)] {
        let none = management(Mti::NETWORK_ADVICE, query);
        assert_eq!(code(&mut host, &none), "30", "a query counts what is known");
        let mut names = Vec::new();
        for (known, more) in [(b"100", true), (b"102", false)] {
            let answer = ask(&mut host, &asked(Mti::NETWORK_ADVICE, query, known));
            let list = ParameterList::parse(answer.get(62).unwrap()).unwrap();
            assert_eq!(list.more, more);
            names.extend(list.names);
        }
        assert_eq!(names.len(), records);
        for name in names {
            let request = asked(Mti::NETWORK_REQUEST, record, &name.to_bytes());
            let answer = ask(&mut host, &request);
            let found = parse_parameter_record(answer.get(62).unwrap()).unwrap().unwrap();
            assert!(found.starts_with(&name.to_bytes()));
        }
        let nobodys = ParameterName { identifier: vec![1; 5], key_index: None };
        let answer = ask(&mut host, &asked(Mti::NETWORK_REQUEST, record, &nobodys.to_bytes()));
        assert_eq!(answer.get(62), Some(&b"0"[..]));
    }
}

#[test]
fn a_message_that_cannot_be_read_is_a_format_error() {
    let mut host = host();
    let mut bytes = body(&swipe(2));
    bytes.truncate(40);
    let Reply::Answer { bytes, .. } = host.process(&bytes) else { panic!("no answer") };
    let answer = Frame::parse(&bytes).unwrap().read_message().unwrap();
    assert_eq!((answer.mti().to_string().as_str(), answer.text(39)), ("0210", Some("30")));
}

#[test]
fn batch_numbers_come_round() {
    let mut host = host();
    sign_in(&mut host);
    let settle = |batch: u32| {
        management(Mti::RECONCILIATION, "201")
            .with(48, "0".repeat(62))
            .and_then(|message| message.with(60, format!("00{batch:06}201")))
            .unwrap()
    };
    for (batch, next) in [(1, 2), (999_999, 1)] {
        assert_eq!(code(&mut host, &settle(batch)), "00");
        assert_eq!(host.terminals[TERMINAL].batch, Some(next));
        assert!(!host.terminals[TERMINAL].closed.contains(&next));
    }
}

#[tokio::test]
async fn requests_can_be_waited_for() {
    let (acquirer, control) = VirtualAcquirer::new(AcquirerConfig::default()).unwrap();
    let (mut near, far) = tokio::io::duplex(1024);
    tokio::spawn(async move { acquirer.serve(far).await });
    control.next(Behaviour::DropRequest);
    let body = body(&management(Mti::NETWORK_ADVICE, "301"));
    near.write_u16(body.len().try_into().unwrap()).await.unwrap();
    near.write_all(&body).await.unwrap();
    let seen = tokio::time::timeout(Duration::from_secs(10), control.wait_for_requests(1)).await;
    seen.unwrap();
    assert_eq!(control.seen()[0].code, None);
}

#[tokio::test(start_paused = true)]
async fn a_silent_connection_is_closed() {
    let (acquirer, _) = VirtualAcquirer::new(AcquirerConfig::default()).unwrap();
    let (mut near, far) = tokio::io::duplex(64);
    let served = tokio::spawn(async move { acquirer.serve(far).await });
    near.write_all(&[0x00]).await.unwrap();
    let mut rest = Vec::new();
    let closed = tokio::time::timeout(Duration::from_secs(61), near.read_to_end(&mut rest)).await;
    assert_eq!(closed.unwrap().unwrap(), 0);
    served.await.unwrap().unwrap();
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn garbage_is_never_a_panic(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
        let mut host = host();
        host.process(&bytes);
        let framed = [&[0x60, 0, 3, 0, 0, 0x60, 0x31, 0, 0x31, 0, 1][..], &bytes].concat();
        host.process(&framed);
    }

    #[test]
    fn damage_never_books(place in 11usize..200, value in any::<u8>()) {
        let mut host = host();
        let key = sign_in(&mut host);
        let mut bytes = body(&signed(swipe(2), &key));
        let place = 11 + (place - 11) % (bytes.len() - 11);
        let changed = bytes[place] != value;
        bytes[place] = value;
        host.process(&bytes);
        proptest::prop_assert_eq!(host.ledger.entries().is_empty(), changed);
    }
}
