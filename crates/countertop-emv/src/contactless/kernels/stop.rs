//! The end of a kernel before its end.

use countertop_wire::tlv::TlvError;

use crate::EmvError;
use crate::contactless::Outcome;

/// Ends a kernel from wherever it is.
#[derive(Debug)]
pub(in crate::contactless) enum Stop {
    /// The book says how it ends.
    Outcome(Box<Outcome>),
    /// Entry point says how it ends: the card left, or broke the rules.
    Error(EmvError),
}

impl From<Outcome> for Stop {
    fn from(outcome: Outcome) -> Self {
        Self::Outcome(Box::new(outcome))
    }
}

impl From<EmvError> for Stop {
    fn from(error: EmvError) -> Self {
        Self::Error(error)
    }
}

impl From<TlvError> for Stop {
    fn from(error: TlvError) -> Self {
        Self::Error(error.into())
    }
}
