//! Documents as pictures.
//!
//! A document's picture is what its ESC/POS makes a printer draw: the bytes are what is printed, and
//! so what is shown is what comes on paper. Who draws is passed in, for this crate drives printers
//! and is none; the crate countertop-virtual draws to the dot:
//!
//! ```
//! use countertop_device::Settings;
//! use countertop_device::document::{Document, Picture};
//! use countertop_printer::{EscPosSettings, render};
//! use countertop_virtual::printer::preview;
//!
//! let mut document = Document::new();
//! document.line("one").cut().line("two").cut();
//! let settings = EscPosSettings::from_settings(&Settings::new()).unwrap();
//! let papers = render::papers(&document, &settings, |bytes, dots| {
//!     let pages = preview(bytes, dots).into_iter();
//!     pages.map(|page| render::from_luma(dots.into(), &page.bitmap().to_luma())).collect()
//! });
//! let papers = papers.unwrap();
//! assert_eq!(papers.len(), 2);
//! assert!(render::svg(&papers[0]).starts_with("<svg"));
//! ```
//!
//! Text for people is [`text::render`](crate::text::render).

#[cfg(feature = "images")]
mod png;
mod svg;
#[cfg(test)]
mod tests;

use countertop_device::document::{Document, Picture};

use crate::{EscPosSettings, LayoutError, encode};

#[cfg(feature = "images")]
pub use png::{PngError, png};
pub use svg::svg;

/// Draws a document's papers, one up to each cut.
///
/// `draw` takes the bytes and the dots of a line, and returns what a printer would have printed.
///
/// # Errors
///
/// As [`encode`].
pub fn papers(
    document: &Document,
    settings: &EscPosSettings,
    draw: impl FnOnce(&[u8], u16) -> Vec<Picture>,
) -> Result<Vec<Picture>, LayoutError> {
    let bytes = encode(document, settings)?;
    Ok(draw(&bytes, settings.profile().dots()))
}

/// Makes a picture of dots from one byte each, black below the middle, row by row.
#[must_use]
pub fn from_luma(width: u32, luma: &[u8]) -> Picture {
    let row = |row: &[u8]| -> Vec<u8> {
        let byte = |eight: &[u8]| {
            let bits = eight.iter().enumerate();
            bits.fold(0, |byte, (bit, shade)| byte | u8::from(*shade < 128) << (7 - bit))
        };
        row.chunks(8).map(byte).collect()
    };
    let rows = luma.chunks_exact((width as usize).max(1)).flat_map(row).collect();
    Picture { width, rows }
}
