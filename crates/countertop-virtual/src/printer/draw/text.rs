//! Characters of a line.

use countertop_draw::glyph::Cell;
use countertop_wire::escpos::{Character, Rotation, code_page_char, international_char};

use super::{Bitmap, Drawing};

/// What stands for bytes that are no character.
const NO_CHARACTER: char = '\u{25A1}';

impl Drawing {
    pub(super) fn character(&mut self, command: &Character) {
        match command {
            Character::Define(characters) => {
                self.user.define(self.modes.character.font, characters);
            }
            Character::Undefine(code) => self.user.undefine(self.modes.character.font, code.get()),
            // Heeded at the beginning of a line alone, and not in page mode.
            Character::UpsideDown(on) if self.line.is_at_start() => {
                self.modes.character.upside_down = *on;
                self.line.turn(*on);
            }
            other => self.modes.set_character(other),
        }
    }

    /// Sets characters, breaking the line where it is full.
    pub(super) fn print_text(&mut self, bytes: &[u8]) {
        for byte in bytes {
            if self.modes.character.utf8 {
                self.utf8_byte(*byte);
            } else {
                self.byte(*byte);
            }
        }
    }

    fn byte(&mut self, byte: u8) {
        match self.modes.kanji.lead.take() {
            Some(lead) => self.wide([lead, byte]),
            None if self.modes.kanji.on && self.modes.kanji.set.is_lead(byte) => {
                self.modes.kanji.lead = Some(byte);
            }
            None => self.narrow(byte),
        }
    }

    fn wide(&mut self, code: [u8; 2]) {
        let cell = self.modes.wide_cell();
        if let Some(glyph) = self.user.kanji(code) {
            let glyph = glyph.clone();
            self.set_glyph(glyph, NO_CHARACTER, true);
            return;
        }
        let char = self.modes.kanji.set.char(code).unwrap_or(NO_CHARACTER);
        self.set_char(char, cell);
    }

    fn narrow(&mut self, byte: u8) {
        let cell = self.modes.cell();
        let it = &self.modes.character;
        let char = international_char(it.international, byte)
            .or_else(|| code_page_char(it.code_page, byte))
            .unwrap_or(NO_CHARACTER);
        let user = self.user.narrow(it.font, byte).filter(|_| it.user_defined);
        match user.map(|glyph| glyph.in_cell(cell)) {
            Some(glyph) => self.set_glyph(glyph, char, false),
            None => self.set_char(char, cell),
        }
    }

    /// Takes a byte of UTF-8; what is none prints as a box.
    fn utf8_byte(&mut self, byte: u8) {
        self.modes.character.pending.push(byte);
        let pending = core::mem::take(&mut self.modes.character.pending);
        match core::str::from_utf8(&pending) {
            Ok(text) => text.chars().for_each(|char| self.utf8_char(char)),
            Err(error) if error.error_len().is_none() => self.modes.character.pending = pending,
            Err(_) => self.set_char(NO_CHARACTER, self.modes.cell()),
        }
    }

    fn utf8_char(&mut self, char: char) {
        let cell = if is_wide(char) { self.modes.wide_cell() } else { self.modes.cell() };
        self.set_char(char, cell);
    }

    fn set_char(&mut self, char: char, cell: Cell) {
        let glyph = self.glyphs.glyph(char, cell).clone();
        self.set_glyph(glyph, char, cell.wide);
    }

    fn set_glyph(&mut self, glyph: Bitmap, char: char, wide: bool) {
        let glyph = self.styled(glyph, wide);
        if self.line.x + glyph.width() > self.area_width() && !self.line.is_at_start() {
            self.line_feed(1);
        }
        self.line.text.push(char);
        self.line.put_character(glyph);
    }

    /// Emphasises, spaces, magnifies, underlines, turns and inverts.
    fn styled(&self, mut glyph: Bitmap, wide: bool) -> Bitmap {
        let it = &self.modes.character;
        let kanji = &self.modes.kanji;
        let (width, height, underline) = match wide {
            true => (kanji.width, kanji.height, kanji.underline.rows()),
            false => (it.width, it.height, it.underline.rows()),
        };
        if it.colourless {
            glyph = Bitmap::new(glyph.width(), glyph.height());
        }
        if it.emphasized || it.double_strike {
            glyph = glyph.emphasized();
        }
        glyph = self.spaced(&glyph, wide);
        glyph = match it.smoothing && width > 1 && height > 1 {
            true => glyph.smoothed(width, height),
            false => glyph.scaled(width, height),
        };
        let turned = it.rotation != Rotation::Off && self.page_mode.is_none();
        // Neither turned nor inverted characters are underlined (ESC -).
        if !turned && !it.invert {
            glyph.fill(0, glyph.height() - underline, glyph.width(), underline);
        }
        if turned {
            glyph = self.turned(&glyph);
        }
        if it.invert { glyph.inverted() } else { glyph }
    }

    fn spaced(&self, glyph: &Bitmap, wide: bool) -> Bitmap {
        let spacing = self.modes.spacing;
        let (before, after) =
            if wide { (spacing.before_wide, spacing.after_wide) } else { (0, spacing.right) };
        let mut out = Bitmap::new(before + glyph.width() + after, glyph.height());
        out.print(glyph, before, 0);
        out
    }

    /// Turns a character by 90° clockwise; the dots that ESC V puts between characters are rows in
    /// the direction of the paper, so that one and a half are two.
    fn turned(&self, glyph: &Bitmap) -> Bitmap {
        let gap = if self.modes.character.rotation == Rotation::OneDot { 1 } else { 2 };
        let turned = glyph.clockwise();
        let mut out = Bitmap::new(turned.width() + gap, turned.height());
        out.print(&turned, 0, 0);
        out
    }
}

/// Tells whether a character of UTF-8 takes two columns (UAX #11: East Asian scripts and their
/// punctuation).
fn is_wide(char: char) -> bool {
    matches!(char,
        '\u{1100}'..='\u{115F}'
        | '\u{2E80}'..='\u{A4CF}'
        | '\u{AC00}'..='\u{D7A3}'
        | '\u{F900}'..='\u{FAFF}'
        | '\u{FE30}'..='\u{FE4F}'
        | '\u{FF01}'..='\u{FF60}'
        | '\u{FFE0}'..='\u{FFE6}'
        | '\u{20000}'..='\u{3FFFD}')
}
