//! Recovery of what a power cut, or a failure of the storage, left behind.

use super::{
    Cause, Journal, JournalError, ReversalState, TransactionRecord, TransactionState, Work,
};

/// Is what was found when the journal was opened.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct Recovery {
    /// Transactions that were under way: their result is unknown now, and their reversals have to
    /// go out.
    pub interrupted: Vec<TransactionRecord>,
    /// How many reversals wait, those of the interrupted transactions among them.
    pub pending_reversals: usize,
    /// How many receipts wait for the printer.
    pub pending_receipts: usize,
    /// Whether a settlement was interrupted, see [`Journal::settlement`].
    pub settlement_interrupted: bool,
}

impl Recovery {
    /// Tells whether there is nothing to catch up on.
    #[must_use]
    pub fn is_clean(&self) -> bool {
        *self == Self::default()
    }
}

impl Journal {
    /// Takes a transaction without an end to be one with an unknown end, whose reversal has to go
    /// out. [`open`](Self::open) does it; do it also when a call that consumed a
    /// [`PendingTransaction`](super::PendingTransaction) failed, or the token was lost.
    ///
    /// # Errors
    ///
    /// When the storage fails.
    pub fn recover(&mut self) -> Result<Recovery, JournalError> {
        self.write("recover", |work| work.recover())
    }
}

impl Work<'_> {
    fn recover(&self) -> Result<Recovery, Cause> {
        let mut interrupted = self.records("WHERE t.state = 'pending'", [])?;
        for record in &mut interrupted {
            let (from, to) = (TransactionState::Pending, TransactionState::Unknown);
            self.change_state(record.id, from, to, "recover")?;
            record.state = to;
        }
        Ok(Recovery {
            interrupted,
            pending_reversals: self.count_reversals(ReversalState::Pending)?,
            pending_receipts: self.pending_receipts()?.len(),
            settlement_interrupted: !self.open_batch()?.selling,
        })
    }
}
