//! What can be wrong with BER-TLV.

/// Says why bytes are no BER-TLV that EMV allows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum TlvError {
    /// The bytes end inside a data object.
    #[error("data object truncated: {missing} more bytes expected")]
    Truncated {
        /// How many more bytes the data object needs at least.
        missing: usize,
    },
    /// A tag has more than three bytes, or a number that is no tag was given as one.
    #[error("tag longer than 3 bytes, or not a tag")]
    BadTag,
    /// The length field is of the indefinite form or has more than three subsequent bytes.
    #[error("length field {0:#04x} not allowed")]
    BadLength(u8),
    /// A data object list and the data that answers it differ in length.
    #[error("data object list asks for {expected} bytes, got {actual}")]
    DolLength {
        /// The sum of the lengths in the list.
        expected: usize,
        /// The length of the data.
        actual: usize,
    },
    /// A path or a template is nested deeper than any card nests.
    #[error("templates nested too deeply")]
    TooDeep,
}
