//! How a tap ends (EMV Book A, clause 6).

use countertop_device::Sensitive;

use super::ContactlessCvm;
use crate::{ApplicationCryptogram, CardData};

/// Is what came of a tap.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub enum Outcome {
    /// The card is done; the host decides.
    OnlineRequest(Box<OnlineRequest>),
    /// The card, or the limits of both sides, decline.
    Declined(&'static str),
    /// The cardholder inserts or swipes the card.
    TryAnotherInterface(Interface),
    /// The cardholder presents the card again.
    TryAgain(Retry),
    /// The card cannot be used here, for this reason.
    EndApplication(String),
}

/// Is what goes to the host.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct OnlineRequest {
    /// The card.
    pub card: CardData,
    /// Field 55 of the request.
    pub field55: Sensitive,
    /// The card's cryptogram.
    pub cryptogram: ApplicationCryptogram,
    /// How the cardholder is to be verified.
    pub cvm: ContactlessCvm,
}

/// Says why the card has to be inserted or swiped.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Interface {
    /// The amount is not under the limit of contactless transactions.
    OverLimit,
    /// There is no kernel for the card's applications.
    NoKernel,
    /// The card asks for it.
    CardAsks,
    /// The card gave an offline approval, which is not taken here.
    OfflineOnly,
}

/// Says why the card has to be presented again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Retry {
    /// The card left the field too early.
    CardLost,
    /// The cardholder confirms on the phone first.
    SeePhone,
}
