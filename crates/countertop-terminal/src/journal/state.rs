//! States of transactions and reversals, and how a transaction changes its own.

use rusqlite::params;
use serde::{Deserialize, Serialize};

use super::column::Text;
use super::{JournalError, Work};

/// Says what became of a transaction.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum TransactionState {
    /// Its request may leave, or has left; no end is written yet.
    Pending,
    /// Nothing left the terminal.
    NotSent,
    /// The host refused it.
    Declined,
    /// The host approved it and the terminal completed it.
    Approved,
    /// A sale that was approved, and undone by an approved void.
    Voided,
    /// Nobody knows; the reversal decides.
    Unknown,
    /// The host approved it, and the card or the terminal did not complete it; it is reversed.
    NotCompleted,
    /// The host has undone it.
    Reversed,
}

/// Says what became of a reversal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum ReversalState {
    /// It has to be sent.
    Pending,
    /// The host has nothing left to reverse.
    Done,
    /// It was sent as often as it may, without success: a person has to ask the acquirer.
    Exhausted,
}

impl Work<'_> {
    /// Moves a transaction from one state to the next and writes the event.
    pub(super) fn change_state(
        &self,
        id: i64,
        from: TransactionState,
        to: TransactionState,
        action: &'static str,
    ) -> Result<(), super::Cause> {
        let update = "UPDATE transactions SET state = ?1 WHERE id = ?2 AND state = ?3";
        if self.storage.execute(update, params![Text(to), id, Text(from)])? != 1 {
            let what = "the transaction in that state";
            return Err(JournalError::Outdated { action, what }.into());
        }
        self.event(id, to)
    }

    /// Writes that a transaction has a state now.
    pub(super) fn event(&self, id: i64, state: TransactionState) -> Result<(), super::Cause> {
        self.storage.execute(
            "INSERT INTO events (transaction_id, at_utc, at_local, event) VALUES (?1, ?2, ?3, ?4)",
            params![id, self.now.utc_seconds(), self.now.local_iso(), Text(state)],
        )?;
        Ok(())
    }
}
