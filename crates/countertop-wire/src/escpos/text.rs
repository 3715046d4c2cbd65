//! From text to what a printer prints of it.

use std::sync::Arc;

use super::charset::CharacterSets;
use super::{Character, Command, Kanji, WideSet};

/// What stands for a character that the printer has not.
const REPLACEMENT: u8 = b'?';

/// Writes text as commands: ASCII as it is, wide characters in Kanji mode, and other scripts in the
/// code pages that have them.
///
/// A character that the printer has not, and each control character, is written as `?`. What the
/// printer has both as a wide and as a narrow character is written wide, so that a character's
/// columns do not depend on its neighbours.
///
/// Pages are switched as rarely as a text allows: the page that is set stays for as long as it has the
/// characters, and then the one comes that has most of those that follow (of equals, the one that
/// the [`CharacterSets`] prefer). No other choice switches less often, for every sequence of pages has to
/// switch at the latest where this one does. Kanji mode is entered before a text's first wide
/// character and left before a character of a code page or at the text's end; ASCII does not leave
/// it, since a byte below 80 begins no wide character.
#[derive(Debug, Clone)]
pub struct TextEncoder {
    sets: Arc<CharacterSets>,
    page: Option<usize>,
    /// The printer was told which code its Kanji mode has.
    code_system: bool,
    kanji: bool,
}

impl TextEncoder {
    /// Creates an encoder for a printer that has just been initialised, with the
    /// [usual](CharacterSets::usual) sets.
    #[must_use]
    pub fn new(chinese: bool) -> Self {
        Self::with_sets(Arc::clone(CharacterSets::usual(chinese)))
    }

    /// Creates an encoder for a printer with these sets that has just been initialised.
    #[must_use]
    pub fn with_sets(sets: Arc<CharacterSets>) -> Self {
        Self { sets, page: None, code_system: false, kanji: false }
    }

    /// Returns the character sets.
    #[must_use]
    pub fn sets(&self) -> &Arc<CharacterSets> {
        &self.sets
    }

    /// Returns the code page that is set, by its number in ESC t; `None` for the printer's own.
    #[must_use]
    pub fn code_page(&self) -> Option<u8> {
        self.page.map(|page| self.sets.number(page))
    }

    /// Appends `text`. Kanji mode is left again at its end.
    pub fn encode(&mut self, text: &str, out: &mut Vec<u8>) {
        out.reserve(text.len());
        let mut rest = text;
        loop {
            let (ascii, tail) = split_printable(rest);
            out.extend_from_slice(ascii.as_bytes());
            let mut chars = tail.chars();
            let Some(char) = chars.next() else { break };
            self.encode_char(char, tail, out);
            rest = chars.as_str();
        }
        self.leave_kanji(out);
    }

    /// Appends `char`, with which `tail` begins.
    fn encode_char(&mut self, char: char, tail: &str, out: &mut Vec<u8>) {
        if let Some(code) = self.sets.wide_code(char) {
            self.enter_kanji(out);
            out.extend(code.to_be_bytes());
            return;
        }
        let support = self.sets.support(char);
        if support == 0 {
            out.push(REPLACEMENT);
            return;
        }
        self.leave_kanji(out);
        let page = match self.page {
            Some(page) if support >> page & 1 == 1 => page,
            _ => self.switch_page(tail, out),
        };
        out.push(self.sets.byte(page, char));
    }

    /// Selects the page that has most of the characters with which `tail` begins.
    fn switch_page(&mut self, tail: &str, out: &mut Vec<u8>) -> usize {
        let mut pages = u64::MAX;
        for char in tail.chars().filter(|char| !char.is_ascii()) {
            let support = self.sets.support(char);
            if support == 0 || self.sets.wide_code(char).is_some() {
                continue;
            }
            if pages & support == 0 {
                break;
            }
            pages &= support;
        }
        let page = pages.trailing_zeros() as usize;
        Command::from(Character::CodePage(self.sets.number(page))).emit(out);
        self.page = Some(page);
        page
    }

    fn enter_kanji(&mut self, out: &mut Vec<u8>) {
        if self.kanji {
            return;
        }
        if self.sets.wide() == Some(WideSet::ShiftJis) && !self.code_system {
            // Japanese models start with JIS, in which ASCII would be taken for wide characters.
            Command::from(Kanji::CodeSystem(1)).emit(out);
            self.code_system = true;
        }
        Command::from(Kanji::Enter).emit(out);
        self.kanji = true;
    }

    fn leave_kanji(&mut self, out: &mut Vec<u8>) {
        if self.kanji {
            Command::from(Kanji::Leave).emit(out);
            self.kanji = false;
        }
    }
}

/// Splits off the printable ASCII with which `text` begins.
fn split_printable(text: &str) -> (&str, &str) {
    let printable = |byte: &u8| matches!(byte, 0x20..=0x7E);
    let length = text.bytes().position(|byte| !printable(&byte)).unwrap_or(text.len());
    text.split_at_checked(length).unwrap_or(("", text))
}

/// Returns the columns that a character takes with the [usual](CharacterSets::usual) sets: two in
/// Kanji mode, else one.
#[must_use]
pub fn char_columns(char: char, chinese: bool) -> usize {
    if chinese { CharacterSets::usual(chinese).char_columns(char) } else { 1 }
}

/// Returns the columns that a text takes with the [usual](CharacterSets::usual) sets.
#[must_use]
pub fn text_columns(text: &str, chinese: bool) -> usize {
    CharacterSets::usual(chinese).text_columns(text)
}
