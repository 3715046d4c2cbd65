//! The feature code under the signature.

use crate::jbig::Bitmap;

/// Width and height of a digit's cell in dots.
const CELL: i32 = 13;

/// Segments of the digits 0 to F: top, top right, bottom right, bottom, bottom left, top left,
/// middle, from the lowest bit on.
const SEGMENTS: [u8; 16] = [
    0x3f, 0x06, 0x5b, 0x4f, 0x66, 0x6d, 0x7d, 0x07, 0x7f, 0x6f, 0x77, 0x7c, 0x39, 0x5e, 0x79, 0x71,
];

/// Draws `code` into the middle of the picture, in cells of 13×13 dots.
///
/// Returns `false` and draws nothing when a character is no hexadecimal digit.
#[must_use]
pub fn draw_watermark(bitmap: &mut Bitmap, code: &[u8]) -> bool {
    let digits: Option<Vec<u8>> = code.iter().map(|&character| segments(character)).collect();
    let Some(digits) = digits else { return false };
    let width = CELL * i32::try_from(digits.len()).unwrap_or(0);
    let mut left = (bitmap.width().cast_signed() - width) / 2;
    let top = (bitmap.height().cast_signed() - CELL) / 2;
    for digit in digits {
        draw_digit(bitmap, digit, left, top);
        left += CELL;
    }
    true
}

fn segments(character: u8) -> Option<u8> {
    let value = char::from(character).to_digit(16)?;
    SEGMENTS.get(usize::try_from(value).ok()?).copied()
}

fn draw_digit(bitmap: &mut Bitmap, segments: u8, left: i32, top: i32) {
    for (bit, from, to) in [
        (0x01, (3, 1), (9, 1)),
        (0x02, (9, 1), (9, 6)),
        (0x04, (9, 6), (9, 11)),
        (0x08, (3, 11), (9, 11)),
        (0x10, (3, 6), (3, 11)),
        (0x20, (3, 1), (3, 6)),
        (0x40, (3, 6), (9, 6)),
    ] {
        if segments & bit != 0 {
            fill(bitmap, (left + from.0, top + from.1), (left + to.0, top + to.1));
        }
    }
}

fn fill(bitmap: &mut Bitmap, from: (i32, i32), to: (i32, i32)) {
    for y in from.1..=to.1 {
        for x in from.0..=to.0 {
            bitmap.set(x, y, true);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stands_in_the_middle() {
        let mut bitmap = Bitmap::new(240, 80).unwrap();
        assert!(draw_watermark(&mut bitmap, b"1A2b3C4D"));
        let inside = |x, y| (68..172).contains(&x) && (33..46).contains(&y);
        let stray = (0..80).any(|y| (0..240).any(|x| bitmap.get(x, y) && !inside(x, y)));
        assert!(!stray && bitmap.black_dots() > 100);
    }

    #[test]
    fn digits_differ() {
        let drawn = |code: &[u8]| {
            let mut bitmap = Bitmap::new(13, 13).unwrap();
            assert!(draw_watermark(&mut bitmap, code));
            bitmap.into_rows()
        };
        let digits: Vec<_> = b"0123456789ABCDEF".chunks(1).map(drawn).collect();
        for (at, digit) in digits.iter().enumerate() {
            assert!(!digits[..at].contains(digit), "digit {at:x}");
        }
    }

    #[test]
    fn takes_hexadecimal_digits_only() {
        let mut bitmap = Bitmap::new(240, 80).unwrap();
        assert!(!draw_watermark(&mut bitmap, b"1234567G"));
        assert_eq!(bitmap.black_dots(), 0);
    }
}
