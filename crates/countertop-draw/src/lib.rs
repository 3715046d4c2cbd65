//! Dots, glyphs and codes, as receipt printers have them.
//!
//! A printer's driver draws with this what its printer lacks, and the virtual printer what it prints.
//! Nothing here does I/O or knows a printer's state.
//!
//! - [`Bitmap`] is dots on paper.
//! - [`glyph`] (feature `glyphs`) gives characters: Latin, Greek, Cyrillic and lines from a font of
//!   the crate's own, others from outlines of fonts whose files the caller reads.
//! - [`symbol`] (feature `codes`) makes codes of data, one dot a module.

mod bitmap;
#[cfg(feature = "glyphs")]
pub mod glyph;
#[cfg(feature = "codes")]
pub mod symbol;

pub use bitmap::Bitmap;
