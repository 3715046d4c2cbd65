//! What can be wrong with an APDU.

/// Says why bytes are no APDU.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ApduError {
    /// A command has at least the four bytes CLA, INS, P1, P2; a response the two of its status.
    #[error("apdu of {0} bytes is too short")]
    TooShort(usize),
    /// The length fields of a command do not agree with its length.
    #[error("length fields do not agree with the {0} bytes of the command apdu")]
    WrongLength(usize),
}
