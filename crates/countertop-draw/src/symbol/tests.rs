//! Symbols as other encoders draw them.

use crate::Bitmap;

/// Reads vectors: heads, each followed by rows that begin with a blank.
pub(super) fn vectors(text: &str) -> Vec<(Vec<&str>, Vec<String>)> {
    let mut all: Vec<(Vec<&str>, Vec<String>)> = Vec::new();
    for line in text.lines() {
        match (line.strip_prefix("  "), all.last_mut()) {
            (Some(row), Some((_, rows))) => rows.push(row.to_owned()),
            _ => all.push((line.split(' ').collect(), Vec::new())),
        }
    }
    all
}

/// Shows rows as vectors have them: equal ones that follow each other are one, up to the last bar, four
/// modules a digit.
pub(super) fn shown(bitmap: &Bitmap) -> Vec<String> {
    let row = |y: usize| {
        let end = (0..bitmap.width()).rfind(|x| bitmap.is_black(*x, y)).map_or(0, |x| x + 1);
        let digit = |at: usize| {
            (0..4).fold(0, |sum, bit| sum << 1 | u32::from(bitmap.is_black(at * 4 + bit, y)))
        };
        (0..end.div_ceil(4)).map(|at| format!("{:x}", digit(at))).collect::<String>()
    };
    let mut rows: Vec<String> = (0..bitmap.height()).map(row).collect();
    rows.dedup();
    rows
}
