//! The steps of a settlement as tokens.

use countertop_acquirer::{BatchNumber, SettlementAnswer, SettlementTotals};

use crate::{OperatorNumber, Timestamp};

/// Is what every step of a settlement knows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Settling {
    pub(super) batch_id: i64,
    pub(super) batch: BatchNumber,
    pub(super) totals: SettlementTotals,
    pub(super) operator: OperatorNumber,
    pub(super) started: Timestamp,
}

macro_rules! step {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Debug)]
        #[must_use = "a settlement has to be finished"]
        pub struct $name(pub(super) Settling);

        impl $name {
            /// Returns the batch that is settled.
            #[must_use]
            pub fn batch(&self) -> BatchNumber {
                self.0.batch
            }

            /// Returns the totals, which stand still from the start.
            #[must_use]
            pub fn totals(&self) -> &SettlementTotals {
                &self.0.totals
            }

            /// Returns who settles.
            #[must_use]
            pub fn operator(&self) -> OperatorNumber {
                self.0.operator
            }

            /// Returns when the settlement was begun.
            #[must_use]
            pub fn started(&self) -> Timestamp {
                self.0.started
            }
        }
    };
}

step! {
    /// Is a settlement whose totals have to go to the host.
    StartedSettlement
}
step! {
    /// Is a settlement that did not balance: the batch has to be uploaded.
    SettlementToUpload
}
step! {
    /// Is a settlement whose slip has to be printed.
    SettlementToPrint
}
step! {
    /// Is a settlement whose slip went out: the batch can be closed.
    PrintedSettlement
}

/// Is a settlement that is under way, at the step that comes next.
#[derive(Debug)]
#[must_use = "a settlement has to be finished"]
pub enum Settlement {
    /// Send the totals.
    Started(StartedSettlement),
    /// Upload the batch.
    ToUpload(SettlementToUpload),
    /// Print the slip.
    ToPrint(SettlementToPrint),
    /// Close the batch.
    ToClose(PrintedSettlement),
}

/// Names a step in the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Step {
    Selling,
    Started,
    ToUpload,
    ToPrint,
    ToClose,
    Closed,
}

impl Settlement {
    /// Returns the token of a step; `None` when nothing is being settled.
    pub(super) fn at(step: Step, settling: Settling) -> Option<Self> {
        match step {
            Step::Selling | Step::Closed => None,
            Step::Started => Some(Self::Started(StartedSettlement(settling))),
            Step::ToUpload => Some(Self::ToUpload(SettlementToUpload(settling))),
            Step::ToPrint => Some(Self::ToPrint(SettlementToPrint(settling))),
            Step::ToClose => Some(Self::ToClose(PrintedSettlement(settling))),
        }
    }
}

/// Returns the step after the host's answer.
pub(super) fn step_after(answer: &SettlementAnswer) -> Step {
    if answer.balanced() { Step::ToPrint } else { Step::ToUpload }
}
