use zeroize::Zeroizing;

use super::*;

const PAN: &[u8] = b"6200000000000005";

fn pin_entry(key_len: usize) -> PinEntryRequest {
    PinEntryRequest {
        account: Zeroizing::new(PAN.to_vec()),
        working_key: (0..16).take(key_len).collect(),
        min_length: 4,
        max_length: 12,
        null_allowed: true,
        prompt: "CNY 12.34".into(),
        second_prompt: "ENTER PIN".into(),
        processing_prompt: "PROCESSING".into(),
        half_minutes: Some(2),
    }
}

fn requests() -> Vec<Request> {
    let amount = |key_len: usize| AmountPinRequest {
        account: Zeroizing::new(PAN.to_vec()),
        working_key: (0..16).take(key_len).collect(),
        amount: "12.34".into(),
        half_minutes: None,
    };
    let mac = |last| MacRequest {
        last,
        sequence: 3,
        master_key: 2,
        working_key: vec![0xab; 16],
        data: vec![0x5a; MAX_MAC_DATA],
    };
    let offline = OfflinePinRequest {
        modulus: vec![0xc1; 248],
        exponent: vec![1, 0, 1],
        challenge: [7; 8],
        prompt: "CNY 12.34".into(),
        half_minutes: Some(9),
    };
    vec![
        Request::AmountPin(amount(8)),
        Request::AmountPin(amount(16)),
        Request::Cancel,
        Request::Capabilities,
        Request::CheckMasterKey(0),
        Request::ConnectionTest,
        Request::DisplayLines(vec!["THANK YOU".into(), "GOOD BYE".into()]),
        Request::DisplayString("WELCOME".into()),
        Request::Mac(mac(true)),
        Request::Mac(mac(false)),
        Request::OfflinePin(offline),
        Request::PinEntry(pin_entry(8)),
        Request::PinEntry(pin_entry(16)),
        Request::Reset,
        Request::SelectMasterKey(7),
        Request::SerialNumber,
    ]
}

fn responses() -> Vec<Response> {
    let entered = PinResponse::Entered { length: 6, block: Zeroizing::new([0xfe; 8]) };
    vec![
        Response::Capabilities(vec!["ICC".into(), TEST_KEYS.into()]),
        Response::Mac(MacResponse::Mac([1; 8])),
        Response::Mac(MacResponse::Status(MacStatus::Ready)),
        Response::Mac(MacResponse::Status(MacStatus::Other(b'B'))),
        Response::MasterKey { loaded: true },
        Response::MasterKey { loaded: false },
        Response::MasterKeySelected(true),
        Response::OfflinePin(OfflinePinResponse::Enciphered(Zeroizing::new(vec![9; 248]))),
        Response::OfflinePin(OfflinePinResponse::Null),
        Response::OfflinePin(OfflinePinResponse::KeyRefused),
        Response::Pin(entered),
        Response::Pin(PinResponse::Null),
        Response::Pin(PinResponse::Refused(PinError::NoMasterKey)),
        Response::SerialNumber("CTVPP0000001".into()),
    ]
}

fn decode(bytes: &[u8]) -> Vec<Token> {
    let mut decoder = FrameDecoder::new();
    let mut tokens = Vec::new();
    for byte in bytes {
        decoder.push(&[*byte]);
        tokens.extend(decoder.next_token());
    }
    tokens
}

#[test]
fn packets_round_trip_byte_by_byte() {
    for request in requests() {
        let frame = request.encode().unwrap();
        assert_eq!(decode(&frame.encode()), [Token::Frame(frame.clone())]);
        assert_eq!(Request::parse(&frame), Ok(request));
    }
    for response in responses() {
        let frame = response.encode();
        assert_eq!(decode(&frame.encode()), [Token::Frame(frame.clone())]);
        assert_eq!(Response::parse(&frame), Ok(response));
    }
}

/// MX800 p. 322: select master key 7; the LRC is the XOR of `087` and SO.
#[test]
fn bytes_of_the_manuals() {
    let select = Request::SelectMasterKey(7).encode().unwrap();
    assert_eq!(*select.encode(), *b"\x0f087\x0e\x31");
    let cancel = Request::Cancel.encode().unwrap();
    assert_eq!(*cancel.encode(), *b"\x0272\x03\x06");
    let pin = Request::PinEntry(pin_entry(8)).encode().unwrap();
    let text =
        b"Z62.6200000000000005\x1c00010203040506070412YCNY 12.34\x1cENTER PIN\x1cPROCESSING\x1c2";
    assert_eq!(pin.text(), text);
}

/// MX800 p. 337: flag 3, sequence 00, pointer 2; the flag is of a mode that is not offered here.
#[test]
fn a_mac_request_of_the_manual() {
    let with_flag = |flag: u8| {
        let mut text = b"Z66?002\x1c0123456789123456\x1c\x1c0123456789ABCDEF".to_vec();
        text[3] = flag;
        Request::parse(&Frame::new(FrameKind::Transaction, text))
    };
    assert_eq!(with_flag(b'3'), Err(PacketError::Type));
    let Ok(Request::Mac(binary)) = with_flag(b'6') else { panic!("no MAC request") };
    assert_eq!((binary.master_key, binary.data.len()), (2, 8));
    let Ok(Request::Mac(ascii)) = with_flag(b'5') else { panic!("no MAC request") };
    assert_eq!((ascii.last, ascii.data.as_slice()), (false, b"0123456789ABCDEF".as_slice()));
}

#[test]
fn a_null_pin_may_carry_a_block() {
    let frame = Frame::new(FrameKind::Transaction, b"71.00001FFFFFFFFFFFFFFFF".to_vec());
    assert_eq!(Response::parse(&frame), Ok(Response::Pin(PinResponse::Null)));
}

#[test]
fn truncated_texts_are_typed_errors_or_other_packets() {
    for request in requests() {
        let frame = request.encode().unwrap();
        for len in 0..frame.text().len() {
            let cut = Frame::new(frame.kind(), frame.text()[..len].to_vec());
            assert_ne!(Request::parse(&cut), Ok(request.clone()));
        }
    }
    for response in responses() {
        let frame = response.encode();
        for len in 0..frame.text().len() {
            let cut = Frame::new(frame.kind(), frame.text()[..len].to_vec());
            assert_ne!(Response::parse(&cut), Ok(response.clone()));
        }
    }
}

#[test]
fn damage_is_seen_and_passed_over() {
    let good = Request::SerialNumber.encode().unwrap();
    let mut bytes = good.encode().to_vec();
    bytes[1] ^= 1;
    bytes.extend(good.encode().iter());
    assert_eq!(decode(&bytes), [Token::Damaged, Token::Frame(good)]);
}

#[test]
fn a_cut_packet_yields_to_the_next() {
    let good = Request::SerialNumber.encode().unwrap();
    let mut bytes = b"noise\x02Z62.6200".to_vec();
    bytes.extend(good.encode().iter());
    bytes.extend(b"\x0206\x04\x06\x15");
    let expected = [Token::Frame(good), Token::Eot, Token::Ack, Token::Nak];
    assert_eq!(decode(&bytes), expected);
}

#[test]
fn an_endless_packet_is_damaged() {
    let mut decoder = FrameDecoder::new();
    decoder.push(&[0x02]);
    decoder.push(&[b'A'; 2000]);
    assert_eq!(decoder.next_token(), Some(Token::Damaged));
    assert_eq!(decoder.next_token(), None);
}

#[test]
fn bounds_are_checked_before_sending() {
    let with = |change: fn(&mut PinEntryRequest)| {
        let mut request = pin_entry(16);
        change(&mut request);
        request.encode().unwrap_err()
    };
    assert_eq!(with(|r| r.account = Zeroizing::new(b"62".to_vec())), PacketError::Length);
    assert_eq!(with(|r| r.account = Zeroizing::new(b"6200000x".to_vec())), PacketError::Digits);
    assert_eq!(with(|r| r.working_key = vec![0; 24]), PacketError::Length);
    assert_eq!(with(|r| r.min_length = 3), PacketError::Length);
    assert_eq!(with(|r| r.max_length = 13), PacketError::Length);
    assert_eq!(with(|r| r.prompt = "seventeen letters".into()), PacketError::Length);
    assert_eq!(with(|r| r.prompt = "\u{3}".into()), PacketError::Text);
    assert_eq!(Request::SelectMasterKey(10).encode(), Err(PacketError::Length));
    assert_eq!(Request::DisplayLines(Vec::new()).encode(), Err(PacketError::Length));
    assert_eq!(Request::DisplayString("付款".into()).encode(), Err(PacketError::Text));
}

#[test]
fn debug_shows_no_card_data() {
    let request = Request::PinEntry(pin_entry(16));
    let frame = request.encode().unwrap();
    let shown = format!("{request:?} {frame:?} {:?}", Token::Frame(frame.clone()));
    assert!(!shown.contains("6200"), "{shown}");
    let block = Response::Pin(PinResponse::Entered { length: 4, block: Zeroizing::new([0xab; 8]) });
    let shown = format!("{block:?} {:?}", block.encode());
    assert_eq!(shown, "Pin(Entered(..)) Frame(71, 24 bytes)");
}
