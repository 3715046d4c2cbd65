//! How a tap ends (EMV Book A, clause 6.2; Book C-2, annex A.1.117).

mod bytes;
mod error_indication;
mod reason;
mod record;
mod ui_request;

use core::time::Duration;

pub use error_indication::{ErrorIndication, Level1Error, Level2Error, Level3Error};
pub use reason::Reason;
pub use record::{AuthenticationResult, DataRecord};
pub use ui_request::{MessageIdentifier, UiRequest, UiStatus, UiValue, UserInterface};

/// Is what came of a tap: the outcome parameters that a kernel hands to entry point, and that entry
/// point hands to the terminal where it does not act on them itself.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Outcome {
    /// What the transaction came to.
    pub status: OutcomeStatus,
    /// Why, where there is more to say than the status.
    pub reason: Option<Reason>,
    /// Where entry point is to be started again; none when it is not.
    pub start: Option<Start>,
    /// How the cardholder is to be verified, or has been.
    pub cvm: Option<ContactlessCvm>,
    /// What is to be shown now.
    pub ui_on_outcome: Option<UiRequest>,
    /// What is to be shown when entry point starts again.
    pub ui_on_restart: Option<UiRequest>,
    /// What goes to the host, or into the books.
    pub record: Option<Box<DataRecord>>,
    /// What went wrong, in the terms of the books.
    pub error: ErrorIndication,
    /// The interface that the card prefers.
    pub alternate_interface: Option<AlternateInterface>,
    /// Whether a receipt is to be printed; false leaves it to the merchant.
    pub receipt: bool,
    /// How long the field is to be off before it is switched on again; none when that does not
    /// matter.
    pub field_off: Option<Duration>,
    /// How long the card may stay in the field before a person is asked to take it; none for ever.
    pub removal_timeout: Option<Duration>,
}

/// Names what a transaction came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum OutcomeStatus {
    /// Approved by card and reader; nobody else is asked.
    Approved,
    /// Declined by the card or by the reader.
    Declined,
    /// The host decides.
    OnlineRequest,
    /// The card cannot be used now; with [`Outcome::start`] it can be presented again.
    EndApplication,
    /// Another application of the card is to be tried. Entry point acts on it itself.
    SelectNext,
    /// The card is to be inserted or swiped.
    TryAnotherInterface,
    /// The card is to be presented again.
    TryAgain,
}

/// Names where entry point is started (EMV Book B, clause 2.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Start {
    /// Before the limits are looked at: a new transaction.
    A,
    /// Before the card is presented.
    B,
    /// Before an application is chosen.
    C,
    /// Before the kernel is activated.
    D,
}

/// Is the cardholder verification method of a contactless transaction (EMV Book A, table 6-2).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ContactlessCvm {
    /// None: the amount is not above the limit.
    None,
    /// The cardholder has confirmed on the own device.
    ConsumerDevice,
    /// The PIN pad enciphers a PIN for the host.
    OnlinePin,
    /// The cardholder signs the voucher.
    Signature,
}

/// Names an interface other than the field.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum AlternateInterface {
    /// The contacts.
    Contact,
    /// The stripe.
    MagStripe,
}

impl Outcome {
    pub(super) fn new(status: OutcomeStatus) -> Self {
        Self {
            status,
            reason: None,
            start: None,
            cvm: None,
            ui_on_outcome: None,
            ui_on_restart: None,
            record: None,
            error: ErrorIndication::default(),
            alternate_interface: None,
            receipt: false,
            field_off: None,
            removal_timeout: None,
        }
    }

    /// Creates the end of an application that cannot be used: "insert, swipe or try another card".
    pub(super) fn end_application(reason: Reason, error: ErrorIndication) -> Self {
        Self {
            ui_on_outcome: Some(MessageIdentifier::InsertSwipeOrTryAnotherCard.failed()),
            error: error.on_error(MessageIdentifier::InsertSwipeOrTryAnotherCard),
            ..Self::new(OutcomeStatus::EndApplication).because(reason)
        }
    }

    /// Creates the end of an application that the card cut short: the card is presented again
    /// (EMV Books C-2, C-3 and C-7, end application with restart after a communication error).
    pub(super) fn communication_error(status: OutcomeStatus, error: Level1Error) -> Self {
        let again = MessageIdentifier::PresentCardAgain;
        Self {
            start: Some(Start::B),
            ui_on_restart: Some(UiRequest::new(again, UiStatus::ReadyToRead)),
            error: ErrorIndication { level_1: error, ..ErrorIndication::default() }.on_error(again),
            ..Self::new(status).because(Reason::CardLost)
        }
    }

    /// Creates the wish of a phone that its owner confirms on it first, and then taps again
    /// (EMV Books C-3 and C-7, end application with restart for a CVM on the device).
    pub(super) fn see_phone() -> Self {
        const HOLD: Duration = Duration::from_millis(1300);
        let again = MessageIdentifier::PresentCardAgain;
        Self {
            start: Some(Start::B),
            ui_on_outcome: Some(MessageIdentifier::SeePhone.failed().held(HOLD)),
            ui_on_restart: Some(UiRequest::new(again, UiStatus::ReadyToRead)),
            field_off: Some(HOLD),
            ..Self::new(OutcomeStatus::EndApplication).because(Reason::SeePhone)
        }
    }

    /// Creates the wish for another interface. What the card prefers decides the message.
    pub(super) fn try_another_interface(
        reason: Reason,
        interface: Option<AlternateInterface>,
    ) -> Self {
        let message = match interface {
            Some(AlternateInterface::Contact) => MessageIdentifier::InsertCard,
            _ => MessageIdentifier::InsertOrSwipeCard,
        };
        Self {
            ui_on_outcome: Some(message.failed()),
            alternate_interface: interface,
            ..Self::new(OutcomeStatus::TryAnotherInterface).because(reason)
        }
    }

    /// Creates the wish that another application of the card is tried.
    pub(super) fn select_next(error: ErrorIndication) -> Self {
        Self { start: Some(Start::C), error, ..Self::new(OutcomeStatus::SelectNext) }
    }

    #[must_use]
    pub(super) fn because(mut self, reason: Reason) -> Self {
        self.reason = Some(reason);
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_phone_is_looked_at_before_it_comes_back() {
        let outcome = Outcome::see_phone();
        assert_eq!(outcome.start, Some(Start::B));
        assert_eq!(outcome.field_off, Some(Duration::from_millis(1300)));
        assert_eq!(outcome.ui_on_outcome.unwrap().message, Some(MessageIdentifier::SeePhone));
        assert_eq!(outcome.ui_on_restart.unwrap().status, Some(UiStatus::ReadyToRead));
    }

    #[test]
    fn the_preferred_interface_decides_the_message() {
        for (interface, message) in [
            (Some(AlternateInterface::Contact), MessageIdentifier::InsertCard),
            (Some(AlternateInterface::MagStripe), MessageIdentifier::InsertOrSwipeCard),
            (None, MessageIdentifier::InsertOrSwipeCard),
        ] {
            let outcome = Outcome::try_another_interface(Reason::CardAsks, interface);
            assert_eq!(outcome.ui_on_outcome.unwrap().message, Some(message));
            assert_eq!(outcome.alternate_interface, interface);
        }
    }
}
