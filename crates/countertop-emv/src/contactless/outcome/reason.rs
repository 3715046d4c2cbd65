//! Why a tap did not end with an approval, for the person at the counter.

/// Says why a tap ended as it did.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Reason {
    /// The amount is not under the limit of contactless transactions.
    #[error("the amount is above the limit for taps")]
    OverLimit,
    /// There is no kernel for the card's applications.
    #[error("this terminal takes the card by contact only")]
    NoKernel,
    /// The card has no application that the terminal takes.
    #[error("no application in common with the card")]
    NoApplication,
    /// The card asks for it.
    #[error("the card asks for it")]
    CardAsks,
    /// The card left the field too early.
    #[error("the card left the field too early")]
    CardLost,
    /// The cardholder confirms on the phone first.
    #[error("the cardholder confirms on the phone first")]
    SeePhone,
    /// The card declines.
    #[error("the card declines")]
    CardDeclines,
    /// Card and terminal verify cardholders in different ways, or the card's word is not proved.
    #[error("the cardholder cannot be verified in a way that card and terminal know")]
    CvmNotPossible,
    /// The card could not prove that it is genuine.
    #[error("the card could not prove that it is genuine")]
    NotGenuine,
    /// The card has expired.
    #[error("the card has expired")]
    Expired,
    /// The card is not for this kind of transaction.
    #[error("this service is not allowed with the card")]
    ServiceNotAllowed,
    /// The reader cannot go online, and the card does not approve without.
    #[error("the card wants the host to decide, which this terminal cannot ask")]
    OfflineOnly,
    /// What the card answers is against the books.
    #[error("{0}")]
    CardError(String),
}
