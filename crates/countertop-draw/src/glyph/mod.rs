//! Glyphs, dot by dot: narrow ones from a font of the crate's own, so that they are the same on
//! every machine, others from outlines of fonts that the caller reads.

mod narrow;
mod outline;

use std::collections::HashMap;

use super::Bitmap;
pub use outline::{FONTS, Faces, FontFile};

/// Gives glyphs of any cell, each drawn once.
#[derive(Debug)]
pub struct Glyphs {
    faces: &'static Faces,
    drawn: HashMap<(char, Cell), Bitmap>,
}

/// Is the dots of a character.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Cell {
    /// Dots across.
    pub width: u16,
    /// Dots down.
    pub height: u16,
    /// Whether the character is as wide as it is high.
    pub wide: bool,
}

impl Cell {
    /// Returns white paper of this size.
    #[must_use]
    pub fn blank(self) -> Bitmap {
        Bitmap::new(usize::from(self.width), usize::from(self.height))
    }
}

impl Glyphs {
    /// Creates glyphs that take from `faces` what the crate's own font has not.
    #[must_use]
    pub fn new(faces: &'static Faces) -> Self {
        Self { faces, drawn: HashMap::new() }
    }

    /// Returns a character in its cell, a box where no font has it.
    pub fn glyph(&mut self, char: char, cell: Cell) -> &Bitmap {
        let faces = self.faces;
        self.drawn.entry((char, cell)).or_insert_with(|| draw(faces, char, cell))
    }
}

fn draw(faces: &Faces, char: char, cell: Cell) -> Bitmap {
    if matches!(char, ' ' | '\u{A0}' | '\u{3000}') {
        return cell.blank();
    }
    let own = if cell.wide { None } else { narrow::glyph(char, cell) };
    own.or_else(|| faces.glyph(char, cell))
        .or_else(|| faces.glyph(full_width(char)?, cell))
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
    let mut out = cell.blank();
    let (across, down) = (out.width().saturating_sub(2), out.height().saturating_sub(6));
    out.fill(1, 2, across, 1);
    out.fill(1, 2 + down, across, 1);
    out.fill(1, 2, 1, down);
    out.fill(across, 2, 1, down);
    out
}

#[cfg(test)]
mod tests {
    use std::sync::LazyLock;

    use super::*;

    /// No face at all, as on a machine without fonts.
    static NONE: LazyLock<Faces> = LazyLock::new(|| Faces::new([], |_| None, 84));

    #[test]
    fn what_no_font_has_is_a_box() {
        let mut glyphs = Glyphs::new(&NONE);
        let cell = Cell { width: 24, height: 24, wide: true };
        let boxed = glyphs.glyph('中', cell).clone();
        assert!(boxed.is_black(1, 2) && boxed.is_black(22, 2) && !boxed.is_black(12, 12));
        assert_eq!(*glyphs.glyph('国', cell), boxed);
        assert!(glyphs.glyph('\u{3000}', cell).is_blank());
    }

    #[test]
    fn a_cell_of_any_size_is_drawn() {
        let mut glyphs = Glyphs::new(&NONE);
        for side in 0..40 {
            let cell = Cell { width: side, height: side, wide: true };
            let glyph = glyphs.glyph('中', cell);
            assert_eq!(glyph.width(), usize::from(side));
        }
    }

    #[test]
    fn half_katakana_have_full_forms() {
        assert_eq!(full_width('\u{FF71}'), Some('ア'));
        assert_eq!(full_width('\u{FF9F}'), Some('゜'));
        assert_eq!((full_width('\u{FFA0}'), full_width('a')), (None, None));
    }
}
