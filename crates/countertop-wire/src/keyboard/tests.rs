use proptest::collection::vec;
use proptest::prelude::{any, prop_assert_eq, proptest};

use super::*;

const ASCII: &str = " !\"#$%&'()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[\\]^_`\
    abcdefghijklmnopqrstuvwxyz{|}~";

/// Returns the keys of reports, from none held to none held.
fn keys(reports: &[BootReport]) -> Vec<KeyEvent> {
    let mut last = BootReport::default();
    let changes =
        reports.iter().flat_map(|&next| core::mem::replace(&mut last, next).changes(next));
    changes.collect()
}

fn decode(decoder: &mut KeyDecoder, keys: &[KeyEvent]) -> Option<String> {
    let typed = keys.iter().flat_map(|&key| decoder.key(key).collect::<Vec<_>>());
    typed
        .map(|typed| if let Typed::Char(character) = typed { Some(character) } else { None })
        .collect()
}

fn press(code: u16) -> KeyEvent {
    KeyEvent { code, pressed: true }
}

fn release(code: u16) -> KeyEvent {
    KeyEvent { code, pressed: false }
}

fn type_on(layout: Layout, keys: &[KeyEvent]) -> Option<String> {
    decode(&mut KeyDecoder::new(layout), keys)
}

#[test]
fn every_layout_types_what_codes_hold() {
    for layout in Layout::ALL {
        for mode in [Mode::Layout, Mode::Numbers] {
            let text = format!("{ASCII}\r\tÄöß€é\x1d");
            let reports = Typist::new(layout, mode).reports(&text).unwrap();
            assert_eq!(reports.last(), Some(&BootReport::default()));
            assert_eq!(type_on(layout, &keys(&reports)), Some(text), "{layout} {mode:?}");
        }
    }
}

#[test]
fn ascii_needs_no_numbers() {
    for layout in Layout::ALL {
        for character in ASCII.chars() {
            let reports =
                Typist::new(layout, Mode::Layout).reports(&character.to_string()).unwrap();
            let numbered = reports.iter().any(|report| report.modifiers == Modifiers::ALT);
            // Italian keyboards have neither; people there type them by number.
            let missing = layout == Layout::Italian && "`~".contains(character);
            assert_eq!(numbered, missing, "{layout} {character}");
        }
    }
}

#[test]
fn reports_are_those_of_the_specification() {
    let reports = Typist::default().reports("A1").unwrap();
    let bytes: Vec<_> = reports.iter().map(|report| report.to_bytes()).collect();
    assert_eq!(bytes[0], [0x02, 0, 0x04, 0, 0, 0, 0, 0]);
    assert_eq!(bytes[1], [0; 8]);
    assert_eq!(bytes[2], [0, 0, 0x1e, 0, 0, 0, 0, 0]);
    assert_eq!(BootReport::parse(&bytes[0]), Some(reports[0]));
    assert_eq!(BootReport::parse(&bytes[0][..7]), None);
    let german = Typist::new(Layout::German, Mode::Layout).reports("@y").unwrap();
    assert_eq!(german[0].to_bytes()[..3], [0x40, 0, 0x14]);
    assert_eq!(german[2].to_bytes()[..3], [0x00, 0, 0x1d]);
}

#[test]
fn usages_and_codes_agree() {
    for usage in 0..=0xff {
        let Some(code) = code_of_usage(usage) else { continue };
        let again = usage_of_code(code).unwrap();
        assert!(again == usage || (again, usage) == (0x31, 0x32), "{usage:#04x}");
    }
    for (usage, code) in [(0x04, 30), (0x1e, 2), (0x28, 28), (0x38, 53), (0x63, 83), (0xe5, 54)] {
        assert_eq!(code_of_usage(usage), Some(code));
    }
    assert_eq!(typing_codes().filter(|&code| code == 28).count(), 1);
}

#[test]
fn dead_keys_wait_for_the_next() {
    let (circumflex, a, space, x) = (press(41), press(30), press(57), press(45));
    for (keys, text) in [
        ([circumflex, a], "â"),
        ([circumflex, space], "^"),
        ([circumflex, x], "^x"),
        ([circumflex, circumflex], "^^"),
    ] {
        assert_eq!(type_on(Layout::German, &keys).as_deref(), Some(text));
    }
}

#[test]
fn modifiers_choose_the_level() {
    let q = press(16);
    for (held, text) in [(42, "Q"), (54, "Q"), (100, "@"), (29, "\x11")] {
        assert_eq!(type_on(Layout::German, &[press(held), q]).as_deref(), Some(text), "{held}");
    }
    let control_alt = [press(29), press(56), q];
    assert_eq!(type_on(Layout::German, &control_alt).as_deref(), Some("@"));
    assert_eq!(type_on(Layout::German, &[press(42), release(42), q]).as_deref(), Some("q"));
}

#[test]
fn caps_lock_turns_letters() {
    let caps = [press(58), release(58)];
    let typed = [press(30), press(2), press(42), press(30), press(2)];
    let keys = [&caps[..], &typed[..], &caps[..], &[press(30)]].concat();
    assert_eq!(type_on(Layout::American, &keys).as_deref(), Some("A1a!A"));
}

#[test]
fn keys_without_meaning_are_told() {
    assert_eq!(type_on(Layout::American, &[press(100), press(16)]), None, "AltGr and q");
    assert_eq!(type_on(Layout::American, &[press(56), press(16)]), None, "Alt and q");
    assert_eq!(type_on(Layout::American, &[press(29), press(2)]), None, "Control and 1");
    let no_text = [press(59), press(103), press(69), press(700), release(59)];
    assert_eq!(type_on(Layout::American, &no_text).as_deref(), Some(""));
}

#[test]
fn a_number_ends_when_alt_goes_up() {
    let mut decoder = KeyDecoder::new(Layout::French);
    assert_eq!(decode(&mut decoder, &[press(56), press(82), press(77)]).as_deref(), Some(""));
    assert_eq!(decode(&mut decoder, &[press(76), release(56)]).as_deref(), Some("A"));
    assert_eq!(decode(&mut decoder, &[press(76)]).as_deref(), Some("5"));
    assert_eq!(decode(&mut decoder, &[press(56), release(56)]).as_deref(), Some(""));
}

#[test]
fn reset_forgets_what_is_held() {
    let mut decoder = KeyDecoder::new(Layout::American);
    assert_eq!(decode(&mut decoder, &[press(42), press(58)]).as_deref(), Some(""));
    decoder.reset();
    assert_eq!(decode(&mut decoder, &[press(30)]).as_deref(), Some("a"));
}

#[test]
fn debug_shows_no_text() {
    let report = BootReport::of_key(Modifiers::SHIFT, 0x04);
    let typed = (KeyDecoder::new(Layout::American), Typed::Char('7'), press(2), report);
    let shown = format!("{typed:?}");
    assert_eq!(shown, "(KeyDecoder(us), Char, KeyEvent(pressed), BootReport(1 keys))");
    assert_eq!(Typist::default().reports("1中"), Err(Untypeable(1)));
}

#[test]
fn keys_that_change_at_once_are_in_order() {
    let one = BootReport::of_key(Modifiers::SHIFT, 0x04);
    let two = BootReport::of_key(Modifiers::NONE, 0x05);
    let changes: Vec<_> = one.changes(two).collect();
    assert_eq!(changes, [release(42), release(30), press(48)]);
    let too_many = BootReport { keys: [0x01; 6], ..BootReport::default() };
    assert_eq!(BootReport::default().changes(too_many).count(), 0);
}

proptest! {
    #[test]
    fn any_keys_can_come(codes in vec((any::<u16>(), any::<bool>()), 0..200)) {
        for layout in Layout::ALL {
            let mut decoder = KeyDecoder::new(layout);
            for &(code, pressed) in &codes {
                let _ = decoder.key(KeyEvent { code: code % 800, pressed }).count();
            }
        }
    }

    #[test]
    fn any_text_comes_back(text in "[ -~äöüßéèçñ£€]{0,80}") {
        for layout in Layout::ALL {
            for mode in [Mode::Layout, Mode::Numbers] {
                let reports = Typist::new(layout, mode).reports(&text).unwrap();
                prop_assert_eq!(type_on(layout, &keys(&reports)), Some(text.clone()));
            }
        }
    }
}
