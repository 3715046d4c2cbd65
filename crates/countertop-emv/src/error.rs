//! What can go wrong with a card, in words for the person at the counter.

use countertop_device::{DeviceError, DeviceErrorKind};
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

/// Says which way is left for a card whose chip did not bring a transaction to an outcome.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Fallback {
    /// None: the card was read, or is not to be taken.
    None,
    /// The chip once more: the card left.
    Again,
    /// The stripe: the chip cannot be used. The message to the host says that it is a fallback.
    Stripe,
}

/// The functions before the card decides; a chip that fails in them is defective.
const BEFORE_THE_CRYPTOGRAM: [&str; 8] = [
    "SELECT",
    "GET PROCESSING OPTIONS",
    "READ RECORD",
    "INTERNAL AUTHENTICATE",
    "its data",
    "the PAN",
    "track 2",
    "Application Expiration Date",
];

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

    /// Returns what a terminal may do when this ended a transaction that the host has not been asked
    /// about yet (EMV Book 4, clause 6.6; the schemes' rules for fallback). After a request to the
    /// host there is no fallback, whatever the error.
    #[must_use]
    pub fn fallback(&self) -> Fallback {
        match self {
            Self::Device(error) => match error.kind() {
                DeviceErrorKind::CardRemoved => Fallback::Again,
                DeviceErrorKind::TimedOut | DeviceErrorKind::Protocol => Fallback::Stripe,
                _ => Fallback::None,
            },
            Self::NoApplication | Self::Missing(_) => Fallback::Stripe,
            Self::Malformed { what: function, .. } | Self::Refused { command: function, .. } => {
                if BEFORE_THE_CRYPTOGRAM.contains(function) {
                    Fallback::Stripe
                } else {
                    Fallback::None
                }
            }
            Self::CardBlocked | Self::InvalidInput(_) | Self::KernelLost => Fallback::None,
        }
    }

    /// Says during which function the card's answer could not be understood.
    pub(crate) fn during(self, function: &'static str) -> Self {
        match self {
            Self::Malformed { what: "a command" | "data objects", why } => {
                Self::Malformed { what: function, why }
            }
            error => error,
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
        assert_eq!(EmvError::CardBlocked.fallback(), Fallback::None);
        let missing = EmvError::Missing(tags::APPLICATION_EXPIRATION_DATE);
        assert_eq!(missing.to_string(), "the card gives no Application Expiration Date");
        let refused = EmvError::Refused { command: "GENERATE AC", status: StatusWord(0x6985) };
        assert!(refused.to_string().contains("GENERATE AC: 6985"));
    }

    #[test]
    fn a_defective_chip_leaves_the_stripe_a_decision_does_not() {
        let device = |kind| EmvError::from(DeviceError::new(kind, "pcsc:x", "transmit"));
        let refused = |command| EmvError::Refused { command, status: StatusWord(0x6F00) };
        for (error, way) in [
            (device(DeviceErrorKind::CardRemoved), Fallback::Again),
            (device(DeviceErrorKind::TimedOut), Fallback::Stripe),
            (device(DeviceErrorKind::Disconnected), Fallback::None),
            (EmvError::NoApplication, Fallback::Stripe),
            (EmvError::CardBlocked, Fallback::None),
            (refused("GET PROCESSING OPTIONS"), Fallback::Stripe),
            (refused("VERIFY"), Fallback::None),
            (refused("GENERATE AC (first)"), Fallback::None),
            (EmvError::malformed("a command", "").during("READ RECORD"), Fallback::Stripe),
            (EmvError::malformed("a command", "").during("GENERATE AC (first)"), Fallback::None),
        ] {
            assert_eq!(error.fallback(), way, "{error}");
        }
    }
}
