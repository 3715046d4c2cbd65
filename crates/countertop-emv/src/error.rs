//! What can go wrong with a card, in words for the person at the counter.

use countertop_device::DeviceError;
use countertop_wire::apdu::{ApduError, StatusWord};
use countertop_wire::tlv::{Tag, TlvError};

/// Says why a transaction with a card could not be brought to an outcome.
///
/// When the host has approved already, the terminal has to reverse.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum EmvError {
    /// The card or the reader left, or was silent.
    #[error(transparent)]
    Device(#[from] DeviceError),
    /// The card is blocked by its issuer.
    #[error("the card is blocked")]
    CardBlocked,
    /// The card has no application that the terminal takes, or none that can be used.
    #[error("no application in common with the card")]
    NoApplication,
    /// The card's answer cannot be understood.
    #[error("the card answers {what} against EMV: {why}")]
    Malformed {
        /// What was asked: the command or the data object.
        what: &'static str,
        /// What is wrong with the answer.
        why: String,
    },
    /// The card has not given what it must.
    #[error("the card gives no {}", .0.name().unwrap_or("mandatory data"))]
    Missing(Tag),
    /// The card refuses a command.
    #[error("the card refuses {command}: {status}")]
    Refused {
        /// The command's name.
        command: &'static str,
        /// What the card said.
        status: StatusWord,
    },
    /// The caller's data cannot be used.
    #[error("{0}")]
    InvalidInput(&'static str),
    /// The kernel ended without an answer; a bug.
    #[error("the kernel ended without an answer")]
    KernelLost,
}

impl EmvError {
    /// Returns what the person at the counter can do.
    #[must_use]
    pub fn help(&self) -> &str {
        match self {
            Self::Device(error) => error.help().unwrap_or("present the card again"),
            Self::CardBlocked => "the cardholder asks the bank; take another card",
            Self::NoApplication => "this terminal does not take the card; take another one",
            Self::Malformed { .. } | Self::Missing(_) | Self::Refused { .. } => {
                "present the card again; if that does not help, take another one"
            }
            Self::InvalidInput(_) => "correct the input",
            Self::KernelLost => "start the transaction again",
        }
    }

    pub(crate) fn malformed(what: &'static str, why: impl ToString) -> Self {
        Self::Malformed { what, why: why.to_string() }
    }
}

impl From<TlvError> for EmvError {
    fn from(error: TlvError) -> Self {
        Self::malformed("data objects", error)
    }
}

impl From<ApduError> for EmvError {
    fn from(error: ApduError) -> Self {
        Self::malformed("a command", error)
    }
}

#[cfg(test)]
mod tests {
    use countertop_device::DeviceErrorKind;
    use countertop_wire::tlv::tags;

    use super::*;

    #[test]
    fn speaks_to_the_person_at_the_counter() {
        let removed = DeviceError::new(DeviceErrorKind::CardRemoved, "pcsc:x", "transmit");
        assert!(EmvError::from(removed).help().contains("present the card again"));
        let missing = EmvError::Missing(tags::APPLICATION_EXPIRATION_DATE);
        assert_eq!(missing.to_string(), "the card gives no Application Expiration Date");
        let refused = EmvError::Refused { command: "GENERATE AC", status: StatusWord(0x6985) };
        assert!(refused.to_string().contains("GENERATE AC: 6985"));
    }
}
