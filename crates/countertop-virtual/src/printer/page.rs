//! A piece of paper that was printed.

use std::io;

use super::Bitmap;

/// Is the paper from one cut to the next.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page {
    pub(super) bitmap: Bitmap,
    pub(super) text: String,
    pub(super) notes: Vec<String>,
    pub(super) commands: Vec<String>,
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

    /// Returns the commands that printed the page, [described](super::describe), at most 16 384.
    #[must_use]
    pub fn commands(&self) -> &[String] {
        &self.commands
    }

    /// Returns text, notes and commands as one JSON object, with the size in dots.
    #[must_use]
    pub fn to_json(&self) -> serde_json::Value {
        serde_json::json!({
            "width": self.bitmap.width(),
            "height": self.bitmap.height(),
            "text": self.text,
            "notes": self.notes,
            "commands": self.commands,
        })
    }

    /// Returns the dots as a PNG file of one bit a dot.
    ///
    /// # Errors
    ///
    /// When the page has no dots.
    pub fn to_png(&self) -> io::Result<Vec<u8>> {
        let mut out = Vec::new();
        let width = u32::try_from(self.bitmap.width()).map_err(io::Error::other)?;
        let height = u32::try_from(self.bitmap.height()).map_err(io::Error::other)?;
        let mut encoder = png::Encoder::new(&mut out, width, height);
        encoder.set_color(png::ColorType::Grayscale);
        encoder.set_depth(png::BitDepth::One);
        let mut writer = encoder.write_header().map_err(io::Error::other)?;
        writer.write_image_data(&self.bitmap.to_white_bits()).map_err(io::Error::other)?;
        writer.finish().map_err(io::Error::other)?;
        Ok(out)
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
