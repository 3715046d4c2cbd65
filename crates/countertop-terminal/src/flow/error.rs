//! Errors of the flow that are no end of a transaction.

use countertop_acquirer::HostError;
use countertop_device::DeviceError;
use countertop_emv::EmvError;
use countertop_emv::parameters::ParametersError;

use crate::journal::JournalError;
use crate::vault::RandomnessError;

/// Says why the terminal cannot go on as asked.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum FlowError {
    /// A device failed.
    #[error(transparent)]
    Device(#[from] DeviceError),
    /// The host failed or could not be reached.
    #[error(transparent)]
    Host(#[from] HostError),
    /// The books cannot be written or read.
    #[error(transparent)]
    Journal(#[from] JournalError),
    /// The card cannot be used.
    #[error(transparent)]
    Card(#[from] EmvError),
    /// The card left the reader or the field before it was read.
    #[error("the card left too early; start again")]
    CardLeft,
    /// The card cannot be used at all.
    #[error("the card cannot be used: {0}; take another one")]
    CardUnusable(String),
    /// The cardholder has to do something on the own device first.
    #[error("confirm on the phone, then tap again")]
    TapAgain,
    /// The card cannot be used on this side of the reader.
    #[error("tap not possible: {0}; insert or swipe the card")]
    OtherInterface(String),
    /// The chip parameters that the host sent cannot be.
    #[error(transparent)]
    Parameters(#[from] ParametersError),
    /// There are no random bytes for the card.
    #[error(transparent)]
    Randomness(#[from] RandomnessError),
    /// An earlier transaction still has to be reversed, and the host does not answer.
    #[error("transaction {stan} is not reversed yet: {reason}; try again when the host answers")]
    ReversalWaits {
        /// The transaction's number.
        stan: countertop_acquirer::Stan,
        /// What the attempt met.
        reason: String,
    },
    /// The batch has to be settled before signing out.
    #[error("the batch has transactions; settle it before you sign out")]
    Unsettled,
    /// A settlement was interrupted and has to be finished first.
    #[error("a settlement was interrupted; finish it first")]
    SettlementInterrupted,
}

impl FlowError {
    /// Returns the cure for a person, where there is one that the message does not say.
    #[must_use]
    pub fn help(&self) -> Option<&str> {
        match self {
            Self::Device(error) => error.help(),
            Self::Card(error) => Some(error.help()),
            Self::Parameters(_) => Some("the parameters before stay in force; tell the acquirer"),
            _ => None,
        }
    }
}
