//! Errors of descriptions.

use countertop_wire::iso8583::MessageError;
use countertop_wire::unionpay::{BadKeyLength, FrameError};

/// Says why a frame cannot be described.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum DescribeError {
    /// The frame or its message cannot be read.
    #[error(transparent)]
    Frame(#[from] FrameError),
    /// The key to check the code with has a wrong length.
    #[error("message authentication key: {0}")]
    Key(#[from] BadKeyLength),
}

impl From<MessageError> for DescribeError {
    fn from(error: MessageError) -> Self {
        Self::Frame(error.into())
    }
}

/// Says why a text is no bytes.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum BadHex {
    /// A character is no hexadecimal digit.
    #[error("character {position} is `{character}`, no hexadecimal digit")]
    Character {
        /// Its place in the text, from 1.
        position: usize,
        /// The character.
        character: char,
    },
    /// The last byte has one digit.
    #[error("{0} hexadecimal digits, an odd number")]
    Odd(usize),
}
