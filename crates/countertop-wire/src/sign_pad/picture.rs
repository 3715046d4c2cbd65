//! Pictures of signatures as pads give them out.

use crate::jbig::{self, Bitmap, Parameters};

use super::{PictureError, bmp};

/// Names the format of a signature's picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum PictureFormat {
    /// Windows bitmap of one bit a dot; the libraries of the field expect it.
    #[default]
    Bmp,
    /// ITU-T T.82, see [`jbig`].
    Jbig,
}

/// Encodes a picture.
#[must_use]
pub fn encode_picture(bitmap: &Bitmap, format: PictureFormat) -> Vec<u8> {
    match format {
        PictureFormat::Bmp => bmp::encode(bitmap),
        PictureFormat::Jbig => jbig::encode(bitmap, &Parameters::unionpay()),
    }
}

/// Decodes a picture, whichever of the formats it is in.
///
/// # Errors
///
/// A [`PictureError`] that says what is wrong.
pub fn decode_picture(bytes: &[u8]) -> Result<Bitmap, PictureError> {
    match bytes {
        [b'B', b'M', ..] => bmp::decode(bytes),
        // A picture of one layer and one plane, the only kind that a pad sends.
        [0, 0, 1, ..] => Ok(jbig::decode(bytes)?),
        _ => Err(PictureError::Format),
    }
}
