use super::*;
use crate::apdu::StatusWord;

/// Answers of cards in use, as their makers' manuals and PC/SC part 3 print them.
const KNOWN: &[&str] = &[
    // T=0 with default parameters and a maker's historical bytes.
    "3B6500002063CB6600",
    // A payment card of T=0 that tells of itself as ISO/IEC 7816-4 says.
    "3B6E00000031C071C66501B0010337839000",
    // MIFARE Classic 1K and 4K through a contactless reader (Gemalto Prox-DU manual, page 101).
    "3B8F8001804F0CA000000306030001000000006A",
    "3B8F8001804F0CA0000003060300020000000069",
];

fn hex(text: &str) -> Vec<u8> {
    let digits: Vec<u32> = text.chars().filter_map(|digit| digit.to_digit(16)).collect();
    digits.chunks(2).map(|pair| u8::try_from(pair[0] << 4 | pair[1]).unwrap()).collect()
}

fn with_check(text: &str) -> Vec<u8> {
    let mut bytes = hex(text);
    bytes.push(bytes[1..].iter().fold(0, |check, byte| check ^ byte));
    bytes
}

#[test]
fn known_answers_are_cut_off_at_no_length() {
    for bytes in KNOWN.iter().map(|text| hex(text)) {
        for length in 0..bytes.len() {
            let parsed = AnswerToReset::parse(&bytes[..length]);
            assert!(matches!(parsed, Err(AtrError::Truncated(_))), "{length}: {parsed:?}");
        }
        let longer = [&bytes[..], &[0]].concat();
        assert_eq!(AnswerToReset::parse(&longer), Err(AtrError::TooLong(1)));
        assert_eq!(AnswerToReset::parse(&bytes).unwrap().encode(), bytes);
    }
}

#[test]
fn t0_alone_has_no_check_byte() {
    let bytes = hex(KNOWN[0]);
    let answer = AnswerToReset::parse(&bytes).unwrap();
    assert_eq!(answer.protocols(), [Protocol::T0]);
    assert_eq!(answer.historical(), Historical::Proprietary(&[0x20, 0x63, 0xcb, 0x66, 0x00]));
    assert_eq!(answer.t0_parameters(), Some(T0Parameters { waiting_integer: 10 }));
    assert_eq!(answer.t1_parameters(), None);
    assert!(!answer.is_contactless());
}

#[test]
fn t1_tells_its_fields() {
    let bytes = with_check("3BEE00FF8131FE4565630D0E0F101112131415161718");
    let answer = AnswerToReset::parse(&bytes).unwrap();
    assert_eq!(answer.protocols(), [Protocol::T1]);
    assert_eq!(
        answer.t1_parameters(),
        Some(T1Parameters {
            information_field_size: 0xfe,
            block_waiting_integer: 4,
            character_waiting_integer: 5,
            error_detection: ErrorDetection::Lrc,
        })
    );
    assert_eq!(answer.extra_guard_time(), 0xff);
    assert_eq!(answer.encode(), bytes);
}

#[test]
fn specific_mode_and_rate() {
    let group = InterfaceBytes { protocol: None, ta: Some(0x96), tb: None, tc: None };
    let second = InterfaceBytes { ta: Some(0x91), ..InterfaceBytes::of(Protocol::T1) };
    let third = InterfaceBytes { tc: Some(1), ..InterfaceBytes::of(Protocol::T1) };
    let answer = AnswerToReset::new(Convention::Inverse, &[group, second, third], &[0x10, 0x82]);
    let parsed = AnswerToReset::parse(&answer.encode()).unwrap();
    assert_eq!(parsed, answer);
    let rate = TransmissionRate { clock_rate: 512, adjustment: 32, max_clock: 5_000 };
    assert_eq!(parsed.transmission_rate(), Some(rate));
    let mode = SpecificMode { protocol: Protocol::T1, implicit: true, changeable: false };
    assert_eq!(parsed.specific_mode(), Some(mode));
    assert_eq!(parsed.t1_parameters().unwrap().error_detection, ErrorDetection::Crc);
    assert_eq!(parsed.historical(), Historical::DirReference(0x82));
    assert_eq!(parsed.convention(), Convention::Inverse);
}

#[test]
fn a_reserved_rate_is_none() {
    for ta1 in [0x71, 0x10, 0x1a, 0xff] {
        let group = InterfaceBytes { ta: Some(ta1), ..InterfaceBytes::default() };
        let answer = AnswerToReset::new(Convention::Direct, &[group], &[]);
        assert_eq!(answer.transmission_rate(), None, "{ta1:02x}");
    }
    let rate = AnswerToReset::parse(&[0x3b, 0x00]).unwrap().transmission_rate().unwrap();
    assert_eq!((rate.clock_rate, rate.adjustment), (372, 1));
}

#[test]
fn capabilities_tell_of_chains_and_extended_lengths() {
    // Card service data, card capabilities with three bytes, status.
    let historical = hex("0031C173C80140009000");
    let answer = AnswerToReset::new(Convention::Direct, &[], &historical);
    let answer = AnswerToReset::parse(&answer.encode()).unwrap();
    let capabilities = answer.capabilities().unwrap();
    assert!(capabilities.extended_lengths() && !capabilities.command_chaining());
    assert!(!capabilities.extended_length_information());
    let Historical::WithStatus { life_cycle, status, objects } = answer.historical() else {
        panic!("{answer:?}");
    };
    assert_eq!((life_cycle, status), (0, StatusWord::SUCCESS));
    let tags: Vec<_> = objects.map(|object| object.tag).collect();
    assert_eq!(tags, [3, 7]);
    assert_eq!(AnswerToReset::new(Convention::Direct, &[], &[]).capabilities(), None);
    // One byte of capabilities: the others are nought.
    let short = AnswerToReset::new(Convention::Direct, &[], &[0x80, 0x71, 0xc8]);
    assert_eq!(short.capabilities(), Some(CardCapabilities([0xc8, 0, 0])));
}

#[test]
fn storage_cards_both_ways() {
    let names = [CardName::MIFARE_CLASSIC_1K, CardName::MIFARE_CLASSIC_4K];
    for (name, known) in names.into_iter().zip(&KNOWN[2..]) {
        let card = StorageCard::new(StorageStandard::ISO_14443_A_3, name);
        assert_eq!(card.answer_to_reset().encode(), hex(known));
        assert_eq!(AnswerToReset::parse(&hex(known)).unwrap().storage_card(), Some(card));
    }
    assert_eq!(CardName(0x0003).name(), Some("MIFARE Ultralight"));
    assert_eq!(CardName(0x7777).name(), None);
}

#[test]
fn a_contactless_card_that_stores_nothing_is_none() {
    let answer = AnswerToReset::contactless(&[0x80, 0x4f, 0x0c, 0xa0]);
    assert!(answer.is_contactless());
    assert_eq!(answer.storage_card(), None);
    assert_eq!(AnswerToReset::contactless(&[]).encode(), [0x3b, 0x80, 0x80, 0x01, 0x01]);
}

#[test]
fn wrong_bytes_are_named() {
    assert_eq!(AnswerToReset::parse(&[0x3c, 0]), Err(AtrError::BadInitial(0x3c)));
    let mut bytes = hex(KNOWN[2]);
    *bytes.last_mut().unwrap() ^= 1;
    assert_eq!(
        AnswerToReset::parse(&bytes),
        Err(AtrError::BadCheck { found: 0x6b, expected: 0x6a })
    );
    // Interface bytes without end.
    let endless = [&[0x3b, 0xf0][..], &[0xff; 40]].concat();
    assert_eq!(AnswerToReset::parse(&endless), Err(AtrError::Truncated("interface bytes")));
}

#[test]
fn more_historical_bytes_than_fit_are_cut_off() {
    let answer = AnswerToReset::contactless(&[0x55; 20]);
    assert_eq!(answer.historical_bytes().len(), 15);
    assert_eq!(AnswerToReset::parse(&answer.encode()), Ok(answer));
}

mod any {
    use proptest::collection::vec;
    use proptest::prelude::{any, proptest};

    use super::*;

    proptest! {
        #[test]
        fn what_is_parsed_comes_back(bytes in vec(any::<u8>(), 0..40)) {
            for initial in [0x3b, 0x3f] {
                let bytes = [&[initial][..], &bytes].concat();
                if let Ok(answer) = AnswerToReset::parse(&bytes) {
                    assert_eq!(answer.encode(), bytes);
                    let _ = (answer.capabilities(), answer.t1_parameters(), answer.specific_mode());
                    assert!(answer.historical().objects().count() <= 15);
                }
            }
        }
    }
}
