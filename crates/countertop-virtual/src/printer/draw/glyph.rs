//! Fonts of the system for what the printer's own has not.

use std::fs;
use std::path::Path;
use std::sync::LazyLock;

use countertop_draw::glyph::{FONTS, Faces};

/// Where the baseline of a character is, in hundredths of its height.
const BASELINE: u8 = 84;

/// Says what to do about missing glyphs.
pub(crate) const NO_FONT: &str = "no font with Chinese found: install fonts-wqy-zenhei or \
     fonts-noto-cjk to see characters instead of boxes";

/// Is the first two fonts that there are, read on first use and kept.
pub(crate) static FACES: LazyLock<Faces> = LazyLock::new(|| {
    let exists = FONTS.into_iter().filter(|font| font.columns && Path::new(font.path).exists());
    Faces::new(exists.take(2), |path| fs::read(path).ok(), BASELINE)
});
