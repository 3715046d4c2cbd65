//! Pictures of dots as PNG.

use countertop_device::document::Picture;
use png::{BitDepth, ColorType, Compression, Encoder};

/// Says why a picture cannot be a PNG.
#[derive(Debug, thiserror::Error)]
#[error("a picture of {width} × {height} dots cannot be written as PNG: {reason}")]
pub struct PngError {
    width: u32,
    height: u32,
    reason: png::EncodingError,
}

/// Writes a picture as PNG of one bit a dot.
///
/// # Errors
///
/// For a picture without dots.
pub fn png(picture: &Picture) -> Result<Vec<u8>, PngError> {
    let (width, height) = (picture.width, picture.height());
    let error = |reason| PngError { width, height, reason };
    let mut out = Vec::new();
    let mut encoder = Encoder::new(&mut out, width, height);
    encoder.set_color(ColorType::Grayscale);
    encoder.set_depth(BitDepth::One);
    encoder.set_compression(Compression::Fast);
    let mut writer = encoder.write_header().map_err(error)?;
    // A set bit is white there.
    let whole = picture.stride() * height as usize;
    let rows: Vec<u8> = picture.rows.iter().take(whole).map(|byte| !byte).collect();
    writer.write_image_data(&rows).map_err(error)?;
    writer.finish().map_err(error)?;
    Ok(out)
}
