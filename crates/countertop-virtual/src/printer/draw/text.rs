//! Characters of a line.

use countertop_wire::escpos::{code_page_char, kanji_char};

use super::font::Cell;
use super::modes::WIDE;
use super::{Bitmap, Drawing};

/// What stands for bytes that are no character.
const NO_CHARACTER: char = '\u{25A1}';

/// The bytes that international sets replace (ESC R).
const REPLACED: &[u8] = b"#$@[\\]^`{|}~";

/// The characters of each set, in the order of [`REPLACED`], from 1 on.
const INTERNATIONAL: [&str; 15] = [
    "#$à°ç§^`éùè¨",
    "#$§ÄÖÜ^`äöüß",
    "£$@[\\]^`{|}~",
    "#$@ÆØÅ^`æøå~",
    "#¤ÉÄÖÅÜéäöåü",
    "#$@°\\é^ùàòèì",
    "₧$@¡Ñ¿^`¨ñ}~",
    "#$@[¥]^`{|}~",
    "#¤ÉÆØÅÜéæøåü",
    "#$ÉÆØÅÜéæøåü",
    "₧$á¡Ñ¿éüíñóú",
    "#$á¡Ñ¿éüíñóú",
    "#$@[₩]^`{|}~",
    "#$ŽŠĐĆČžšđćč",
    "#¥@[\\]^`{|}~",
];

impl Drawing {
    /// Sets characters, breaking the line where it is full.
    pub(super) fn print_text(&mut self, bytes: &[u8]) {
        for byte in bytes {
            match (self.modes.kanji.lead.take(), *byte) {
                (Some(lead), byte) => {
                    let char = kanji_char([lead, byte]).unwrap_or(NO_CHARACTER);
                    self.set_char(char, WIDE);
                }
                (None, byte @ 0x81..=0xFE) if self.modes.kanji.on => {
                    self.modes.kanji.lead = Some(byte);
                }
                (None, byte) => {
                    let char = self.narrow_char(byte);
                    self.set_char(char, self.modes.cell());
                }
            }
        }
    }

    fn narrow_char(&self, byte: u8) -> char {
        let set = usize::from(self.modes.international).checked_sub(1);
        let set = set.and_then(|index| INTERNATIONAL.get(index));
        let place = REPLACED.iter().position(|replaced| *replaced == byte);
        set.zip(place)
            .and_then(|(set, place)| set.chars().nth(place))
            .or_else(|| code_page_char(self.modes.code_page, byte))
            .unwrap_or(NO_CHARACTER)
    }

    fn set_char(&mut self, char: char, cell: Cell) {
        let glyph = self.styled(char, cell);
        if self.line.x + glyph.width() > self.area_width() && !self.line.is_empty() {
            self.line_feed(1);
        }
        self.line.text.push(char);
        self.line.put(glyph);
    }

    fn styled(&mut self, char: char, cell: Cell) -> Bitmap {
        let modes = &self.modes;
        let mut glyph = self.glyphs.glyph(char, cell).clone();
        if modes.bold {
            glyph = glyph.emphasized();
        }
        let (before, after) = match cell.wide {
            true => (modes.kanji.before, modes.kanji.after),
            false => (0, modes.spacing),
        };
        if before + after > 0 {
            let mut spaced = Bitmap::new(before + glyph.width() + after, glyph.height());
            spaced.print(&glyph, before, 0);
            glyph = spaced;
        }
        glyph = glyph.scaled(modes.width, modes.height);
        let line =
            if cell.wide { modes.kanji.underline.max(modes.underline) } else { modes.underline };
        glyph.fill(0, glyph.height() - line, glyph.width(), line);
        if modes.rotated {
            glyph = glyph.clockwise();
        }
        if modes.invert { glyph.inverted() } else { glyph }
    }
}
