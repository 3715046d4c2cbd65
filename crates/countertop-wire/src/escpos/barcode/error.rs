//! What cannot be a bar code.

use super::BarcodeSystem;

/// Says why data is no bar code.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum BarcodeError {
    /// A character that the symbology has not, counted from 1.
    #[error("{system:?} has no character {byte:02X}, which stands at place {place}")]
    Character {
        /// The symbology.
        system: BarcodeSystem,
        /// Where it stands.
        place: usize,
        /// The character.
        byte: u8,
    },
    /// The check digit is another one.
    #[error("the check digit of {system:?} is {given}, not {expected}")]
    CheckDigit {
        /// The symbology.
        system: BarcodeSystem,
        /// The one that was given.
        given: char,
        /// The right one.
        expected: char,
    },
    /// Data that the symbology cannot have in this form.
    #[error("{system:?} cannot hold this: {reason}")]
    Form {
        /// The symbology.
        system: BarcodeSystem,
        /// What is wrong.
        reason: &'static str,
    },
    /// A value that is not as its application identifier says.
    #[error("the value of application identifier {identifier}: {reason}")]
    Identifier {
        /// The identifier.
        identifier: String,
        /// What is wrong.
        reason: &'static str,
    },
    /// The symbology has no such length.
    #[error("{system:?} holds {expected} characters, not {length}")]
    Length {
        /// The symbology.
        system: BarcodeSystem,
        /// The length that was given.
        length: usize,
        /// The lengths that there are.
        expected: &'static str,
    },
}
