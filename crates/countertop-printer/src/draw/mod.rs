//! What printers lack, drawn: characters and codes as pictures.

mod bitmap;
#[cfg(feature = "codes")]
pub(crate) mod code;
#[cfg(feature = "glyphs")]
mod font;
#[cfg(feature = "glyphs")]
pub(crate) mod line;

pub(crate) use bitmap::Bitmap;
