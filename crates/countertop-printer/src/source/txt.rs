//! Plain text: each line is one, an empty one feeds paper.

use countertop_device::document::{Block, Document};

/// Makes a document of text. Tabs become spaces up to the next eighth column; other control
/// characters would be commands and are left out.
#[must_use]
pub fn parse(text: &str) -> Document {
    let mut document = Document::new();
    for line in text.lines() {
        let clean = clean(line);
        if clean.is_empty() {
            document.push(Block::Feed(1));
        } else {
            document.line(clean);
        }
    }
    document
}

/// Returns a line without control characters.
pub(super) fn clean(line: &str) -> String {
    let mut out = String::with_capacity(line.len());
    for char in line.chars() {
        if char == '\t' {
            let column = out.chars().count();
            out.extend(core::iter::repeat_n(' ', 8 - column % 8));
        } else if !char.is_control() {
            out.push(char);
        }
    }
    out
}
