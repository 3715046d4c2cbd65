use proptest::prelude::*;

use super::*;

/// The examples of URI RTD 1.0 (appendix A) and Text RTD 1.0 (appendix A).
#[test]
fn vectors() {
    let uri = Message::new(vec![Record::uri("http://www.nfc.com")]);
    assert_eq!(uri.encode(), b"\xd1\x01\x08U\x01nfc.com");
    let text = Message::new(vec![Record::text("en", "Hello, world!")]);
    assert_eq!(text.encode(), b"\xd1\x01\x10T\x02enHello, world!");
}

#[test]
fn links_and_texts_round_trip() {
    for uri in ["https://www.example.com/a?b", "https://example.com", "tel:+861234", "x-own:1", ""]
    {
        assert_eq!(Record::uri(uri).as_uri().as_deref(), Some(uri));
        assert_eq!(Record::uri(uri).as_text(), None);
    }
    let text = Record::text("zh-CN", "谢谢光临").as_text().unwrap();
    assert_eq!((text.language.as_str(), text.text.as_str()), ("zh-CN", "谢谢光临"));
    let mut utf16 = Record::text("ja", "");
    utf16.payload = b"\x82ja\x30\x42".to_vec();
    assert_eq!(utf16.as_text().unwrap().text, "あ");
    utf16.payload = b"\x82ja\xff\xfe\x42\x30".to_vec();
    assert_eq!(utf16.as_text().unwrap().text, "あ");
    utf16.payload = b"\x3fja".to_vec();
    assert_eq!(utf16.as_text(), None);
}

fn sample() -> Message {
    let media = Record {
        type_name: TypeName::Media,
        kind: b"text/vcard".to_vec(),
        id: b"7".to_vec(),
        payload: vec![b'x'; 300],
    };
    Message::new(vec![Record::uri("https://example.com"), media, Record::text("en", "hi")])
}

#[test]
fn long_records_and_identifiers_round_trip() {
    let bytes = sample().encode();
    assert_eq!(Message::decode(&bytes), Ok(sample()));
    for length in 1..bytes.len() {
        assert!(Message::decode(&bytes[..length]).is_err(), "{length}");
    }
    assert_eq!(Message::decode(&[]), Ok(Message::default()));
}

#[test]
fn errors_name_the_record() {
    assert_eq!(Message::decode(b"\xf1\x01\x00U"), Err(NdefError::Chunked(0)));
    assert_eq!(Message::decode(b"\xd7\x01\x00U"), Err(NdefError::TypeName(0)));
    assert_eq!(Message::decode(b"\x51\x01\x00U"), Err(NdefError::Order(0)));
    assert_eq!(Message::decode(b"\x91\x01\x00U\xd1\x01\x00U"), Err(NdefError::Order(1)));
    assert_eq!(Message::decode(b"\x91\x01\x00U\x51\x01"), Err(NdefError::Truncated(1)));
}

#[test]
fn blocks_of_a_tag() {
    assert_eq!(wrap_tlv(b"ab"), b"\x03\x02ab\xfe");
    let memory = b"\x00\x01\x03\xa0\x10\x44\x03\x02ab\xfe";
    assert_eq!(find_tlv(memory), FoundTlv::Message(b"ab"));
    for length in 0..memory.len() - 1 {
        assert_eq!(find_tlv(&memory[..length]), FoundTlv::Incomplete, "{length}");
    }
    assert_eq!(find_tlv(b"\x03\x00\xfe"), FoundTlv::Message(b""));
    assert_eq!(find_tlv(b"\x00\xfe\x03\x00"), FoundTlv::Absent);
    assert_eq!(find_tlv(b"\x03\xff\x01"), FoundTlv::Incomplete);
    let long = vec![7; 300];
    assert_eq!(find_tlv(&wrap_tlv(&long)), FoundTlv::Message(&long));
}

proptest! {
    #[test]
    fn parsers_take_anything(bytes in prop::collection::vec(any::<u8>(), 0..80)) {
        if let Ok(message) = Message::decode(&bytes) {
            for record in &message.records {
                let _ = (record.as_uri(), record.as_text());
            }
            prop_assert_eq!(Message::decode(&message.encode()), Ok(message));
        }
        let _ = find_tlv(&bytes);
    }
}
