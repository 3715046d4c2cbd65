//! Glyphs from a font of the system.

use std::fs;
use std::sync::LazyLock;

use ab_glyph::{Font as _, FontVec, Glyph, PxScale, ScaleFont as _, point};

use super::Cell;
use crate::printer::Bitmap;

/// Fonts with Chinese whose Latin letters are half as wide, and the face's place in the file.
const FONTS: [(&str, u32); 6] = [
    ("/usr/share/fonts/truetype/wqy/wqy-zenhei.ttc", 1),
    ("/usr/share/fonts/truetype/wqy/wqy-microhei.ttc", 1),
    ("/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc", 7),
    ("/usr/share/fonts/noto-cjk/NotoSansCJK-Regular.ttc", 7),
    ("/usr/share/fonts/google-noto-cjk/NotoSansCJK-Regular.ttc", 7),
    ("/usr/share/fonts/truetype/dejavu/DejaVuSansMono.ttf", 0),
];

/// Says what to do about missing glyphs.
pub(crate) const NO_FONT: &str = "no font with Chinese found: install fonts-wqy-zenhei or \
     fonts-noto-cjk to see characters instead of boxes";

/// Is read on first use and kept.
static FACES: LazyLock<Vec<FontVec>> = LazyLock::new(|| {
    let load = |(path, index): &(&str, u32)| {
        FontVec::try_from_vec_and_index(fs::read(path).ok()?, *index).ok()
    };
    FONTS.iter().filter_map(load).take(2).collect()
});

/// Tells whether there is a font at all.
pub(crate) fn is_installed() -> bool {
    !FACES.is_empty()
}

/// Draws a character from the first font that has it.
pub(super) fn glyph(char: char, cell: Cell) -> Option<Bitmap> {
    let face = FACES.iter().find(|face| face.glyph_id(char).0 != 0)?;
    Some(outline(face, char, cell))
}

#[expect(clippy::float_arithmetic, reason = "outlines of glyphs are floats")]
#[expect(
    clippy::as_conversions,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "dots of a cell of at most 255 × 255; what is outside saturates and is clipped"
)]
fn outline(face: &FontVec, char: char, cell: Cell) -> Bitmap {
    /// Where the baseline of a character is, as part of its height.
    const BASELINE: f32 = 0.84;
    /// From which part of its area on a dot is black.
    const THRESHOLD: f32 = 0.45;
    let (width, height) = (f32::from(cell.width), f32::from(cell.height));
    let em = em(face);
    let across = if cell.wide { width } else { width * 2.0 };
    let natural = PxScale { x: em * across, y: em * height };
    let id = face.glyph_id(char);
    // A letter that the font has in full width alone is condensed to its cell.
    let condense = (width / face.as_scaled(natural).h_advance(id)).min(1.0);
    let scale = PxScale { x: natural.x * condense, y: natural.y };
    let inset = (width - face.as_scaled(scale).h_advance(id)) / 2.0;
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
    out
}

/// Returns the scale at which a wide character is one dot wide.
#[expect(clippy::float_arithmetic, reason = "outlines of glyphs are floats")]
fn em(face: &FontVec) -> f32 {
    let probe = face.as_scaled(PxScale::from(1.0));
    let wide = probe.h_advance(face.glyph_id('国'));
    let narrow = probe.h_advance(face.glyph_id('0')) * 2.0;
    1.0 / if face.glyph_id('国').0 == 0 { narrow } else { wide }
}
