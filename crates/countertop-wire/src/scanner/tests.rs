use super::*;

const CODE: &[u8] = b"6200000000000000005";

fn decode(suffix: Suffix, bytes: &[u8]) -> Vec<Vec<u8>> {
    let mut decoder = ScanDecoder::new(suffix);
    let mut codes = Vec::new();
    for byte in bytes {
        decoder.push(&[*byte]);
        codes.extend(decoder.next_code().map(|code| code.to_vec()));
    }
    codes
}

#[test]
fn lines_end_in_three_ways() {
    let codes = decode(Suffix::LineEnd, b"1\r2\n3\r\n\r\n4");
    assert_eq!(codes, [b"1", b"2", b"3"]);
}

#[test]
fn suffixes_of_several_bytes() {
    let codes = decode(Suffix::Bytes(b"##".to_vec()), b"1#2##3##");
    assert_eq!(codes, [b"1#2".to_vec(), b"3".to_vec()]);
    assert!(decode(Suffix::Bytes(Vec::new()), b"123").is_empty());
}

#[test]
fn silence_ends_a_code_or_drops_it() {
    for (suffix, expected) in [(Suffix::Silence, Some(CODE)), (Suffix::LineEnd, None)] {
        let mut decoder = ScanDecoder::new(suffix);
        decoder.push(CODE);
        assert_eq!(decoder.next_code(), None);
        assert!(decoder.is_pending());
        assert_eq!(decoder.silence().as_deref().map(Vec::as_slice), expected);
        assert!(!decoder.is_pending());
    }
}

#[test]
fn what_is_discarded_stays_away_whole() {
    for suffix in [Suffix::LineEnd, Suffix::Bytes(b"\r\n".to_vec())] {
        let mut decoder = ScanDecoder::new(suffix);
        decoder.push(b"old\r\nhalf");
        decoder.discard();
        decoder.push(b" and the rest\r");
        decoder.push(b"\nnew\r\n");
        assert_eq!(**decoder.next_code().unwrap(), *b"new");
        assert_eq!(decoder.next_code(), None);
    }
    let mut decoder = ScanDecoder::new(Suffix::LineEnd);
    decoder.push(b"complete\r");
    decoder.discard();
    decoder.push(b"new\r");
    assert_eq!(**decoder.next_code().unwrap(), *b"new");
}

#[test]
fn silence_ends_discarding() {
    for suffix in [Suffix::Silence, Suffix::LineEnd] {
        let mut decoder = ScanDecoder::new(suffix);
        decoder.push(b"half");
        decoder.discard();
        decoder.push(b"rest");
        assert_eq!(decoder.silence(), None);
        assert!(!decoder.is_pending());
    }
}

#[test]
fn too_long_codes_are_dropped_whole() {
    let mut decoder = ScanDecoder::new(Suffix::LineEnd);
    for _ in 0..100 {
        decoder.push(&[b'x'; 100]);
        assert_eq!(decoder.next_code(), None);
    }
    decoder.push(b"\rgood\r");
    assert_eq!(**decoder.next_code().unwrap(), *b"good");
    let longest = [&[b'x'; MAX_CODE][..], b"\r"].concat();
    assert_eq!(decode(Suffix::LineEnd, &longest)[0].len(), MAX_CODE);
}

#[test]
fn formats_round_trip() {
    for suffix in [Suffix::LineEnd, Suffix::Bytes(vec![3])] {
        for aim in [false, true] {
            let format = ScanFormat { prefix: b"\x02".to_vec(), suffix: suffix.clone(), aim };
            let bytes = format.encode(Some(AimIdentifier::QR_CODE), CODE);
            let mut decoder = ScanDecoder::new(suffix.clone());
            decoder.push(&bytes);
            let code = decoder.next_code().unwrap();
            let expected = aim.then_some(AimIdentifier::QR_CODE);
            assert_eq!(format.strip(&code), Some((expected, CODE)));
        }
    }
}

#[test]
fn bytes_on_the_line() {
    let format = ScanFormat { aim: true, ..ScanFormat::default() };
    assert_eq!(*format.encode(Some(AimIdentifier::QR_CODE), b"12"), *b"]Q112\r");
    let stripped = (Some(AimIdentifier::CODE_128), b"ABC".as_slice());
    assert_eq!(format.strip(b"]C0ABC"), Some(stripped));
    for code in [b"".as_slice(), b"]", b"]Q", b"]1Q", b"]Q]1", b"Q1"] {
        assert_eq!(format.strip(code), Some((None, code)));
    }
}

#[test]
fn noise_ends_at_the_prefix() {
    let format = ScanFormat { prefix: vec![2], aim: true, ..ScanFormat::default() };
    for noise in [b"".as_slice(), &[0x00, 0xff, 0x7e], b"]Q1"] {
        let code = [noise, b"\x02]Q1", CODE].concat();
        assert_eq!(format.strip(&code), Some((Some(AimIdentifier::QR_CODE), CODE)));
    }
    assert_eq!(format.strip(CODE), None);
    assert_eq!(format.strip(b""), None);
    assert_eq!(format.strip(b"\x02"), Some((None, b"".as_slice())));
}

#[test]
fn nothing_is_guessed_between_two_prefixes() {
    let format = ScanFormat { prefix: vec![2], ..ScanFormat::default() };
    for code in [b"\x02620\x0262001".as_slice(), b"\xff\x02\x5562\x0262001"] {
        assert_eq!(format.strip(code), None);
    }
    let format = ScanFormat { prefix: b"P".to_vec(), ..ScanFormat::default() };
    assert_eq!(format.strip(b"PAPPLE"), Some((None, b"APPLE".as_slice())));
    assert_eq!(format.strip(b"?PAPPLE"), None);
    assert_eq!(format.strip(b"?PEAR"), Some((None, b"EAR".as_slice())));
}

#[test]
fn debug_shows_no_code() {
    let mut decoder = ScanDecoder::new(Suffix::LineEnd);
    decoder.push(CODE);
    assert_eq!(format!("{decoder:?}"), "ScanDecoder(19 bytes)");
}
