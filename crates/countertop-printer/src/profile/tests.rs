use countertop_device::document::{CodeSystem, Font, QrLevel};

use super::*;

fn builtin(name: &str) -> &'static Profile {
    Profiles::builtin().get(name).unwrap()
}

fn error(text: &str) -> String {
    Profiles::builtin().clone().with_file(text).unwrap_err().to_string()
}

#[test]
fn the_table_is_sound_and_has_more_than_fifty_models() {
    let profiles = Profiles::default().with_file(include_str!("profiles.toml")).unwrap();
    assert!(profiles.iter().count() > 50);
    for profile in profiles.iter() {
        let name = profile.name();
        assert!((100..=1000).contains(&profile.dots()), "{name}");
        for font in [Font::A, Font::B, Font::C] {
            let Some(columns) = profile.columns(font) else { continue };
            let cell = profile.dots() / columns;
            assert!((7..=14).contains(&cell), "{name}: {font:?} of {cell} dots");
        }
        let latin = Encoding::named("cp437");
        assert!(
            profile.code_pages().iter().any(|it| Some(&it.encoding) == latin.as_ref()),
            "{name}"
        );
        let pages = profile.code_pages().iter().map(|page| page.number);
        assert!(pages.is_sorted_by(|one, next| one < next), "{name}");
        assert!(!profile.vendor().is_empty() && (1..=2).contains(&profile.colours()), "{name}");
        assert!(profile.buffer() >= 4096, "{name}");
    }
}

#[test]
fn a_model_is_what_its_maker_says() {
    let printer = builtin("TM-T88VI");
    assert_eq!((printer.vendor(), printer.dots(), printer.dpi()), ("Epson", 512, Some(180)));
    assert_eq!((printer.columns(Font::A), printer.columns(Font::B)), (Some(42), Some(56)));
    assert_eq!(printer.columns(Font::C), None);
    assert!(printer.has_process_id() && printer.has_page_mode() && printer.has_automatic_status());
    assert!(printer.has_code(CodeSystem::Qr(QrLevel::H)) && !printer.has_code(CodeSystem::Aztec));
    assert_eq!(printer.kanji(), None);
    assert_eq!(builtin("tm-t88vi").name(), "TM-T88VI");
    assert_eq!(builtin("POS-5890").kanji(), Some(WideSet::Gb18030));
    assert_eq!(builtin("TM-U220").colours(), 2);
}

/// GS P: [Default] x = 180, y = 360 (TM-T88III), x = 203, y = 406 (TM-L90).
#[test]
fn motion_units_are_the_models() {
    assert_eq!(builtin("TM-T88III").motion_units(), (180, 360));
    assert_eq!(builtin("TM-L90").motion_units(), (203, 406));
    assert_eq!(builtin("generic-58mm").motion_units(), (203, 203));
    // 20 dots of 1/180 are 40 units of 1/360; five of 1/203 are ten of 1/406.
    assert_eq!(builtin("TM-T88III").vertical_units(20), 40);
    assert_eq!(builtin("TM-L90").vertical_units(5), 10);
    assert_eq!(builtin("generic-58mm").vertical_units(5), 5);
    assert!(error("[profile.x]\nvertical-unit = 0").contains("nonzero"));
}

#[test]
fn a_profile_of_ones_own_says_what_differs() {
    let own = &format!(
        "
        [encodings]
        abc = \"{}\"
        [profile.mine]
        inherits = \"theirs\"
        kanji = \"none\"
        codes = [\"qr\", \"databar-stacked\"]
        [profile.theirs]
        inherits = \"generic-80mm\"
        dots = 640
        columns = {{ a = 53, b = 71 }}
        code-pages = \"own\"
        [code-pages]
        own = {{ 255 = \"thai-42\", 30 = \"abc\" }}
        ",
        "ß".repeat(128)
    );
    let profiles = Profiles::builtin().clone().with_file(own).unwrap();
    let mine = profiles.get("mine").unwrap();
    assert_eq!((mine.name(), mine.dots(), mine.vendor()), ("mine", 640, "Generic"));
    assert_eq!(mine.columns(Font::B), Some(71));
    assert_eq!(mine.kanji(), None);
    assert!(mine.has_code(CodeSystem::DatabarExpandedStacked) && !mine.has_code(CodeSystem::Ean8));
    let [own, thai] = mine.code_pages() else { panic!("{:?}", mine.code_pages()) };
    assert_eq!((own.number, own.encoding.char(0x80)), (30, Some('ß')));
    assert_eq!((thai.number, thai.encoding.char(0xA1)), (255, Some('ก')));
}

#[test]
fn a_known_profile_can_be_corrected() {
    let own = "[profile.TM-T88VI]\ninherits = \"TM-T88VI\"\nkanji = \"gb18030\"\n";
    let profiles = Profiles::builtin().clone().with_file(own).unwrap();
    let corrected = profiles.get("TM-T88VI").unwrap();
    assert_eq!((corrected.dots(), corrected.kanji()), (512, Some(WideSet::Gb18030)));
}

#[test]
fn mistakes_are_named_with_their_line() {
    let unknown = error("[profile.a]\ndots = 1\ncolour = 2\n");
    assert!(
        unknown.starts_with("line 3 of the printer profiles: unknown field `colour`"),
        "{unknown}"
    );
    let value = error("[profile.a]\nkanji = \"gbk\"\n");
    assert!(value.starts_with("line 2 ") && value.contains("gbk"), "{value}");
    let pages = error("[code-pages]\nx = { 256 = \"cp437\" }\n");
    assert!(pages.starts_with("line 2 ") && pages.contains("256"), "{pages}");
    let name = error("[code-pages]\nx = { 1 = \"cp4370\" }\n");
    assert_eq!(name, "line 2 of the printer profiles: there is no encoding `cp4370`");
    let short = error("[encodings]\nx = \"abc\"\n");
    assert!(short.starts_with("line 2 ") && short.contains("128 characters"), "{short}");
    assert_eq!(
        error("\n[profile.a]\ninherits = \"b\"\n"),
        "line 3 of the printer profiles: there is no profile `b`"
    );
    assert_eq!(
        error("[profile.a]\ncode-pages = \"b\"\n"),
        "line 2 of the printer profiles: there is no set of code pages `b`"
    );
    let circle = "[profile.a]\ninherits = \"b\"\n[profile.b]\ninherits = \"a\"\n";
    assert_eq!(error(circle), "line 4 of the printer profiles: there is no profile `a`");
}
