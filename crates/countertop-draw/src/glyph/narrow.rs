//! The font of the program's own: Latin, Greek, Cyrillic, lines, in 12 × 24 and 8 × 16 dots.
//!
//! `tools/narrow-font` makes it; `OFL.txt` is its licence.

use super::Cell;
use crate::Bitmap;

const FONT: &[u8] = include_bytes!("narrow.bin");
/// Bytes of a record: code, 24 words, 16 bytes.
const RECORD: usize = 2 + 48 + 16;
const LARGE: core::ops::Range<usize> = 2..50;
const SMALL: core::ops::Range<usize> = 50..66;

/// Returns a character at the upper left of its cell: large where that is high enough.
pub(super) fn glyph(char: char, cell: Cell) -> Option<Bitmap> {
    let record = record(char)?;
    let large = cell.width >= 12 && cell.height >= 24;
    let rows = if large { record.get(LARGE)? } else { record.get(SMALL)? };
    let drawn = Bitmap::from_rows(if large { 16 } else { 8 }, rows.to_vec());
    let mut out = cell.blank();
    out.print(&drawn, 0, 0);
    if is_line(char) {
        join(&mut out, if large { (12, 24) } else { (8, 16) });
    }
    Some(out)
}

fn record(char: char) -> Option<&'static [u8]> {
    let code = u16::try_from(u32::from(char)).ok()?;
    let records = FONT.get(2..)?.as_chunks::<RECORD>().0;
    let at =
        records.binary_search_by_key(&code, |record| u16::from_be_bytes([record[0], record[1]]));
    records.get(at.ok()?).map(<[u8; RECORD]>::as_slice)
}

/// Tells whether a character has to touch its neighbours.
fn is_line(char: char) -> bool {
    matches!(char, '\u{2500}'..='\u{259F}')
}

/// Repeats the last column and row of a glyph up to the edges of a larger cell.
fn join(out: &mut Bitmap, (width, height): (usize, usize)) {
    for x in width..out.width() {
        for y in (0..height).filter(|y| out.is_black(width - 1, *y)).collect::<Vec<_>>() {
            out.blacken(x, y);
        }
    }
    for y in height..out.height() {
        for x in (0..out.width()).filter(|x| out.is_black(*x, height - 1)).collect::<Vec<_>>() {
            out.blacken(x, y);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const A: Cell = Cell { width: 12, height: 24, wide: false };
    const B: Cell = Cell { width: 9, height: 17, wide: false };

    #[test]
    fn every_letter_of_the_west_is_there() {
        for char in ('!'..='~').chain('¡'..='ÿ').chain("ĄśŽőğŒ€АяЖёΑωΩ─│┌█".chars())
        {
            for cell in [A, B] {
                let glyph = glyph(char, cell);
                assert!(glyph.is_some_and(|glyph| char == '\u{AD}' || !glyph.is_blank()), "{char}");
            }
        }
        assert_eq!(glyph('中', A), None);
    }

    #[test]
    fn lines_touch() {
        let line = glyph('─', B).unwrap();
        assert!((0..17).any(|y| (0..9).all(|x| line.is_black(x, y))));
        let line = glyph('│', B).unwrap();
        assert!((0..9).any(|x| (0..17).all(|y| line.is_black(x, y))));
    }
}
