//! Writing what became of a request that was not approved and completed.

use countertop_acquirer::{HostAnswer, ReversalReason, UnknownReason};
use rusqlite::params;

use super::column::Text;
use super::{Cause, Journal, JournalError, PendingTransaction, TransactionState, Work};

impl Journal {
    /// Writes that not a byte left, and drops the reversal.
    ///
    /// # Errors
    ///
    /// When the storage fails; the transaction is then pending until [`recover`](Self::recover).
    pub fn not_sent(&mut self, pending: PendingTransaction) -> Result<(), JournalError> {
        self.write("record that nothing was sent", |work| {
            work.end(&pending, TransactionState::NotSent, "record that nothing was sent")?;
            work.drop_reversal(pending.id)
        })
    }

    /// Writes that the host refused, and drops the reversal.
    ///
    /// # Errors
    ///
    /// As [`not_sent`](Self::not_sent).
    pub fn declined(
        &mut self,
        pending: PendingTransaction,
        answer: &HostAnswer,
    ) -> Result<(), JournalError> {
        self.write("record the refusal", |work| {
            work.end(&pending, TransactionState::Declined, "record the refusal")?;
            work.write_answer(pending.id, answer)?;
            work.drop_reversal(pending.id)
        })
    }

    /// Writes that the host approved what the card or the terminal did not complete. The reversal
    /// stays and has to go out.
    ///
    /// # Errors
    ///
    /// As [`not_sent`](Self::not_sent).
    pub fn cannot_complete(
        &mut self,
        pending: PendingTransaction,
        answer: &HostAnswer,
        reason: ReversalReason,
    ) -> Result<(), JournalError> {
        const ACTION: &str = "record that the transaction was not completed";
        self.write(ACTION, |work| {
            work.end(&pending, TransactionState::NotCompleted, ACTION)?;
            work.write_answer(pending.id, answer)?;
            work.reverse_because(pending.id, reason)
        })
    }

    /// Writes that nobody knows the result. The reversal stays and has to go out.
    ///
    /// # Errors
    ///
    /// As [`not_sent`](Self::not_sent).
    pub fn unknown(
        &mut self,
        pending: PendingTransaction,
        reason: UnknownReason,
    ) -> Result<(), JournalError> {
        let reason = match reason {
            UnknownReason::NoAnswer => ReversalReason::NoAnswer,
            UnknownReason::BadMac => ReversalReason::BadMac,
        };
        self.write("record that the result is unknown", |work| {
            work.end(&pending, TransactionState::Unknown, "record that the result is unknown")?;
            work.reverse_because(pending.id, reason)
        })
    }
}

impl Work<'_> {
    pub(super) fn end(
        &self,
        pending: &PendingTransaction,
        state: TransactionState,
        action: &'static str,
    ) -> Result<(), Cause> {
        self.change_state(pending.id, TransactionState::Pending, state, action)
    }

    /// Writes what the host said. A stripe names no country, so that a card is foreign, too, when the
    /// host names a scheme other than UnionPay (field 63.1).
    pub(super) fn write_answer(&self, id: i64, answer: &HostAnswer) -> Result<(), Cause> {
        self.storage.execute(
            "UPDATE transactions SET response_code = ?1, host_date = ?2, host_time = ?3,
                settlement_date = ?4, rrn = ?5, authorization_code = ?6, issuer = ?7, acquirer = ?8,
                scheme = coalesce(?9, scheme),
                foreign_card = foreign_card OR coalesce(?9 <> 'CUP', 0)
             WHERE id = ?10",
            params![
                Text(answer.code),
                answer.date,
                answer.time,
                answer.settlement_date,
                answer.rrn,
                answer.authorization_code,
                answer.issuer,
                answer.acquirer,
                answer.scheme,
                id,
            ],
        )?;
        Ok(())
    }

    pub(super) fn drop_reversal(&self, id: i64) -> Result<(), Cause> {
        self.storage.execute("DELETE FROM reversals WHERE transaction_id = ?1", [id])?;
        Ok(())
    }

    fn reverse_because(&self, id: i64, reason: ReversalReason) -> Result<(), Cause> {
        let update = "UPDATE reversals SET reason = ?1 WHERE transaction_id = ?2";
        self.storage.execute(update, params![Text(reason), id])?;
        Ok(())
    }
}
