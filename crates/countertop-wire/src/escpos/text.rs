//! From text to what a printer prints of it.

use super::charset::{code_page_byte, kanji_bytes};
use super::{Character, Command, Kanji, Text};

/// The code pages that are tried, in order: PC437, PC858, PC852, PC866, WPC1252, PC737, PC857.
const PAGES: [u8; 7] = [0, 19, 18, 17, 16, 14, 13];

/// What stands for a character that the printer has not.
const REPLACEMENT: u8 = b'?';

/// Writes text as commands: ASCII as it is, Chinese in Kanji mode, and other scripts in the code
/// page that has them, switching as rarely as it can.
///
/// A character that the printer has not, and each control character, is written as `?`.
#[derive(Debug, Clone)]
pub struct TextEncoder {
    chinese: bool,
    page: Option<u8>,
}

enum Glyph {
    Single(u8),
    OfPage(u8, u8),
    Wide([u8; 2]),
}

impl TextEncoder {
    /// Creates an encoder for a printer that has just been initialised.
    #[must_use]
    pub fn new(chinese: bool) -> Self {
        Self { chinese, page: None }
    }

    /// Appends `text`. Kanji mode is left again at its end.
    pub fn encode(&mut self, text: &str, out: &mut Vec<u8>) {
        let mut run = Run { kanji: false, bytes: Vec::new() };
        for char in text.chars() {
            match self.glyph(char) {
                Glyph::Single(byte) => run.push(false, &[byte], out),
                Glyph::Wide(bytes) => run.push(true, &bytes, out),
                Glyph::OfPage(page, byte) => {
                    run.switch(false, out);
                    self.select(page, &mut run, out);
                    run.push(false, &[byte], out);
                }
            }
        }
        run.switch(false, out);
        run.flush(out);
    }

    fn select(&mut self, page: u8, run: &mut Run, out: &mut Vec<u8>) {
        if self.page != Some(page) {
            run.flush(out);
            Command::from(Character::CodePage(page)).emit(out);
            self.page = Some(page);
        }
    }

    fn glyph(&self, char: char) -> Glyph {
        if let ' '..='~' = char {
            return Glyph::Single(u8::try_from(char).unwrap_or(REPLACEMENT));
        }
        if self.chinese {
            return kanji_bytes(char).map_or(Glyph::Single(REPLACEMENT), Glyph::Wide);
        }
        let pages = self.page.iter().chain(&PAGES);
        pages
            .filter_map(|page| Some(Glyph::OfPage(*page, code_page_byte(*page, char)?)))
            .next()
            .unwrap_or(Glyph::Single(REPLACEMENT))
    }
}

/// Is the text of one mode that is not written yet.
struct Run {
    kanji: bool,
    bytes: Vec<u8>,
}

impl Run {
    fn push(&mut self, kanji: bool, bytes: &[u8], out: &mut Vec<u8>) {
        self.switch(kanji, out);
        self.bytes.extend_from_slice(bytes);
    }

    fn switch(&mut self, kanji: bool, out: &mut Vec<u8>) {
        if self.kanji != kanji {
            self.flush(out);
            Command::from(if kanji { Kanji::Enter } else { Kanji::Leave }).emit(out);
            self.kanji = kanji;
        }
    }

    fn flush(&mut self, out: &mut Vec<u8>) {
        if let Some(text) = Text::new(core::mem::take(&mut self.bytes)) {
            out.extend_from_slice(text.bytes());
        }
    }
}

/// Returns the columns that a character takes: two in Kanji mode, else one.
#[must_use]
pub fn char_columns(char: char, chinese: bool) -> usize {
    match char {
        ' '..='~' => 1,
        // GBK has each of these; looking them up would be most of the time of laying out a receipt.
        '\u{4E00}'..='\u{9FA5}' if chinese => 2,
        other if chinese && kanji_bytes(other).is_some() => 2,
        _ => 1,
    }
}

/// Returns the columns that a text takes.
#[must_use]
pub fn text_columns(text: &str, chinese: bool) -> usize {
    text.chars().map(|char| char_columns(char, chinese)).sum()
}
