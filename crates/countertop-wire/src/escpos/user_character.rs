//! Characters that a program defines.

use super::table::Parameter;
use super::{OutOfRange, Ranged};

/// Is one character of ESC &: columns from left to right, the most significant bit on top.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct UserGlyph {
    /// The columns.
    pub width: u8,
    /// The columns' bytes; nought columns are a blank of the font's width.
    pub data: Vec<u8>,
}

/// Is characters of ESC & that follow each other, in the font that is selected.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct UserCharacters {
    bytes_per_column: u8,
    first: u8,
    glyphs: Vec<UserGlyph>,
}

impl UserCharacters {
    /// Creates the characters from `first` on, whose columns are of `bytes_per_column` bytes.
    ///
    /// # Errors
    ///
    /// When there is none, one would be outside 20 to 7E, or data is not of whole columns.
    pub fn new(
        bytes_per_column: u8,
        first: Ranged<32, 126>,
        glyphs: Vec<UserGlyph>,
    ) -> Result<Self, OutOfRange> {
        let first = first.get();
        let most = usize::from(126 - first) + 1;
        OutOfRange::check("bytes of a column", usize::from(bytes_per_column), 1..=6)?;
        OutOfRange::check("number of user-defined characters", glyphs.len(), 1..=most)?;
        for glyph in &glyphs {
            let length = usize::from(glyph.width) * usize::from(bytes_per_column);
            OutOfRange::check("length of a character", glyph.data.len(), length..=length)?;
        }
        Ok(Self { bytes_per_column, first, glyphs })
    }

    /// Returns the bytes of a column.
    #[must_use]
    pub fn bytes_per_column(&self) -> u8 {
        self.bytes_per_column
    }

    /// Returns the characters, each with its code.
    pub fn glyphs(&self) -> impl Iterator<Item = (u8, &UserGlyph)> {
        (self.first..).zip(&self.glyphs)
    }
}

impl Parameter for UserCharacters {
    fn emit(&self, out: &mut Vec<u8>) {
        let count = u8::try_from(self.glyphs.len()).unwrap_or(u8::MAX);
        out.extend([self.bytes_per_column, self.first, self.first + (count - 1)]);
        for glyph in &self.glyphs {
            out.push(glyph.width);
            out.extend_from_slice(&glyph.data);
        }
    }

    fn decode(bytes: &[u8]) -> Option<Self> {
        let ([height, first, last], mut rest) = bytes.split_first_chunk()?;
        let mut glyphs = Vec::new();
        for _ in *first..=*last {
            let (width, data) = rest.split_first()?;
            let length = usize::from(*width) * usize::from(*height);
            let (data, next) = data.split_at_checked(length)?;
            glyphs.push(UserGlyph { width: *width, data: data.to_vec() });
            rest = next;
        }
        rest.is_empty().then_some(())?;
        Self::new(*height, Ranged::new(*first).ok()?, glyphs).ok()
    }
}

/// Is a wide character of FS 2: 24 columns of 24 dots, the most significant bit on top.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct UserKanji {
    /// The two bytes that print it.
    pub code: [u8; 2],
    /// The columns.
    pub columns: [[u8; 3]; 24],
}

impl Parameter for UserKanji {
    fn emit(&self, out: &mut Vec<u8>) {
        out.extend(self.code);
        out.extend_from_slice(self.columns.as_flattened());
    }

    fn decode(bytes: &[u8]) -> Option<Self> {
        let (code, data) = bytes.split_first_chunk()?;
        let (columns, []) = data.as_chunks() else { return None };
        Some(Self { code: *code, columns: columns.try_into().ok()? })
    }
}
