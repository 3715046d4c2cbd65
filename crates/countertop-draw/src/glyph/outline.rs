//! Glyphs from outlines of fonts.

use core::fmt;
use std::sync::OnceLock;

use ab_glyph::{Font as _, FontVec, Glyph, PxScale, ScaleFont as _, point};

use super::Cell;
use crate::Bitmap;

/// Is where a font may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct FontFile {
    /// Its path on Debian, Arch or Fedora.
    pub path: &'static str,
    /// The face's place in the file.
    pub index: u32,
    /// Whether it has letters half as wide as they are high; only such fonts stand in columns.
    pub columns: bool,
}

const fn columns(path: &'static str, index: u32) -> FontFile {
    FontFile { path, index, columns: true }
}

const fn other(path: &'static str) -> FontFile {
    FontFile { path, index: 0, columns: false }
}

/// Fonts of well-known systems: first those with Chinese whose Latin letters are half as wide, then
/// those that have what the first ones have not.
pub const FONTS: [FontFile; 17] = [
    columns("/usr/share/fonts/truetype/wqy/wqy-zenhei.ttc", 1),
    columns("/usr/share/fonts/truetype/wqy/wqy-microhei.ttc", 1),
    columns("/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc", 7),
    columns("/usr/share/fonts/noto-cjk/NotoSansCJK-Regular.ttc", 7),
    columns("/usr/share/fonts/google-noto-cjk/NotoSansCJK-Regular.ttc", 7),
    columns("/usr/share/fonts/truetype/dejavu/DejaVuSansMono.ttf", 0),
    columns("/usr/share/fonts/TTF/DejaVuSansMono.ttf", 0),
    other("/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf"),
    other("/usr/share/fonts/TTF/DejaVuSans.ttf"),
    other("/usr/share/fonts/truetype/noto/NotoSansThai-Regular.ttf"),
    other("/usr/share/fonts/truetype/tlwg/Loma.ttf"),
    other("/usr/share/fonts/truetype/noto/NotoSansArabic-Regular.ttf"),
    other("/usr/share/fonts/truetype/noto/NotoSansHebrew-Regular.ttf"),
    other("/usr/share/fonts/truetype/noto/NotoSansDevanagari-Regular.ttf"),
    other("/usr/share/fonts/truetype/noto/NotoEmoji-Regular.ttf"),
    other("/usr/share/fonts/truetype/ancient-scripts/Symbola_hint.ttf"),
    other("/usr/share/fonts/truetype/unifont/unifont.ttf"),
];

/// Returns a font's file.
type Read = fn(&str) -> Option<Vec<u8>>;

/// Is a font that is read when a glyph is asked for that those before it have not.
struct Face {
    file: FontFile,
    read: Read,
    font: OnceLock<Option<FontVec>>,
}

impl Face {
    fn font(&self) -> Option<&FontVec> {
        let load = || {
            let bytes = (self.read)(self.file.path)?;
            FontVec::try_from_vec_and_index(bytes, self.file.index).ok()
        };
        self.font.get_or_init(load).as_ref()
    }
}

impl fmt::Debug for Face {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Face").field(&self.file).finish()
    }
}

/// Draws characters from the first of some fonts that has them.
#[derive(Debug)]
pub struct Faces {
    faces: Vec<Face>,
    /// Where the baseline is, in hundredths of a cell's height.
    baseline: u8,
}

impl Faces {
    /// Takes fonts in the order in which they are asked. `read` returns a path's file, once and
    /// when it is needed; one that cannot be read or is no font has no characters. The baseline of
    /// letters is `baseline` hundredths of a cell's height below its top.
    pub fn new(files: impl IntoIterator<Item = FontFile>, read: Read, baseline: u8) -> Self {
        let face = |file| Face { file, read, font: OnceLock::new() };
        Self { faces: files.into_iter().map(face).collect(), baseline }
    }

    /// Tells whether there is no font that can be read.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.faces.iter().all(|face| face.font().is_none())
    }

    /// Tells whether a font has a character.
    #[must_use]
    pub fn has(&self, char: char) -> bool {
        self.face(char).is_some()
    }

    fn face(&self, char: char) -> Option<&FontVec> {
        self.faces.iter().filter_map(Face::font).find(|font| font.glyph_id(char).0 != 0)
    }

    /// Draws a character in its cell; `None` when no font has it. One that combines with the
    /// character before it is drawn into a cell as wide as that one's.
    #[must_use]
    pub fn glyph(&self, char: char, cell: Cell) -> Option<Bitmap> {
        let face = self.face(char)?;
        let glyph = placed(face, char, cell, self.baseline);
        let mut out = cell.blank();
        if let Some(outlined) = face.outline_glyph(glyph) {
            fill(&mut out, &outlined);
        }
        Some(out)
    }
}

/// Returns a character's glyph, as large as its cell and in the middle of it.
#[expect(clippy::float_arithmetic, reason = "outlines of glyphs are floats")]
fn placed(face: &FontVec, char: char, cell: Cell, baseline: u8) -> Glyph {
    let (width, height) = (f32::from(cell.width), f32::from(cell.height));
    let em = em(face);
    let across = if cell.wide { width } else { width * 2.0 };
    let natural = PxScale { x: em * across, y: em * height };
    let id = face.glyph_id(char);
    let advance = face.as_scaled(natural).h_advance(id);
    // A letter that the font has wider than the cell is condensed to it.
    let condense = if advance > 0.0 { (width / advance).min(1.0) } else { 1.0 };
    let scale = PxScale { x: natural.x * condense, y: natural.y };
    // A combining mark has no advance and stands left of where it is drawn.
    let inset = if advance > 0.0 { (width - advance * condense) / 2.0 } else { width };
    let position = point(inset.max(0.0), height * (f32::from(baseline) / 100.0));
    Glyph { id, scale, position }
}

/// Blackens the dots of which enough is covered.
#[expect(clippy::float_arithmetic, reason = "outlines of glyphs are floats")]
#[expect(
    clippy::as_conversions,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "dots of a cell of few hundred dots; what is outside saturates and is clipped"
)]
fn fill(out: &mut Bitmap, outlined: &ab_glyph::OutlinedGlyph) {
    /// From which part of its area on a dot is black.
    const THRESHOLD: f32 = 0.45;
    let bounds = outlined.px_bounds();
    outlined.draw(|x, y, coverage| {
        let (x, y) = (bounds.min.x + x as f32, bounds.min.y + y as f32);
        if coverage > THRESHOLD && x >= 0.0 && y >= 0.0 {
            out.blacken(x as usize, y as usize);
        }
    });
}

/// Returns the scale at which a wide character is one dot wide.
#[expect(clippy::float_arithmetic, reason = "outlines of glyphs are floats")]
fn em(face: &FontVec) -> f32 {
    let probe = face.as_scaled(PxScale::from(1.0));
    let wide = probe.h_advance(face.glyph_id('国'));
    let narrow = probe.h_advance(face.glyph_id('n')) * 2.0;
    // A proportional font's letters are narrower than half of its height.
    let narrow = narrow.max(1.0);
    1.0 / if face.glyph_id('国').0 == 0 { narrow } else { wide }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    const CELL: Cell = Cell { width: 12, height: 24, wide: false };

    #[test]
    fn what_cannot_be_read_has_no_characters() {
        for read in [|_: &str| None, |_: &str| Some(b"no font".to_vec())] {
            let faces = Faces::new(FONTS, read, 82);
            assert!(faces.is_empty() && !faces.has('a'));
            assert_eq!(faces.glyph('a', CELL), None);
        }
    }

    #[test]
    fn characters_stand_in_their_cells() {
        let faces = Faces::new(FONTS, |path| fs::read(path).ok(), 82);
        if faces.is_empty() {
            eprintln!("no font is installed: letters were not looked at");
            return;
        }
        let glyph = faces.glyph('H', CELL).unwrap();
        assert_eq!((glyph.width(), glyph.height()), (12, 24));
        // Nothing is below the baseline, at 82 hundredths of 24 dots.
        assert!(!glyph.is_blank() && (20..24).all(|y| (0..12).all(|x| !glyph.is_black(x, y))));
        assert!(!faces.has('\u{E123}'));
    }
}
