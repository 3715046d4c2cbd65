//! What a voucher shows of a chip transaction (EMV Book 4, clause 11.4; UnionPay's rules for chip
//! vouchers).

use countertop_wire::tlv::{Tag, find, tags};

use super::Outcome;
use crate::{ApplicationCryptogram, CvmResults, TerminalVerificationResults};

/// Holds what may be printed of a chip transaction: nothing of it is secret.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct VoucherData {
    /// Application identifier (`84`).
    pub aid: Vec<u8>,
    /// Application Label (`50`).
    pub label: String,
    /// Application Preferred Name (`9F12`).
    pub preferred_name: Option<String>,
    /// The card number with only its first six and last four digits.
    pub masked_pan: String,
    /// PAN Sequence Number (`5F34`).
    pub sequence_number: Option<u8>,
    /// The last cryptogram with its counter and Issuer Application Data.
    pub cryptogram: Option<ApplicationCryptogram>,
    /// Terminal Verification Results (`95`).
    pub tvr: TerminalVerificationResults,
    /// Transaction Status Information (`9B`).
    pub tsi: [u8; 2],
    /// CVM Results (`9F34`).
    pub cvm: CvmResults,
    /// Application Interchange Profile (`82`).
    pub interchange_profile: Option<[u8; 2]>,
    /// Unpredictable Number (`9F37`).
    pub unpredictable_number: Option<[u8; 4]>,
    /// Terminal Capabilities (`9F33`).
    pub terminal_capabilities: Option<[u8; 3]>,
    /// Whether there is a line for the cardholder's signature.
    pub signature_required: bool,
}

impl Outcome {
    /// Returns what the voucher shows.
    #[must_use]
    pub fn voucher(&self) -> VoucherData {
        let application = self.application();
        VoucherData {
            aid: application.aid.clone(),
            label: application.label.clone(),
            preferred_name: application.preferred_name.clone(),
            masked_pan: self.card.masked_pan(),
            sequence_number: self.card.sequence_number,
            cryptogram: self.cryptogram.clone(),
            tvr: self.tvr,
            tsi: self.tsi,
            cvm: self.cvm,
            interchange_profile: self.told(tags::APPLICATION_INTERCHANGE_PROFILE),
            unpredictable_number: self.told(tags::UNPREDICTABLE_NUMBER),
            terminal_capabilities: self.told(tags::TERMINAL_CAPABILITIES),
            signature_required: self.signature_required(),
        }
    }

    /// Returns what the host is told.
    fn told<const N: usize>(&self, tag: Tag) -> Option<[u8; N]> {
        find(self.field55.expose(), &[tag]).ok()??.try_into().ok()
    }
}
