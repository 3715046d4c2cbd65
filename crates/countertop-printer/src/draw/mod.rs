//! What printers lack, drawn: characters and codes as pictures.

#[cfg(feature = "glyphs")]
mod font;
#[cfg(feature = "glyphs")]
pub(crate) mod line;

use countertop_device::document::Picture;
use countertop_draw::Bitmap;

/// Returns dots as a document has them.
pub(crate) fn picture(bitmap: Bitmap) -> Picture {
    Picture { width: u32::try_from(bitmap.width()).unwrap_or(u32::MAX), rows: bitmap.into_rows() }
}
