//! How a contact transaction ends.

use countertop_device::Sensitive;

use crate::{ApplicationCryptogram, Candidate, CardData, CvmResults, TerminalVerificationResults};

/// Is what card and terminal came to.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Decision {
    /// Goods may be handed out. When the host approved, the card agreed.
    Approved,
    /// No: when the host had approved before, the transaction is to be reversed.
    Declined,
    /// Neither: the card wants the transaction to stop.
    Terminated(Termination),
}

/// Says why a transaction stopped without a decision.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Termination {
    /// The card does not allow the service.
    ServiceNotAllowed,
    /// The card answered with a cryptogram of a reserved kind.
    InvalidCryptogram,
}

/// Is the end of a contact transaction, with what the journal and the voucher need.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Outcome {
    /// What card and terminal came to.
    pub decision: Decision,
    /// Whether the host was asked and answered.
    pub online: bool,
    /// The last cryptogram; none when the card gave a reserved kind.
    pub cryptogram: Option<ApplicationCryptogram>,
    /// Terminal Verification Results (`95`).
    pub tvr: TerminalVerificationResults,
    /// Transaction Status Information (`9B`).
    pub tsi: [u8; 2],
    /// CVM Results (`9F34`).
    pub cvm: CvmResults,
    /// Issuer Script Results (`9F5B`): five bytes for each script.
    pub script_results: Vec<u8>,
    /// Field 55 with the last cryptogram, for the advice to the host.
    pub field55: Sensitive,
    /// The card.
    pub card: CardData,
}

impl Outcome {
    /// Returns the application, for the voucher.
    #[must_use]
    pub fn application(&self) -> &Candidate {
        &self.card.application
    }

    /// Tells whether the voucher has a line for the cardholder's signature.
    #[must_use]
    pub fn signature_required(&self) -> bool {
        self.decision == Decision::Approved && self.cvm.signature_required()
    }
}
