//! Any text, for any printer: no control byte but those of the encoder's own commands.
#![no_main]

use std::sync::Arc;

use countertop_wire::escpos::{
    CODE_PAGES, Character, CharacterSets, Command, Kanji, Parser, TextEncoder, WideSet, code_page,
};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: (u8, u64, &str)| {
    let (wide, pages, text) = input;
    let offered = CODE_PAGES.iter().enumerate().filter(|(index, _)| pages >> index & 1 == 1);
    let offered = offered.filter_map(|(_, (page, _))| Some((*page, code_page(*page)?.clone())));
    let wide = WideSet::ALL.get(usize::from(wide)).copied();
    let sets = Arc::new(CharacterSets::new(offered, wide));
    let mut bytes = Vec::new();
    TextEncoder::with_sets(Arc::clone(&sets)).encode(text, &mut bytes);
    let mut parser = Parser::new();
    parser.feed(&bytes);
    let mut printed = 0;
    while let Some(command) = parser.next_command() {
        match command {
            Command::Text(text) => printed += text.bytes().len(),
            Command::Kanji(Kanji::Enter | Kanji::Leave | Kanji::CodeSystem(_))
            | Command::Character(Character::CodePage(_)) => {}
            other => panic!("{other:?}"),
        }
    }
    assert_eq!(parser.finish(), None);
    assert_eq!(printed, sets.text_columns(text), "a column is a byte");
});
