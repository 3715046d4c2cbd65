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
    assert_eq!(Message::decode(b"\xd6\x00\x00"), Err(NdefError::Chunked(0)));
    assert_eq!(Message::decode(b"\xb1\x01\x00U\x51\x01\x00U"), Err(NdefError::Chunked(0)));
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

/// NDEF 1.0, 2.3.3: first chunk with the type, the others of the type "unchanged".
#[test]
fn chunks_are_put_together() {
    let bytes = b"\xb1\x01\x04U\x04exa\x36\x00\x03mpl\x56\x00\x05e.com";
    let link = Message::new(vec![Record::uri("https://example.com")]);
    assert_eq!(Message::decode(bytes), Ok(link));
    for length in 1..bytes.len() {
        assert!(Message::decode(&bytes[..length]).is_err(), "{length}");
    }
    for size in [1, 4, 299, 300, 1000] {
        let message = sample();
        let chunked = message.encode_in_chunks(size.try_into().unwrap());
        assert_eq!(Message::decode(&chunked), Ok(message), "{size}");
    }
}

#[test]
fn media_and_external_types() {
    let card = Record::media("text/vcard", "BEGIN:VCARD");
    assert_eq!(card.as_media(), Some(("text/vcard", &b"BEGIN:VCARD"[..])));
    assert_eq!((card.as_external(), card.as_uri(), card.as_text()), (None, None, None));
    let own = Record::external("Example.com:Ticket", [7]);
    assert_eq!(own.as_external(), Some(("example.com:ticket", &[7][..])));
    assert_eq!(own.as_android_application(), None);
    let app = Record::android_application("com.example.pay");
    assert_eq!(
        Message::new(vec![app.clone()]).encode(),
        b"\xd4\x0f\x0fandroid.com:pkgcom.example.pay"
    );
    assert_eq!(app.as_android_application(), Some("com.example.pay"));
}

#[test]
fn smart_posters() {
    let poster = SmartPoster::new("https://example.com")
        .with_title("en", "Menu")
        .with_title("zh", "菜单")
        .with_action(Action::Save);
    let record = poster.to_record();
    assert!(record.payload.starts_with(b"\x91\x01\x0cU\x04example.com\x11\x01\x07T\x02enMenu"));
    assert!(record.payload.ends_with(b"\x51\x03\x01act\x01"));
    assert_eq!(SmartPoster::from_record(&record), Some(poster));
    let mut whole = SmartPoster::new("tel:1");
    whole.size = Some(70_000);
    whole.media_type = Some("image/png".into());
    whole.icons = vec![("image/png".into(), vec![0x89])];
    assert_eq!(SmartPoster::from_record(&whole.to_record()), Some(whole));
    // None or two links are no poster.
    for links in [vec![], vec![Record::uri("a:1"), Record::uri("b:1")]] {
        let record = Record::well_known(b"Sp", Message::new(links).encode());
        assert_eq!(SmartPoster::from_record(&record), None);
    }
}

/// Connection Handover 1.3, 6.2: a Bluetooth carrier.
#[test]
fn handovers() {
    let select = Handover::select(vec![Carrier::active("0")]);
    let record = select.to_record();
    assert_eq!(record.payload, b"\x13\xd1\x02\x04ac\x01\x010\x00");
    assert_eq!(Handover::from_record(&record), Some(select));
    let mut bluetooth = Carrier::active("b");
    bluetooth.auxiliary = vec![b"x".to_vec(), b"yz".to_vec()];
    bluetooth.power = CarrierPower::Activating;
    let request = Handover::request(0x0102, vec![bluetooth, Carrier::active("w")]);
    let record = request.to_record();
    assert!(record.payload.starts_with(b"\x13\x91\x02\x02cr\x01\x02"));
    assert_eq!(Handover::from_record(&record), Some(request));
    for length in 0..record.payload.len() {
        let mut cut = record.clone();
        cut.payload.truncate(length);
        assert_eq!(Handover::from_record(&cut), None, "{length}");
    }
}

#[test]
fn a_block_goes_where_the_old_one_was() {
    assert_eq!(tlv_place(b"\x01\x03\xa0\x0c\x34\x03\x05hello\xfe"), 5);
    assert_eq!(tlv_place(b"\x00\x00\xfe"), 2);
    assert_eq!(tlv_place(&[0; 48]), 0);
    assert_eq!(tlv_place(b"\x01\x03\xa0\x0c\x34\xfe\x00"), 5);
    assert_eq!(tlv_place(b"\xfd\x40junk"), 0);
    assert_eq!(tlv_place(b"\x00\x01\x03\xa0\x0c\x34\x00\x03\x01a\xfe"), 7);
}

/// Nothing but empty memory is behind them, and they may be behind empty memory themselves.
#[test]
fn a_block_goes_behind_those_that_tell_of_reserved_bytes() {
    assert_eq!(tlv_place(b"\x01\x03\xa0\x0c\x34\x00\x00\x00"), 5);
    assert_eq!(tlv_place(b"\x00\x00\x01\x03\xa0\x0c\x34\x00\x00"), 7);
    assert_eq!(tlv_place(b"\x00\x01\x03\xa0\x0c\x34\x00\x02\x03\xf0\x02\x03\x00\x00"), 12);
    assert_eq!(tlv_place(b"\x01\x03\xa0\x0c\x34"), 5);
}

proptest! {
    #[test]
    fn parsers_take_anything(bytes in prop::collection::vec(any::<u8>(), 0..80)) {
        if let Ok(message) = Message::decode(&bytes) {
            for record in &message.records {
                let _ = (record.as_uri(), record.as_text(), SmartPoster::from_record(record));
                if let Some(handover) = Handover::from_record(record) {
                    let again = Handover::from_record(&handover.to_record());
                    prop_assert_eq!(again, Some(handover));
                }
            }
            prop_assert_eq!(Message::decode(&message.encode()), Ok(message));
        }
        let _ = find_tlv(&bytes);
        prop_assert!(tlv_place(&bytes) <= bytes.len());
    }
}
