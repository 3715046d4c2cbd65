//! What goes to the host, or into the books.

use countertop_device::Sensitive;

use crate::contactless::KernelId;
use crate::{ApplicationCryptogram, CardData, CvmResults, TerminalVerificationResults};

/// Is the Data Record of a tap (EMV Book A, clause 6.2.5): what goes to the host, or into the books.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct DataRecord {
    /// The kernel that made it.
    pub kernel: KernelId,
    /// The card.
    pub card: CardData,
    /// Field 55 of the request, or of the advice.
    pub field55: Sensitive,
    /// The card's cryptogram.
    pub cryptogram: ApplicationCryptogram,
    /// Terminal Verification Results (`95`) at the end.
    ///
    /// Kernels 3 and 7 give the card zeros before they know anything; what they find out later
    /// stands here, while field 55 has what the cryptogram was made over.
    pub tvr: TerminalVerificationResults,
    /// CVM Results (`9F34`); kernels 3 and 7 have none.
    pub cvm_results: Option<CvmResults>,
    /// What came of offline data authentication.
    pub authentication: AuthenticationResult,
}

/// Says what came of offline data authentication.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum AuthenticationResult {
    /// It was not needed, or one side cannot.
    NotPerformed,
    /// The card is genuine.
    Passed,
    /// The card could not prove it.
    Failed,
}
