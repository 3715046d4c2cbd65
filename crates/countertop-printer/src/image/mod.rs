//! Pictures of shades made pictures of dots.
//!
//! ```
//! use countertop_device::document::{Dither, Image};
//! use countertop_printer::image;
//!
//! let gradient = (0..=255).collect();
//! let picture = image::to_picture(&Image::new(256, gradient).unwrap(), 128);
//! assert_eq!((picture.width, picture.height()), (128, 1));
//! ```

#[cfg(feature = "images")]
mod decode;
mod dither;
mod scale;
#[cfg(test)]
mod tests;

use std::borrow::Cow;

use countertop_device::document::{Dither, Image, Picture, Scale};

#[cfg(feature = "images")]
pub use decode::{DecodeError, MAX_BYTES, MAX_SIDE, decode};

/// Returns the dots that an image becomes on paper of `dots` dots.
#[must_use]
pub fn to_picture(image: &Image, dots: u16) -> Picture {
    let width = printed_width(image, dots);
    let height = scale::height(image, width);
    let luma = if width == image.width() {
        Cow::Borrowed(image.luma())
    } else {
        Cow::Owned(scale::scale(image, width as usize, height))
    };
    let rows = match image.dither {
        Dither::Atkinson => dither::atkinson(&luma, width as usize),
        Dither::Bayer => dither::bayer(&luma, width as usize),
        Dither::Threshold(shade) => dither::threshold(&luma, width as usize, shade),
        // Floyd and Steinberg's, and what this version does not know.
        _ => dither::floyd_steinberg(&luma, width as usize),
    };
    Picture { width, rows }
}

/// Returns how wide an image is printed.
fn printed_width(image: &Image, dots: u16) -> u32 {
    let paper = u32::from(dots);
    let width = match image.scale {
        Scale::Fill => paper,
        Scale::Dots(dots) => u32::from(dots),
        Scale::Percent(hundredths) => paper * u32::from(hundredths) / 100,
        // Natural, and what this version does not know.
        _ => image.width(),
    };
    width.min(paper).max(1)
}
