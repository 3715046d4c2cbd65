//! A piece of paper that was printed.

use std::io::{self, Cursor};

use image::codecs::png::PngEncoder;
use image::{ExtendedColorType, ImageEncoder as _};

use super::Bitmap;

/// Is the paper from one cut to the next.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page {
    pub(super) bitmap: Bitmap,
    pub(super) text: String,
    pub(super) notes: Vec<String>,
}

impl Page {
    /// Returns the dots.
    #[must_use]
    pub fn bitmap(&self) -> &Bitmap {
        &self.bitmap
    }

    /// Returns the characters printed, line by line, with codes and pictures in brackets.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Returns what could not be printed: unknown commands, bad bar codes.
    #[must_use]
    pub fn notes(&self) -> &[String] {
        &self.notes
    }

    /// Returns the dots as a PNG file.
    ///
    /// # Errors
    ///
    /// When the page has no dots.
    pub fn to_png(&self) -> io::Result<Vec<u8>> {
        let mut out = Cursor::new(Vec::new());
        let width = u32::try_from(self.bitmap.width()).map_err(io::Error::other)?;
        let height = u32::try_from(self.bitmap.height()).map_err(io::Error::other)?;
        PngEncoder::new(&mut out)
            .write_image(&self.bitmap.to_luma(), width, height, ExtendedColorType::L8)
            .map_err(io::Error::other)?;
        Ok(out.into_inner())
    }

    /// Returns the text and, after a dashed line, the notes, as written beside a picture.
    #[must_use]
    pub fn to_text(&self) -> String {
        let mut out = self.text.clone();
        if !self.notes.is_empty() {
            out.push_str("--- notes ---\n");
        }
        for note in &self.notes {
            out.push_str(note);
            out.push('\n');
        }
        out
    }
}
