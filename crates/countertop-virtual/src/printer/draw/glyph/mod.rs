//! Glyphs, dot by dot: narrow ones from a font of the program's own, so that they are the same on
//! every machine, wide ones from a font of the system.

mod narrow;
mod outline;

use std::collections::HashMap;

use super::Bitmap;
pub(crate) use outline::{NO_FONT, is_installed};

/// Gives glyphs of any cell, each drawn once.
#[derive(Debug, Default)]
pub(crate) struct Glyphs {
    drawn: HashMap<(char, Cell), Bitmap>,
}

/// Is the dots of a character.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Cell {
    pub(crate) width: u8,
    pub(crate) height: u8,
    /// Whether the character is as wide as it is high.
    pub(crate) wide: bool,
}

impl Glyphs {
    /// Returns a character in its cell.
    pub(crate) fn glyph(&mut self, char: char, cell: Cell) -> &Bitmap {
        self.drawn.entry((char, cell)).or_insert_with(|| draw(char, cell))
    }
}

fn draw(char: char, cell: Cell) -> Bitmap {
    if matches!(char, ' ' | '\u{A0}' | '\u{3000}') {
        return Bitmap::new(usize::from(cell.width), usize::from(cell.height));
    }
    let own = if cell.wide { None } else { narrow::glyph(char, cell) };
    own.or_else(|| outline::glyph(char, cell))
        .or_else(|| outline::glyph(full_width(char)?, cell))
        .unwrap_or_else(|| boxed(cell))
}

/// Returns the full form of a half-width Katakana, for fonts that have no others.
fn full_width(char: char) -> Option<char> {
    const FULL: &str = "。「」、・ヲァィゥェォャュョッーアイウエオカキクケコサシスセソタチツテトナニヌネノハヒフヘホ\
        マミムメモヤユヨラリルレロワン゛゜";
    let place = u32::from(char).checked_sub(0xFF61)?;
    FULL.chars().nth(usize::try_from(place).ok()?)
}

/// Draws a box for what no font has.
fn boxed(cell: Cell) -> Bitmap {
    let (width, height) = (usize::from(cell.width), usize::from(cell.height));
    let mut out = Bitmap::new(width, height);
    let (across, down) = (width - 2, height - 6);
    out.fill(1, 2, across, 1);
    out.fill(1, 2 + down, across, 1);
    out.fill(1, 2, 1, down);
    out.fill(across, 2, 1, down);
    out
}
