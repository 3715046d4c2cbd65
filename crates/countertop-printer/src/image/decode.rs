//! PNG and JPEG files as images.

use std::io::Cursor;

use countertop_device::document::Image;
use image::{DynamicImage, ImageReader, Limits};

/// The largest file that is read.
pub const MAX_BYTES: u64 = 16 << 20;
/// The longest side of an image in points.
pub const MAX_SIDE: u32 = 10_000;

/// Says why a file is no image that can be printed.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum DecodeError {
    /// It is neither PNG nor JPEG, or broken, or larger than is allowed.
    #[error("this is no PNG or JPEG picture of up to {MAX_SIDE} points a side: {0}")]
    Broken(#[from] image::ImageError),
    /// It has no points.
    #[error("the picture is empty")]
    Empty,
}

/// Reads a PNG or JPEG file: colours become shades (ITU-R BT.709), and what is transparent shows
/// white paper.
///
/// # Errors
///
/// When it is none, is broken, or is larger than [`MAX_SIDE`].
pub fn decode(bytes: &[u8]) -> Result<Image, DecodeError> {
    let reader = ImageReader::new(Cursor::new(bytes)).with_guessed_format();
    let mut reader = reader.map_err(image::ImageError::from)?;
    let mut limits = Limits::default();
    limits.max_image_width = Some(MAX_SIDE);
    limits.max_image_height = Some(MAX_SIDE);
    reader.limits(limits);
    let picture = reader.decode()?;
    let width = picture.width();
    Image::new(width, luma(picture)).ok_or(DecodeError::Empty)
}

fn luma(picture: DynamicImage) -> Vec<u8> {
    if !picture.color().has_alpha() {
        return picture.into_luma8().into_raw();
    }
    let over_white = |shade: u8, alpha: u8| {
        let (shade, alpha) = (u32::from(shade), u32::from(alpha));
        u8::try_from((shade * alpha + 255 * (255 - alpha) + 127) / 255).unwrap_or(u8::MAX)
    };
    let points = picture.into_luma_alpha8();
    points.pixels().map(|point| over_white(point.0[0], point.0[1])).collect()
}
