//! Settlement: totals, the host's verdict on them, and batch upload.

use countertop_device::{Money, Sensitive};
use serde::{Deserialize, Serialize};

use crate::{ResponseCode, Stan};

/// Sums one kind of card: domestic or foreign. Amounts in minor units.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct SideTotals {
    /// Sum of debits (sales).
    pub debit_amount: u64,
    /// Number of debits.
    pub debit_count: u32,
    /// Sum of credits (voids, refunds).
    pub credit_amount: u64,
    /// Number of credits.
    pub credit_count: u32,
}

/// Is the terminal's side of a settlement (field 48 of the 0500).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct SettlementTotals {
    /// Cards of the terminal's own country.
    pub domestic: SideTotals,
    /// Cards of other countries.
    pub foreign: SideTotals,
}

/// Is the host's verdict on one side of a settlement.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SettlementFlag {
    /// `1`.
    Balanced,
    /// `2`: the batch has to be uploaded.
    Unbalanced,
    /// `3`.
    Error,
}

/// Is the host's answer to a settlement.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SettlementAnswer {
    /// Field 39.
    pub code: ResponseCode,
    /// Verdict on domestic cards.
    pub domestic: SettlementFlag,
    /// Verdict on foreign cards.
    pub foreign: SettlementFlag,
    /// Retrieval reference number.
    pub rrn: Option<String>,
}

impl SettlementAnswer {
    /// Tells whether both sides balance.
    #[must_use]
    pub fn balanced(&self) -> bool {
        self.domestic == SettlementFlag::Balanced && self.foreign == SettlementFlag::Balanced
    }
}

/// Is one transaction of a batch that is uploaded after an imbalance.
#[derive(Debug, Clone)]
pub struct BatchRecord {
    /// Whether the card is foreign.
    pub foreign: bool,
    /// The transaction's number.
    pub stan: Stan,
    /// Primary account number; `None` for a code.
    pub pan: Option<Sensitive>,
    /// The amount.
    pub amount: Money,
}
