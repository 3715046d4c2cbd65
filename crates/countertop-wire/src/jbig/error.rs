//! What can be wrong with a JBIG picture.

/// Says why bytes are no JBIG picture that this codec reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum JbigError {
    /// The bytes end within the picture.
    #[error("the picture ends early, after {lines} of {height} lines")]
    Truncated {
        /// Lines that are complete.
        lines: u32,
        /// Lines that the header announces.
        height: u32,
    },
    /// The bytes end within the header.
    #[error("the header ends early")]
    TruncatedHeader,
    /// The header has a field that T.82 does not allow.
    #[error("the header's {0} is not allowed")]
    BadHeader(&'static str),
    /// The picture is stored in several resolutions.
    #[error("progressive pictures ({0} differential layers) are not supported")]
    Progressive(u8),
    /// The picture has colours or shades of grey.
    #[error("pictures of {0} planes are not supported")]
    Planes(u8),
    /// The picture has no dots, or more than this codec takes.
    #[error("a picture of {width}×{height} dots is not supported")]
    Size {
        /// Width in dots.
        width: u32,
        /// Height in dots.
        height: u32,
    },
    /// An escape byte is followed by one that is no marker.
    #[error("marker 0x{0:02x} is not known")]
    Marker(u8),
    /// A marker segment's contents make no sense where it is.
    #[error("marker segment {0} is not allowed here")]
    MarkerSegment(&'static str),
    /// The sender gave up (marker ABORT).
    #[error("the sender aborted the picture")]
    Aborted,
}
