//! Code pages, wide characters, and text in both.

use std::sync::Arc;

use proptest::prelude::*;

use crate::escpos::tests::parse;
use crate::escpos::*;

fn encoded(text: &str, chinese: bool) -> Vec<u8> {
    let mut out = Vec::new();
    TextEncoder::new(chinese).encode(text, &mut out);
    out
}

#[test]
fn chinese_goes_in_kanji_mode_which_ascii_does_not_leave() {
    let expected = b"No. \x1C&\xBD\xF0\xB6\xEE:\xA3\xA49\x1C.".to_vec();
    assert_eq!(encoded("No. 金额:￥9", true), expected);
    assert_eq!(encoded("\u{A5}", true), b"\x1C&\xA3\xA4\x1C.".to_vec());
    for char in ['￥', '〇', '：', '€', '—', '龙'] {
        assert_eq!(kanji_char(kanji_bytes(char).unwrap()), Some(char));
    }
}

#[test]
fn what_a_printer_has_not_is_a_question_mark() {
    assert_eq!(encoded("a\u{1B}p\n😀𠮷b", true), b"a?p???b".to_vec());
    assert_eq!(encoded("\u{7F}漢", false), b"??".to_vec());
}

#[test]
fn code_pages_switch_as_rarely_as_they_can() {
    assert_eq!(encoded("Café 1", false), b"Caf\x1Bt\x00\x82 1".to_vec());
    assert_eq!(encoded("€é€", false), b"\x1Bt\x13\xD5\x82\xD5".to_vec());
    assert_eq!(encoded("Чек", false), b"\x1Bt\x11\x97\xA5\xAA".to_vec());
}

#[test]
fn wide_characters_take_two_columns() {
    assert_eq!(text_columns("合计 ￥1.00", true), 11);
    assert_eq!(text_columns("Café", false), 4);
}

#[test]
fn columns_are_those_of_the_bytes_and_every_wide_character_comes_back() {
    for char in (0x20..0x1_0000).filter_map(char::from_u32) {
        let bytes = kanji_bytes(char);
        assert_eq!(char_columns(char, true) == 2, bytes.is_some(), "{char:?}");
        if let Some(bytes) = bytes.filter(|_| char != '\u{A5}') {
            assert_eq!(kanji_char(bytes), Some(char), "{bytes:02X?}");
        }
    }
}

#[test]
fn code_pages_come_back() {
    for page in 0..=60 {
        for byte in 0x80..=0xFF {
            if let Some(char) = code_page_char(page, byte) {
                let back = code_page_byte(page, char).unwrap();
                assert_eq!(code_page_char(page, back), Some(char), "{page} {byte:02X}");
            }
        }
    }
    assert_eq!(code_page_char(13, 0xD5), Some('€'));
    assert_eq!(code_page_byte(0, '\u{7F}'), None);
}

fn sets(pages: &[u8], wide: Option<WideSet>) -> Arc<CharacterSets> {
    let pages = pages.iter().map(|page| (*page, code_page(*page).unwrap().clone()));
    Arc::new(CharacterSets::new(pages, wide))
}

fn encoded_with(sets: &Arc<CharacterSets>, text: &str) -> Vec<u8> {
    let mut out = Vec::new();
    TextEncoder::with_sets(Arc::clone(sets)).encode(text, &mut out);
    out
}

#[test]
fn each_page_of_epson_has_an_encoding_with_characters() {
    for (number, name) in CODE_PAGES {
        let encoding = Encoding::named(name).unwrap_or_else(|| panic!("{name}"));
        assert_eq!(code_page(*number), Some(&encoding));
        let count = encoding.characters().count();
        assert!(count >= 55, "{name} has {count}");
        assert!(encoding.characters().all(|(char, _)| !char.is_ascii() && !char.is_control()));
    }
    for (name, byte, char) in [
        ("CP1125", 0xF2, 'Ґ'),
        ("Katakana", 0xB1, 'ｱ'),
        ("KZ1048", 0xA3, 'Ә'),
        ("tis-18", 0xA1, 'ก'),
        ("KU42", 0xA1, 'ก'),
        ("TCVN-3-1", 0xCC, 'è'),
        ("CP851", 0xA4, 'Α'),
        ("cp853", 0xA6, 'Ğ'),
        ("iso_8859-15", 0xA4, '€'),
        ("CP1118", 0xB5, 'Ą'),
    ] {
        assert_eq!(Encoding::named(name).unwrap().char(byte), Some(char), "{name}");
    }
    assert!(Encoding::named("EBCDIC").is_none());
}

#[test]
fn a_profile_brings_characters_of_its_own() {
    let letters: String = ('\u{400}'..).take(128).collect();
    let encoding = Encoding::from_characters(&letters).unwrap();
    let sets = Arc::new(CharacterSets::new([(77, encoding)], None));
    assert_eq!(encoded_with(&sets, "\u{401}\u{47F}"), b"\x1Bt\x4D\x81\xFF".to_vec());
    let error = Encoding::from_characters("abc").unwrap_err();
    assert_eq!(
        error.to_string(),
        "an encoding has 128 characters for the bytes from 80 to FF, not 3"
    );
}

#[test]
fn a_page_is_chosen_for_what_follows() {
    let sets = sets(&[0, 16, 18], None);
    // é is in all three, Ł in PC852 alone.
    assert_eq!(encoded_with(&sets, "é ou Ł"), b"\x1Bt\x12\x82 ou \x9D".to_vec());
    let mut encoder = TextEncoder::with_sets(sets);
    let mut out = Vec::new();
    encoder.encode("é", &mut out);
    encoder.encode("Ł", &mut out);
    encoder.encode("é", &mut out);
    assert_eq!(out, b"\x1Bt\x00\x82\x1Bt\x12\x9D\x82".to_vec());
    assert_eq!(encoder.code_page(), Some(18));
}

#[test]
fn wide_characters_and_code_pages_share_a_line() {
    let sets = sets(&[16], Some(WideSet::Gb2312));
    assert!(sets.has('ç') && sets.has('好') && !sets.has('囧') && !sets.has('😀'));
    let bytes = encoded_with(&sets, "好ç好");
    assert_eq!(bytes, b"\x1C&\xBA\xC3\x1C.\x1Bt\x10\xE7\x1C&\xBA\xC3\x1C.".to_vec());
    assert_eq!(sets.text_columns("好ç好"), 5);
}

#[test]
fn characters_are_counted_as_they_are_encoded() {
    let sets = sets(&[16], Some(WideSet::Gb2312));
    assert_eq!(sets.count("No. 好ç"), Some((5, 1)));
    assert_eq!(sets.count(""), Some((0, 0)));
    for missing in ["a\n", "a囧", "😀", "\u{7F}"] {
        assert_eq!(sets.count(missing), None, "{missing:?}");
    }
    let mut encoder = TextEncoder::with_sets(sets);
    let mut out = Vec::new();
    assert_eq!(encoder.encode("No. 好ç", &mut out), 0);
    assert_eq!(encoder.encode("囧a😀\n好", &mut out), 3);
}

#[test]
fn what_is_not_sent_is_taken_back() {
    let mut encoder = TextEncoder::with_sets(sets(&[16, 18], None));
    let (mut out, mut again) = (Vec::new(), Vec::new());
    encoder.encode("ç", &mut out);
    let mode = encoder.mode();
    encoder.encode("Ł", &mut out);
    assert_eq!(encoder.code_page(), Some(18));
    encoder.set_mode(mode);
    assert_eq!(encoder.code_page(), Some(16));
    encoder.encode("ç", &mut again);
    assert_eq!(again, b"\xE7");
}

#[test]
fn each_language_has_its_bytes() {
    for (wide, text, bytes) in [
        (WideSet::Big5, "總計", &b"\x1C&\xC1\x60\xAD\x70\x1C."[..]),
        (WideSet::EucKr, "합계 ₩", b"\x1C&\xC7\xD5\xB0\xE8 \xA3\xDC\x1C."),
        (WideSet::ShiftJis, "合計 ¥", b"\x1CC\x01\x1C&\x8D\x87\x8C\x76 \x81\x8F\x1C."),
        (WideSet::Gb18030, "镕", b"\x1C&\xE9\x46\x1C."),
    ] {
        assert_eq!(encoded_with(&sets(&[], Some(wide)), text), bytes, "{wide:?}");
    }
    assert_eq!(encoded_with(&sets(&[], Some(WideSet::Gb2312)), "镕"), b"?".to_vec());
}

#[test]
fn wide_characters_of_each_set_come_back() {
    for wide in WideSet::ALL {
        let all = (0x80..0x1_0000).filter_map(char::from_u32);
        let mut count = 0;
        for char in all.filter(|char| !matches!(char, '¥' | '₩')) {
            let Some(bytes) = wide.bytes(char) else { continue };
            assert_eq!(wide.char(bytes), Some(char), "{wide:?} {bytes:02X?}");
            assert!(wide.is_lead(bytes[0]) && bytes[1] >= 0x40);
            count += 1;
        }
        assert!(count > 6_700, "{wide:?} has {count}");
    }
}

#[test]
fn national_sets_replace_twelve_characters() {
    assert_eq!(international_char(8, b'\\'), Some('¥'));
    assert_eq!(international_char(15, b'$'), Some('¥'));
    assert_eq!(international_char(200, b'#'), Some('#'));
    assert_eq!(international_char(2, b'A'), Some('A'));
    assert_eq!(international_char(2, 0x0A), None);
    for set in 0..18 {
        assert!((0x20..0x7F).all(|byte| international_char(set, byte).is_some()), "{set}");
    }
}

/// Returns the fewest switches that print `text`, by trying all pages at each character.
fn fewest_switches(sets: &CharacterSets, pages: &[u8], text: &str) -> usize {
    let mut costs: Vec<Option<usize>> = vec![Some(1); pages.len()];
    let mut any = false;
    for char in text.chars().filter(|char| !char.is_ascii() && sets.has(*char)) {
        let cheapest = costs.iter().flatten().min().copied().unwrap();
        for (cost, page) in costs.iter_mut().zip(pages) {
            let stay = cost.unwrap_or(usize::MAX);
            let reach = if any { stay.min(cheapest + 1) } else { stay };
            *cost = code_page_byte(*page, char).map(|_| reach);
        }
        any = true;
    }
    if any { costs.into_iter().flatten().min().unwrap() } else { 0 }
}

proptest! {
    #[test]
    fn pages_are_switched_as_rarely_as_possible(text in "[aéŁЖäαñ€ő ğ]{0,24}") {
        let pages = [0, 14, 16, 17, 18, 19, 13];
        let sets = sets(&pages, None);
        let bytes = encoded_with(&sets, &text);
        let commands = parse(&bytes);
        let is_switch = |c: &&Command| matches!(c, Command::Character(Character::CodePage(_)));
        let switches = commands.iter().filter(is_switch).count();
        prop_assert_eq!(switches, fewest_switches(&sets, &pages, &text));
    }

    #[test]
    fn text_reads_as_it_was_written(text in "[ -~é€Жα金额￥好]{0,40}") {
        let sets = sets(&[0, 16, 17, 14], Some(WideSet::Gb18030));
        let (mut page, mut kanji, mut read) = (0, false, String::new());
        for command in parse(&encoded_with(&sets, &text)) {
            match command {
                Command::Character(Character::CodePage(number)) => page = number,
                Command::Kanji(Kanji::Enter) => kanji = true,
                Command::Kanji(Kanji::Leave) => kanji = false,
                Command::Text(text) => {
                    let mut bytes = text.bytes().iter();
                    while let Some(byte) = bytes.next() {
                        read.push(match byte {
                            0x81.. if kanji => kanji_char([*byte, *bytes.next().unwrap()]).unwrap(),
                            _ => code_page_char(page, *byte).unwrap(),
                        });
                    }
                }
                other => panic!("{other:?}"),
            }
        }
        prop_assert_eq!(read, text);
    }

    #[test]
    fn no_set_lets_a_control_byte_through(text: String, wide in 0..6_usize) {
        let sets = sets(&[0, 18, 13], WideSet::ALL.get(wide).copied());
        for command in parse(&encoded_with(&sets, &text)) {
            let mode = matches!(
                command,
                Command::Kanji(Kanji::Enter | Kanji::Leave | Kanji::CodeSystem(1))
                    | Command::Character(Character::CodePage(_))
            );
            prop_assert!(mode || matches!(command, Command::Text(_)), "{command:?}");
        }
    }

    #[test]
    fn text_never_carries_a_control_byte_of_its_own(text: String) {
        for command in parse(&encoded(&text, true)) {
            let mode = matches!(command, Command::Kanji(Kanji::Enter | Kanji::Leave));
            prop_assert!(mode || matches!(command, Command::Text(_)), "{command:?}");
        }
    }
}
