//! Glyphs, dot by dot, from fonts of the system.

use std::fs;
use std::path::Path;
use std::sync::{LazyLock, OnceLock};

use ab_glyph::{Font as _, FontVec, Glyph, PxScale, ScaleFont as _, point};

use super::Bitmap;

/// Fonts that are looked for, and the face's place in the file: first those with Chinese whose Latin
/// letters are half as wide, then those that have what the first ones have not.
const FONTS: [(&str, u32); 17] = [
    ("/usr/share/fonts/truetype/wqy/wqy-zenhei.ttc", 1),
    ("/usr/share/fonts/truetype/wqy/wqy-microhei.ttc", 1),
    ("/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc", 7),
    ("/usr/share/fonts/noto-cjk/NotoSansCJK-Regular.ttc", 7),
    ("/usr/share/fonts/google-noto-cjk/NotoSansCJK-Regular.ttc", 7),
    ("/usr/share/fonts/truetype/dejavu/DejaVuSansMono.ttf", 0),
    ("/usr/share/fonts/TTF/DejaVuSansMono.ttf", 0),
    ("/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf", 0),
    ("/usr/share/fonts/TTF/DejaVuSans.ttf", 0),
    ("/usr/share/fonts/truetype/noto/NotoSansThai-Regular.ttf", 0),
    ("/usr/share/fonts/truetype/tlwg/Loma.ttf", 0),
    ("/usr/share/fonts/truetype/noto/NotoSansArabic-Regular.ttf", 0),
    ("/usr/share/fonts/truetype/noto/NotoSansHebrew-Regular.ttf", 0),
    ("/usr/share/fonts/truetype/noto/NotoSansDevanagari-Regular.ttf", 0),
    ("/usr/share/fonts/truetype/noto/NotoEmoji-Regular.ttf", 0),
    ("/usr/share/fonts/truetype/ancient-scripts/Symbola_hint.ttf", 0),
    ("/usr/share/fonts/truetype/unifont/unifont.ttf", 0),
];

/// Is a font that is read when a glyph is asked for that those before it have not.
struct Face {
    path: &'static str,
    index: u32,
    font: OnceLock<Option<FontVec>>,
}

impl Face {
    fn font(&self) -> Option<&FontVec> {
        let read = || FontVec::try_from_vec_and_index(fs::read(self.path).ok()?, self.index).ok();
        self.font.get_or_init(read).as_ref()
    }
}

/// The fonts that there are.
static FACES: LazyLock<Vec<Face>> = LazyLock::new(|| {
    let exists = FONTS.iter().filter(|(path, _)| Path::new(path).exists());
    exists.map(|(path, index)| Face { path, index: *index, font: OnceLock::new() }).collect()
});

fn face(char: char) -> Option<&'static FontVec> {
    FACES.iter().filter_map(Face::font).find(|font| font.glyph_id(char).0 != 0)
}

/// Tells whether a character can be drawn.
pub(super) fn has(char: char) -> bool {
    face(char).is_some()
}

/// Is the dots of a character.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Cell {
    pub(super) width: u16,
    pub(super) height: u16,
    /// Whether the character is as wide as it is high.
    pub(super) wide: bool,
}

/// Draws a character in its cell; `None` when no font has it. One that combines with the character
/// before it is drawn into a cell as wide as that one's.
#[expect(clippy::float_arithmetic, reason = "outlines of glyphs are floats")]
#[expect(
    clippy::as_conversions,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "dots of a cell of few hundred dots; what is outside saturates and is clipped"
)]
pub(super) fn glyph(char: char, cell: Cell) -> Option<Bitmap> {
    /// Where the baseline of a character is, as part of its height.
    const BASELINE: f32 = 0.82;
    /// From which part of its area on a dot is black.
    const THRESHOLD: f32 = 0.45;
    let face = face(char)?;
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
    let glyph = Glyph { id, scale, position: point(inset.max(0.0), height * BASELINE) };
    let mut out = Bitmap::new(usize::from(cell.width), usize::from(cell.height));
    if let Some(outlined) = face.outline_glyph(glyph) {
        let bounds = outlined.px_bounds();
        outlined.draw(|x, y, coverage| {
            let (x, y) = (bounds.min.x + x as f32, bounds.min.y + y as f32);
            if coverage > THRESHOLD && x >= 0.0 && y >= 0.0 {
                out.blacken(x as usize, y as usize);
            }
        });
    }
    Some(out)
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
