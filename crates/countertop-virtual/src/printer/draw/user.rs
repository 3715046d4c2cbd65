//! Characters that the host defines.

use std::collections::HashMap;

use countertop_draw::glyph::Cell;
use countertop_wire::escpos::{Font, UserCharacters, UserGlyph, UserKanji};

use super::Bitmap;
use super::picture::columns;

/// Is all user-defined characters; ESC @ forgets them.
#[derive(Debug, Default)]
pub(super) struct UserGlyphs {
    narrow: HashMap<(Font, u8), Glyph>,
    kanji: HashMap<[u8; 2], Bitmap>,
}

/// Is one narrow character.
#[derive(Debug, Clone)]
pub(super) struct Glyph(Bitmap);

impl Glyph {
    fn new(glyph: &UserGlyph, bytes_per_column: usize) -> Self {
        Self(columns(&glyph.data, bytes_per_column, usize::from(glyph.width)))
    }

    /// Returns it at the upper left of a cell; what sticks out is lost.
    pub(super) fn in_cell(&self, cell: Cell) -> Bitmap {
        let mut out = cell.blank();
        out.print(&self.0, 0, 0);
        out
    }
}

impl UserGlyphs {
    pub(super) fn define(&mut self, font: Font, characters: &UserCharacters) {
        let height = usize::from(characters.bytes_per_column());
        for (code, glyph) in characters.glyphs() {
            self.narrow.insert((font, code), Glyph::new(glyph, height));
        }
    }

    pub(super) fn undefine(&mut self, font: Font, code: u8) {
        self.narrow.remove(&(font, code));
    }

    pub(super) fn narrow(&self, font: Font, code: u8) -> Option<&Glyph> {
        self.narrow.get(&(font, code))
    }

    pub(super) fn define_kanji(&mut self, kanji: &UserKanji) {
        let bitmap = columns(&kanji.columns.concat(), 3, 24);
        self.kanji.insert(kanji.code, bitmap);
    }

    pub(super) fn undefine_kanji(&mut self, code: [u8; 2]) {
        self.kanji.remove(&code);
    }

    pub(super) fn kanji(&self, code: [u8; 2]) -> Option<&Bitmap> {
        self.kanji.get(&code)
    }
}
