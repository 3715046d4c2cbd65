use super::*;

/// The answer to SELECT of a UnionPay debit card.
const FCI: &str = "6F2D8408A000000333010101A521500E556E696F6E50617920446562697487010\
                   19F3803 9F3704 5F2D027A68BF0C00";

fn hex(text: &str) -> Vec<u8> {
    let digits: Vec<u8> = text.bytes().filter(u8::is_ascii_hexdigit).collect();
    digits
        .chunks(2)
        .map(|pair| u8::from_str_radix(core::str::from_utf8(pair).unwrap(), 16).unwrap())
        .collect()
}

fn fci() -> Vec<u8> {
    let proprietary = TlvWriter::new()
        .put(tags::APPLICATION_LABEL, b"UnionPay Debit")
        .put(tags::APPLICATION_PRIORITY_INDICATOR, [1])
        .put(tags::PDOL, Dol::new([(tags::UNPREDICTABLE_NUMBER, 4)]).to_bytes())
        .put(tags::LANGUAGE_PREFERENCE, b"zh")
        .template(tags::FCI_ISSUER_DISCRETIONARY_DATA, TlvWriter::new());
    let fci = TlvWriter::new()
        .put(tags::DEDICATED_FILE_NAME, hex("A000000333010101"))
        .template(tags::FCI_PROPRIETARY_TEMPLATE, proprietary);
    TlvWriter::new().template(tags::FCI_TEMPLATE, fci).finish()
}

#[test]
fn writes_nested_templates() {
    assert_eq!(fci(), hex(FCI));
}

#[test]
fn follows_a_path() {
    let fci = fci();
    let path = [tags::FCI_TEMPLATE, tags::FCI_PROPRIETARY_TEMPLATE, tags::LANGUAGE_PREFERENCE];
    assert_eq!(find(&fci, &path), Ok(Some(b"zh".as_slice())));
    assert_eq!(find(&fci, &[tags::FCI_TEMPLATE, tags::PDOL]), Ok(None));
    assert_eq!(find_anywhere(&fci, tags::PDOL), Ok(Some(hex("9F3704").as_slice())));
    assert_eq!(find_anywhere(&fci, tags::CDOL1), Ok(None));
}

#[test]
fn every_truncation_is_an_error() {
    let fci = fci();
    for length in 1..fci.len() {
        assert!(Tlv::parse(&fci[..length]).is_err(), "{length}");
        assert_eq!(tlvs(&fci[..length]).count(), 1);
    }
    assert_eq!(tlvs(&[]).count(), 0);
}

#[test]
fn skips_padding() {
    let padded = hex("0000 5A0162 00 9F360100 0000");
    let found: Vec<_> = tlvs(&padded).map(|tlv| tlv.unwrap().tag.to_string()).collect();
    assert_eq!(found, ["5A", "9F36"]);
}

#[test]
fn tags_have_one_to_three_bytes() {
    let (tag, rest) = Tag::parse(&[0xdf, 0x81, 0x29, 0x01]).unwrap();
    assert_eq!((tag.number(), tag.len(), rest), (0x00df_8129, 3, [1].as_slice()));
    assert_eq!(Tag::parse(&[0xdf, 0x81, 0x81, 0x01]), Err(TlvError::BadTag));
    assert_eq!(Tag::parse(&[0x9f]), Err(TlvError::Truncated { missing: 1 }));
    assert_eq!(Tag::try_from(0x9f02), Ok(tags::AMOUNT_AUTHORISED));
    for no_tag in [0x9f, 0x1234, 0x9f81, 0x0100_0000] {
        assert_eq!(Tag::try_from(no_tag), Err(TlvError::BadTag), "{no_tag:x}");
    }
}

#[test]
fn every_tag_of_the_table_is_a_tag() {
    for tag in tags::all() {
        assert_eq!(Tag::try_from(tag.number()), Ok(tag), "{tag}");
        assert!(tag.name().is_some());
        assert_eq!(tag.format() == Format::Constructed, tag.is_constructed(), "{tag}");
    }
    assert_eq!(tags::TERMINAL_TRANSACTION_QUALIFIERS.to_string(), "9F66");
    assert_eq!(tags::PDOL.name(), Some("Processing Options Data Object List (PDOL)"));
}

#[test]
fn lengths_take_the_shortest_form() {
    for (length, field) in [
        (0, "00"),
        (0x7f, "7F"),
        (0x80, "8180"),
        (0xff, "81FF"),
        (0x100, "820100"),
        (0x1_0000, "83010000"),
    ] {
        let written = TlvWriter::new().put(tags::CDOL1, vec![0xaa; length]).finish();
        assert_eq!(written[1..written.len() - length], hex(field));
        let (tlv, rest) = Tlv::parse(&written).unwrap();
        assert_eq!((tlv.value.len(), rest.len()), (length, 0));
    }
}

#[test]
fn refuses_other_length_forms() {
    for field in [0x80, 0x84, 0xff] {
        assert_eq!(Tlv::parse(&[0x5a, field, 0, 0, 0, 0, 0]), Err(TlvError::BadLength(field)));
    }
    assert_eq!(Tlv::parse(&hex("5A 82 01")), Err(TlvError::Truncated { missing: 1 }));
    assert_eq!(Tlv::parse(&hex("5A 82 0102 00")), Err(TlvError::Truncated { missing: 0x101 }));
}

#[test]
fn deep_nesting_is_no_stack_overflow() {
    let mut bytes = Vec::new();
    for _ in 0..2000 {
        bytes = TlvWriter::new().put(tags::READ_RECORD_TEMPLATE, bytes).finish();
    }
    assert_eq!(find_anywhere(&bytes, tags::PDOL), Err(TlvError::TooDeep));
}

#[test]
fn debug_withholds_values() {
    let bytes = hex("5A 02 6200");
    let (tlv, _) = Tlv::parse(&bytes).unwrap();
    assert_eq!(format!("{tlv:?}"), "Tlv(5A, 2 bytes)");
    assert_eq!(format!("{:?}", TlvWriter::new().raw(&bytes)), "TlvWriter(4 bytes)");
}

#[test]
fn dol_answer_justifies_by_format() {
    let dol = Dol::parse(&hex("9F0206 9F0202 5A0A 9F3702 9505 9F1A02 7001")).unwrap();
    let answer = dol.answer(|tag| match tag {
        tags::AMOUNT_AUTHORISED => Some(hex("1234567890")),
        tags::APPLICATION_PAN => Some(hex("6200000000000005")),
        tags::UNPREDICTABLE_NUMBER => Some(hex("01020304")),
        tags::READ_RECORD_TEMPLATE => Some(hex("55")),
        tags::TERMINAL_COUNTRY_CODE => Some(hex("56")),
        _ => None,
    });
    let expected = "001234567890 7890 6200000000000005FFFF 0102 0000000000 0056 00";
    assert_eq!(answer, hex(expected));
    assert_eq!(answer.len(), dol.data_length());
    let values = dol.split(&answer).unwrap();
    assert_eq!(values[3], (tags::UNPREDICTABLE_NUMBER, [1, 2].as_slice()));
}

#[test]
fn dol_split_wants_the_exact_length() {
    let dol = Dol::new([(tags::AMOUNT_AUTHORISED, 6), (tags::TRANSACTION_TYPE, 1)]);
    for length in (0..10).filter(|&length| length != 7) {
        let error = TlvError::DolLength { expected: 7, actual: length };
        assert_eq!(dol.split(&vec![0; length]), Err(error));
    }
    assert!(dol.contains(tags::TRANSACTION_TYPE) && !dol.contains(tags::PDOL));
}

#[test]
fn dol_round_trip_and_truncation() {
    let bytes = hex("9F66049F02069505DF812901");
    let dol = Dol::parse(&bytes).unwrap();
    assert_eq!(dol.to_bytes(), bytes);
    assert_eq!(dol.entries()[2], DolEntry { tag: tags::TERMINAL_VERIFICATION_RESULTS, length: 5 });
    for length in [1, 2, 4, 5, 7, 9, 10, 11] {
        assert_eq!(Dol::parse(&bytes[..length]), Err(TlvError::Truncated { missing: 1 }));
    }
}

#[test]
fn numeric_round_trip() {
    assert_eq!(numeric::encode(12_345, 6), Some(hex("000000012345")));
    assert_eq!(numeric::encode(156, 1), None);
    assert_eq!(numeric::decode(&hex("000000012345")), Some(12_345));
    assert_eq!(numeric::decode(&hex("0A")), None);
    assert_eq!(numeric::decode(&[0x99; 10]), None);
    assert_eq!(numeric::decode(&[]), Some(0));
}

#[test]
fn compressed_numeric_round_trip() {
    assert_eq!(numeric::encode_compressed("123"), Some(hex("123F")));
    assert_eq!(numeric::encode_compressed("12x"), None);
    assert_eq!(numeric::decode_compressed(&hex("123FFF")).as_deref(), Some("123"));
    assert_eq!(numeric::decode_compressed(&hex("12F3")), None);
    assert_eq!(numeric::decode_compressed(&hex("12A3")), None);
}

mod any {
    use proptest::collection::vec;
    use proptest::prelude::{any, proptest};

    use super::*;

    proptest! {
        #[test]
        fn bytes_are_read_without_panic(bytes in vec(any::<u8>(), 0..64)) {
            let whole = tlvs(&bytes).take_while(Result::is_ok).count();
            assert!(tlvs(&bytes).count() <= whole + 1);
            let _ = find_anywhere(&bytes, tags::PDOL);
            if let Ok(dol) = Dol::parse(&bytes) {
                assert_eq!(dol.to_bytes(), bytes);
                let answer = dol.answer(|_| Some([0x12, 0x34, 0x56]));
                assert_eq!(dol.split(&answer).unwrap().len(), dol.entries().len());
            }
        }

        #[test]
        fn what_is_written_is_read(values in vec((0..100usize, vec(any::<u8>(), 0..300)), 0..8)) {
            let known: Vec<Tag> = tags::all().collect();
            let values: Vec<_> =
                values.iter().map(|(index, value)| (known[*index], value.as_slice())).collect();
            let written =
                values.iter().fold(TlvWriter::new(), |out, (tag, value)| out.put(*tag, value));
            let written = written.finish();
            let read: Vec<_> =
                tlvs(&written).map(Result::unwrap).map(|tlv| (tlv.tag, tlv.value)).collect();
            assert_eq!(read, values);
        }

        #[test]
        fn numbers_come_back(value in 0..1_000_000_000_000u64) {
            let bytes = numeric::encode(value, 6).unwrap();
            assert_eq!(numeric::decode(&bytes), Some(value));
        }

        #[test]
        fn digits_come_back(digits in "[0-9]{0,19}") {
            let bytes = numeric::encode_compressed(&digits).unwrap();
            assert_eq!(numeric::decode_compressed(&bytes), Some(digits));
        }
    }
}
