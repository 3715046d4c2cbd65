//! What comes of an entry at the reader (clause 2.5.2, table of status words).

use crate::apdu::StatusWord;

/// Says what came of a PIN entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum PinOutcome {
    /// The card answered.
    Card(StatusWord),
    /// Nobody typed in time.
    TimedOut,
    /// The cancel key was pressed.
    Cancelled,
    /// The two new PINs were not the same.
    Different,
    /// The PIN was too short or too long.
    BadLength,
    /// The reader does not take the structure.
    BadStructure,
}

impl PinOutcome {
    /// Reads the status word with which the reader answers.
    #[must_use]
    pub fn from_status(status: StatusWord) -> Self {
        match status.0 {
            0x6400 => Self::TimedOut,
            0x6401 => Self::Cancelled,
            0x6402 => Self::Different,
            0x6403 => Self::BadLength,
            0x6b80 => Self::BadStructure,
            _ => Self::Card(status),
        }
    }

    /// Returns the status word.
    #[must_use]
    pub fn status(self) -> StatusWord {
        match self {
            Self::Card(status) => status,
            Self::TimedOut => StatusWord(0x6400),
            Self::Cancelled => StatusWord(0x6401),
            Self::Different => StatusWord(0x6402),
            Self::BadLength => StatusWord(0x6403),
            Self::BadStructure => StatusWord(0x6b80),
        }
    }
}
