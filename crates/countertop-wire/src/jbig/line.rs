//! What the two directions share: how a line refers to the one above it.

use super::Bitmap;

/// Remembers whether the line above was coded as typical, that is, equal to the one above it
/// (ITU-T T.82 clause 6.4.2).
#[derive(Debug)]
pub(super) struct TypicalPrediction {
    typical: bool,
}

impl TypicalPrediction {
    /// Starts afresh: the line above counts as not typical.
    pub(super) fn new() -> Self {
        Self { typical: false }
    }

    /// Takes whether a line is typical, and returns the symbol to encode (SLNTP).
    pub(super) fn symbol(&mut self, typical: bool) -> bool {
        let unchanged = self.typical == typical;
        self.typical = typical;
        unchanged
    }

    /// Takes the symbol decoded (SLNTP), and tells whether the line is typical.
    pub(super) fn typical(&mut self, unchanged: bool) -> bool {
        self.typical ^= !unchanged;
        self.typical
    }
}

/// Tells whether a line equals the one above it, where those above `top` are white.
pub(super) fn is_typical(bitmap: &Bitmap, top: u32, y: u32) -> bool {
    let line = bitmap.row(y);
    if y == top { line.iter().all(|&byte| byte == 0) } else { line == bitmap.row(y - 1) }
}
