//! What a printer can print: its code pages and its wide characters.

use std::sync::{Arc, LazyLock};

use super::{Encoding, WideSet, code_page};

/// The most code pages that are looked at.
const MAX_PAGES: usize = 64;

/// Is the character sets that a printer has, made once by its profile and shared by all encoders.
#[derive(Debug, Clone)]
pub struct CharacterSets {
    numbers: Vec<u8>,
    wide: Option<WideSet>,
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
        matches!(char, ' '..='~') || self.wide_code(char).is_some() || self.support(char) != 0
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

    /// Returns the code of a wide character.
    pub(crate) fn wide_code(&self, char: char) -> Option<u16> {
        self.wide?.code(char)
    }

    /// Returns the pages that have a character, one bit each, the preferred one lowest.
    pub(crate) fn support(&self, char: char) -> u64 {
        self.support.get(self.entry(char)).copied().unwrap_or(0)
    }

    /// Returns the byte of a character in a page that has it.
    pub(crate) fn byte(&self, page: usize, char: char) -> u8 {
        self.bytes.get(self.entry(char) * self.numbers.len() + page).copied().unwrap_or(b'?')
    }

    /// Returns the number of a page in ESC t.
    pub(crate) fn number(&self, page: usize) -> u8 {
        self.numbers.get(page).copied().unwrap_or(0)
    }

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
