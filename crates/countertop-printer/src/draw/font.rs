//! Fonts of the system.

use std::fs;
use std::path::Path;
use std::sync::LazyLock;

use countertop_draw::glyph::{FONTS, Faces};

/// Where the baseline of a character is, in hundredths of its height.
const BASELINE: u8 = 82;

/// The fonts that there are; each is read when a character is asked for that those before have not.
pub(super) static FACES: LazyLock<Faces> = LazyLock::new(|| {
    let exists = FONTS.into_iter().filter(|font| Path::new(font.path).exists());
    Faces::new(exists, |path| fs::read(path).ok(), BASELINE)
});
