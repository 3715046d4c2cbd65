use super::*;

/// Every case of ISO/IEC 7816-3, clause 12.1.3 with data length and Ne.
fn cases() -> Vec<(Vec<u8>, usize, usize)> {
    let with = |body: &[u8], data: usize, tail: &[u8]| {
        let mut apdu = vec![0x00, 0xa4, 0x04, 0x00];
        apdu.extend_from_slice(body);
        apdu.resize(apdu.len() + data, 0x55);
        apdu.extend_from_slice(tail);
        apdu
    };
    vec![
        (with(&[], 0, &[]), 0, 0),
        (with(&[], 0, &[0x00]), 0, 256),
        (with(&[], 0, &[0x08]), 0, 8),
        (with(&[0x05], 5, &[]), 5, 0),
        (with(&[0xff], 255, &[]), 255, 0),
        (with(&[0x05], 5, &[0x00]), 5, 256),
        (with(&[0x01], 1, &[0xff]), 1, 255),
        (with(&[0x00], 0, &[0x01, 0x01]), 0, 257),
        (with(&[0x00], 0, &[0x00, 0x00]), 0, 65_536),
        (with(&[0x00, 0x01, 0x00], 256, &[]), 256, 0),
        (with(&[0x00, 0xff, 0xff], 65_535, &[]), 65_535, 0),
        (with(&[0x00, 0x01, 0x00], 256, &[0x00, 0x00]), 256, 65_536),
        (with(&[0x00, 0x00, 0x05], 5, &[0x01, 0x01]), 5, 257),
    ]
}

#[test]
fn every_case_both_ways() {
    for (bytes, data, expected) in cases() {
        let apdu = CommandApdu::parse(&bytes).unwrap();
        assert_eq!((apdu.data().len(), apdu.expected()), (data, expected));
        assert_eq!(apdu.to_bytes(), bytes);
        let header = [apdu.class(), apdu.instruction(), apdu.p1(), apdu.p2()];
        assert_eq!(header, [0x00, 0xa4, 0x04, 0x00]);
        let built = CommandApdu::new(0x00, 0xa4, 0x04, 0x00)
            .with_data(vec![0x55; data])
            .expecting(expected);
        assert_eq!(built, apdu);
    }
}

#[test]
fn a_length_that_disagrees_is_an_error() {
    let select = CommandApdu::new(0, 0xa4, 4, 0).with_data(vec![0xaa; 14]).expecting(256);
    let bytes = select.to_bytes();
    for length in 0..bytes.len() - 1 {
        let parsed = CommandApdu::parse(&bytes[..length]);
        match length {
            0..4 => assert_eq!(parsed, Err(ApduError::TooShort(length))),
            4 | 5 => assert!(parsed.is_ok()),
            _ if length == bytes.len() - 1 => assert!(parsed.is_ok()),
            _ => assert_eq!(parsed, Err(ApduError::WrongLength(length))),
        }
    }
    for body in [&[0, 0][..], &[0, 0, 0, 0], &[0, 0, 0, 1, 1], &[0, 0, 2, 1, 1, 1], &[1, 2, 3, 4]] {
        let bytes = [&[0x80, 0xae, 0, 0], body].concat();
        assert_eq!(CommandApdu::parse(&bytes), Err(ApduError::WrongLength(bytes.len())));
    }
}

#[test]
fn data_and_length_are_held_to_what_an_apdu_carries() {
    let apdu = CommandApdu::new(0, 0xd6, 0, 0).with_data(vec![0; 70_000]).expecting(70_000);
    assert_eq!((apdu.data().len(), apdu.expected()), (65_535, 65_536));
    assert_eq!(CommandApdu::parse(&apdu.to_bytes()), Ok(apdu));
}

#[test]
fn responses_both_ways() {
    let bytes = [0x77, 0x00, 0x90, 0x00];
    let response = ResponseApdu::parse(&bytes).unwrap();
    assert!(response.is_success());
    assert_eq!(response.data(), [0x77, 0x00]);
    assert_eq!(response.to_bytes(), bytes);
    for length in 0..2 {
        assert_eq!(ResponseApdu::parse(&bytes[..length]), Err(ApduError::TooShort(length)));
    }
    assert_eq!(ResponseApdu::from(StatusWord::WRONG_LENGTH).to_bytes(), [0x67, 0x00]);
}

#[test]
fn status_words_tell() {
    assert_eq!(StatusWord::verification_failed(2), StatusWord(0x63c2));
    assert_eq!(StatusWord(0x63c2).tries_left(), Some(2));
    assert_eq!(StatusWord(0x6300).tries_left(), None);
    assert_eq!(StatusWord(0x6100).bytes_available(), Some(256));
    assert_eq!(StatusWord(0x6c1a).right_expected(), Some(26));
    assert_eq!(StatusWord::SUCCESS.bytes_available(), None);
    assert_eq!(
        StatusWord::CONDITIONS_NOT_SATISFIED.to_string(),
        "6985 (conditions of use not satisfied)"
    );
    assert_eq!(StatusWord(0x9f01).to_string(), "9F01");
}

#[test]
fn debug_withholds_data() {
    let verify = CommandApdu::new(0x00, 0x20, 0x00, 0x80).with_data(vec![0x26, 0x12, 0x34, 0x56]);
    assert_eq!(format!("{verify:?}"), "CommandApdu(00 20 00 80, 4 bytes, expects 0)");
    let response = ResponseApdu::new([0x5a, 0x00], StatusWord::SUCCESS);
    assert_eq!(format!("{response:?}"), "ResponseApdu(2 bytes, 9000)");
}

mod any {
    use proptest::collection::vec;
    use proptest::prelude::{any, proptest};

    use super::*;

    proptest! {
        #[test]
        fn what_is_parsed_means_the_same_again(bytes in vec(any::<u8>(), 0..600)) {
            if let Ok(command) = CommandApdu::parse(&bytes) {
                assert_eq!(CommandApdu::parse(&command.to_bytes()), Ok(command));
            }
            if let Ok(response) = ResponseApdu::parse(&bytes) {
                assert_eq!(response.to_bytes(), bytes);
            }
        }

        #[test]
        fn what_is_built_is_parsed(
            header in any::<[u8; 4]>(),
            length in 0..70_000usize,
            expected in 0..70_000usize,
        ) {
            let [class, instruction, p1, p2] = header;
            let command = CommandApdu::new(class, instruction, p1, p2)
                .with_data(vec![0x55; length])
                .expecting(expected);
            assert_eq!(CommandApdu::parse(&command.to_bytes()), Ok(command));
        }
    }
}
