//! From text to what a printer prints of it.

use std::sync::Arc;

use super::charset::{CharacterSets, Entry, Glyph, printable};
use super::{Character, Kanji, WideSet};

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
    mode: TextMode,
}

/// Is what a [`TextEncoder`] knows of the state of the printer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct TextMode {
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
        Self { sets, mode: TextMode::default() }
    }

    /// Returns the character sets.
    #[must_use]
    pub fn sets(&self) -> &Arc<CharacterSets> {
        &self.sets
    }

    /// Returns what is known of the printer's state.
    #[must_use]
    pub fn mode(&self) -> TextMode {
        self.mode
    }

    /// Goes back to what [`mode`](Self::mode) returned, because what was written since is not sent.
    pub fn set_mode(&mut self, mode: TextMode) {
        self.mode = mode;
    }

    /// Returns the code page that is set, by its number in ESC t; `None` for the printer's own.
    #[must_use]
    pub fn code_page(&self) -> Option<u8> {
        self.mode.page.map(|page| self.sets.number(page))
    }

    /// Appends `text` and returns how many of its characters the printer has not. Kanji mode is left
    /// again at its end.
    pub fn encode(&mut self, text: &str, out: &mut Vec<u8>) -> usize {
        out.reserve(text.len());
        let mut missing = 0;
        let mut rest = text;
        while !rest.is_empty() {
            let (ascii, tail) = rest.split_at_checked(printable(rest)).unwrap_or(("", rest));
            out.extend_from_slice(ascii.as_bytes());
            rest = self.encode_others(tail, &mut missing, out);
        }
        self.leave_kanji(out);
        missing
    }

    /// Appends the characters with which `text` begins up to the next that is printable ASCII; returns
    /// what is behind them.
    fn encode_others<'t>(
        &mut self,
        text: &'t str,
        missing: &mut usize,
        out: &mut Vec<u8>,
    ) -> &'t str {
        let mut chars = text.chars();
        loop {
            let tail = chars.as_str();
            let Some(char) = chars.next() else { return "" };
            if matches!(char, ' '..='~') {
                return tail;
            }
            match self.sets.glyph(char) {
                Glyph::Wide(code) => self.wide(code, out),
                Glyph::Narrow(entry) => self.narrow(entry, tail, out),
                Glyph::Missing => {
                    *missing += 1;
                    out.push(REPLACEMENT);
                }
            }
        }
    }

    fn wide(&mut self, code: u16, out: &mut Vec<u8>) {
        self.enter_kanji(out);
        out.extend_from_slice(&code.to_be_bytes());
    }

    /// Appends a character of code pages, with which `tail` begins.
    fn narrow(&mut self, entry: Entry, tail: &str, out: &mut Vec<u8>) {
        self.leave_kanji(out);
        let page = match self.mode.page {
            Some(page) if self.sets.support(entry) >> page & 1 == 1 => page,
            _ => self.switch_page(tail, out),
        };
        out.push(self.sets.byte(page, entry));
    }

    /// Selects the page that has most of the characters with which `tail` begins.
    fn switch_page(&mut self, tail: &str, out: &mut Vec<u8>) -> usize {
        let mut pages = u64::MAX;
        for char in tail.chars().filter(|char| !char.is_ascii()) {
            let Glyph::Narrow(entry) = self.sets.glyph(char) else { continue };
            let support = self.sets.support(entry);
            if pages & support == 0 {
                break;
            }
            pages &= support;
        }
        let page = pages.trailing_zeros() as usize;
        Character::CodePage(self.sets.number(page)).emit(out);
        self.mode.page = Some(page);
        page
    }

    fn enter_kanji(&mut self, out: &mut Vec<u8>) {
        if self.mode.kanji {
            return;
        }
        if self.sets.wide() == Some(WideSet::ShiftJis) && !self.mode.code_system {
            // Japanese models start with JIS, in which ASCII would be taken for wide characters.
            Kanji::CodeSystem(1).emit(out);
            self.mode.code_system = true;
        }
        Kanji::Enter.emit(out);
        self.mode.kanji = true;
    }

    fn leave_kanji(&mut self, out: &mut Vec<u8>) {
        if self.mode.kanji {
            Kanji::Leave.emit(out);
            self.mode.kanji = false;
        }
    }
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
