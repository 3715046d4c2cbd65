//! From the pad's picture to the one of the function trait.

use countertop_device::SignatureImage;
use countertop_wire::jbig::Bitmap;

/// Width and height of a digit of the watermark in dots.
const DIGIT: i32 = 13;
/// Digits of the watermark.
const DIGITS: i32 = 8;

/// Tells whether too little is written beside the watermark, which the pad draws into the middle
/// of the picture and whose dots say nothing about the person.
pub(super) fn is_blank(bitmap: &Bitmap, min_dots: u32) -> bool {
    let left = (bitmap.width().cast_signed() - DIGITS * DIGIT) / 2;
    let top = (bitmap.height().cast_signed() - DIGIT) / 2;
    let mut beside = bitmap.clone();
    for y in top..top + DIGIT {
        for x in left..left + DIGITS * DIGIT {
            beside.set(x, y, false);
        }
    }
    beside.black_dots() < min_dots
}

pub(super) fn to_image(bitmap: Bitmap) -> Option<SignatureImage> {
    SignatureImage::from_rows(bitmap.width(), bitmap.height(), bitmap.into_rows())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_watermark_does_not_count() {
        let mut bitmap = Bitmap::new(240, 80).unwrap();
        for x in 68..172 {
            bitmap.set(x, 40, true);
        }
        assert!(is_blank(&bitmap, 1));
        for x in 68..172 {
            bitmap.set(x, 50, true);
        }
        assert!(!is_blank(&bitmap, 104));
        assert!(is_blank(&bitmap, 105));
        assert_eq!(to_image(bitmap).unwrap().black_dots(), 208);
    }

    #[test]
    fn small_pictures_are_all_watermark() {
        let mut bitmap = Bitmap::new(9, 9).unwrap();
        bitmap.set(1, 1, true);
        assert!(is_blank(&bitmap, 1));
    }
}
