//! What can be wrong with a frame's data or a picture in it.

use crate::jbig::JbigError;

/// Says why a frame's data is no command or response.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SignPadError {
    /// The frame has no data.
    #[error("the frame is empty")]
    Empty,
    /// The first byte is none that this direction knows.
    #[error("code 0x{0:02x} is not known")]
    Code(u8),
    /// The data is longer or shorter than its code allows.
    #[error("code 0x{code:02x} does not go with {length} bytes")]
    Length {
        /// The first byte.
        code: u8,
        /// Bytes of data after it.
        length: usize,
    },
    /// A field has a value that the protocol does not know.
    #[error("code 0x{code:02x} does not go with the value 0x{value:02x}")]
    Value {
        /// The first byte.
        code: u8,
        /// The value.
        value: u8,
    },
}

/// Says why a signature's picture cannot be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PictureError {
    /// The bytes are neither BMP nor JBIG.
    #[error("the picture is in no format that signature pads use")]
    Format,
    /// A BMP file ends early or its fields contradict each other.
    #[error("the picture's BMP {0} is wrong")]
    Bmp(&'static str),
    /// The JBIG decoder refuses the picture.
    #[error(transparent)]
    Jbig(#[from] JbigError),
}
