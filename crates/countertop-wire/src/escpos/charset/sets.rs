//! What a printer can print: its code pages and its wide characters.

use core::fmt;
use std::sync::{Arc, LazyLock};

use super::{Encoding, WideSet, code_page};

/// The most code pages that are looked at.
const MAX_PAGES: usize = 64;

/// Is what a printer has of a character.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Glyph {
    /// A wide one, by its code.
    Wide(u16),
    /// One of code pages.
    Narrow(Entry),
    Missing,
}

/// Is the place of a character of code pages; not nought.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Entry(usize);

/// Is the codes of wide characters, by the character; nought is none. Empty without a set.
#[derive(Clone, Copy)]
struct Codes(&'static [u16]);

impl fmt::Debug for Codes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Codes").field(&self.0.len()).finish()
    }
}

/// Is the character sets that a printer has, made once by its profile and shared by all encoders.
#[derive(Debug, Clone)]
pub struct CharacterSets {
    numbers: Vec<u8>,
    wide: Option<WideSet>,
    codes: Codes,
    /// For each 256 characters of the Basic Multilingual Plane where their entries begin.
    blocks: Box<[u16; 256]>,
    /// For each character of a block its number in `support`; nought is a character of no page.
    entries: Vec<u16>,
    /// For each character its pages, one bit each.
    support: Vec<u64>,
    /// For each character its byte in each page.
    bytes: Vec<u8>,
}

impl CharacterSets {
    /// Creates sets of code pages, by their numbers in ESC t, the preferred ones first, and of wide
    /// characters. Pages beyond 64 are left out.
    #[must_use]
    pub fn new(pages: impl IntoIterator<Item = (u8, Encoding)>, wide: Option<WideSet>) -> Self {
        let (numbers, encodings): (Vec<_>, Vec<_>) = pages.into_iter().take(MAX_PAGES).unzip();
        let mut sets = Self {
            numbers,
            wide,
            codes: Codes(wide.map_or(&[], WideSet::table)),
            blocks: Box::new([0; 256]),
            entries: vec![0; 256],
            support: vec![0],
            bytes: Vec::new(),
        };
        sets.bytes.resize(sets.numbers.len(), 0);
        for (page, encoding) in encodings.iter().enumerate() {
            for (char, byte) in encoding.characters() {
                sets.insert(page, char, byte);
            }
        }
        sets
    }

    /// Returns the sets of a printer with the code pages of western makers, or of a Chinese one.
    #[must_use]
    pub fn usual(chinese: bool) -> &'static Arc<Self> {
        /// PC437, PC858, PC852, PC866, WPC1252, PC737, PC857.
        const PAGES: [u8; 7] = [0, 19, 18, 17, 16, 14, 13];
        static WESTERN: LazyLock<Arc<CharacterSets>> = LazyLock::new(|| {
            let pages = PAGES.iter().filter_map(|page| Some((*page, code_page(*page)?.clone())));
            Arc::new(CharacterSets::new(pages, None))
        });
        static CHINESE: LazyLock<Arc<CharacterSets>> =
            LazyLock::new(|| Arc::new(CharacterSets::new([], Some(WideSet::Gb18030))));
        if chinese { &CHINESE } else { &WESTERN }
    }

    /// Returns the set of wide characters.
    #[must_use]
    pub fn wide(&self) -> Option<WideSet> {
        self.wide
    }

    /// Tells whether the printer can print a character.
    #[must_use]
    pub fn has(&self, char: char) -> bool {
        matches!(char, ' '..='~') || !matches!(self.glyph(char), Glyph::Missing)
    }

    /// Returns the columns that a character takes: two as a wide one, else one.
    #[must_use]
    pub fn char_columns(&self, char: char) -> usize {
        match char {
            ' '..='~' => 1,
            _ => 1 + usize::from(self.wide_code(char).is_some()),
        }
    }

    /// Returns the columns that a text takes.
    #[must_use]
    pub fn text_columns(&self, text: &str) -> usize {
        match self.wide {
            None => text.chars().count(),
            Some(_) if text.is_ascii() => text.len(),
            Some(_) => text.chars().map(|char| self.char_columns(char)).sum(),
        }
    }

    /// Counts the narrow and the wide characters of a text; `None` when the printer has not all of
    /// them.
    #[must_use]
    pub fn count(&self, text: &str) -> Option<(usize, usize)> {
        let (mut narrow, mut wide) = (0, 0);
        let mut rest = text;
        while !rest.is_empty() {
            let ascii = printable(rest);
            narrow += ascii;
            let mut chars = rest.get(ascii..).unwrap_or_default().chars();
            rest = loop {
                let tail = chars.as_str();
                match chars.next() {
                    None | Some(' '..='~') => break tail,
                    Some(char) => match self.glyph(char) {
                        Glyph::Wide(_) => wide += 1,
                        Glyph::Narrow(_) => narrow += 1,
                        Glyph::Missing => return None,
                    },
                }
            };
        }
        Some((narrow, wide))
    }

    /// Returns what the printer has of a character that is not printable ASCII.
    #[inline]
    pub(crate) fn glyph(&self, char: char) -> Glyph {
        if let Some(code) = self.wide_code(char) {
            return Glyph::Wide(code);
        }
        match self.entry(char) {
            0 => Glyph::Missing,
            entry => Glyph::Narrow(Entry(entry)),
        }
    }

    /// Returns the code of a wide character.
    #[inline]
    pub(crate) fn wide_code(&self, char: char) -> Option<u16> {
        let code = self.codes.0.get(u32::from(char) as usize).copied();
        code.filter(|code| *code != 0)
    }

    /// Returns the pages that have a character, one bit each, the preferred one lowest.
    #[inline]
    pub(crate) fn support(&self, Entry(entry): Entry) -> u64 {
        self.support.get(entry).copied().unwrap_or(0)
    }

    /// Returns the byte of a character in a page that has it.
    #[inline]
    pub(crate) fn byte(&self, page: usize, Entry(entry): Entry) -> u8 {
        self.bytes.get(entry * self.numbers.len() + page).copied().unwrap_or(b'?')
    }

    /// Returns the number of a page in ESC t.
    pub(crate) fn number(&self, page: usize) -> u8 {
        self.numbers.get(page).copied().unwrap_or(0)
    }

    #[inline]
    fn entry(&self, char: char) -> usize {
        let code = u32::from(char) as usize;
        let block = self.blocks.get(code >> 8).copied().unwrap_or(0);
        self.entries.get(usize::from(block) + (code & 0xFF)).copied().map_or(0, usize::from)
    }

    fn insert(&mut self, page: usize, char: char, byte: u8) {
        let code = u32::from(char) as usize;
        let Some(block) = self.blocks.get_mut(code >> 8) else { return };
        if *block == 0 {
            *block = u16::try_from(self.entries.len()).unwrap_or(0);
            self.entries.resize(self.entries.len() + 256, 0);
        }
        let Some(entry) = self.entries.get_mut(usize::from(*block) + (code & 0xFF)) else { return };
        if *entry == 0 {
            *entry = u16::try_from(self.support.len()).unwrap_or(0);
            self.support.push(0);
            self.bytes.resize(self.bytes.len() + self.numbers.len(), 0);
        }
        let entry = usize::from(*entry);
        let known = self.support.get(entry).is_some_and(|pages| pages >> page & 1 == 1);
        // Where a page has a character twice, the first byte counts.
        if let (Some(pages), false) = (self.support.get_mut(entry), known) {
            *pages |= 1 << page;
            if let Some(place) = self.bytes.get_mut(entry * self.numbers.len() + page) {
                *place = byte;
            }
        }
    }
}

/// Returns how many characters of printable ASCII a text begins with. Receipts have long runs of spaces, so
/// that many bytes are looked at at once.
pub(crate) fn printable(text: &str) -> usize {
    const MANY: usize = 16;
    let is_printable = |byte: &u8| matches!(byte, 0x20..=0x7E);
    // As a sum of bytes the compiler makes it one comparison of all.
    let others =
        |chunk: &[u8]| chunk.iter().fold(0, |sum, byte| sum | u8::from(!is_printable(byte)));
    let bytes = text.as_bytes();
    let length = bytes.chunks_exact(MANY).take_while(|chunk| others(chunk) == 0).count() * MANY;
    let rest = bytes.get(length..).unwrap_or_default();
    length + rest.iter().position(|byte| !is_printable(byte)).unwrap_or(rest.len())
}
