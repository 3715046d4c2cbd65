//! What can be wrong with an answer to reset.

/// Says why bytes are no answer to reset.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum AtrError {
    /// TCK is not the exclusive or of the bytes from T0 on.
    #[error("check byte of the answer to reset is {found:02x}, not {expected:02x}")]
    BadCheck {
        /// What stands there.
        found: u8,
        /// What should.
        expected: u8,
    },
    /// TS is neither `3B` nor `3F`.
    #[error("answer to reset begins with {0:02x}, not with 3b or 3f")]
    BadInitial(u8),
    /// There are more bytes than the answer says, or than 33 in all.
    #[error("answer to reset has {0} bytes too many")]
    TooLong(usize),
    /// There are fewer bytes than the answer says.
    #[error("answer to reset ends in its {0}")]
    Truncated(&'static str),
}
