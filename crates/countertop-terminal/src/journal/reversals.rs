//! Reversals that have to go out.

use countertop_acquirer::{BatchNumber, ResponseCode, ReversalReason, Stan};
use countertop_device::{Money, Sensitive};
use rusqlite::{Row, params};

use super::column::{Number, Text};
use super::record::amount;
use super::void::allowed;
use super::{Cause, Journal, JournalError, ReversalState, TransactionState, Work};
use crate::operators::{Grant, Permission};
use crate::vault::SealContext;

/// Is a reversal that has to be sent.
#[derive(Debug)]
#[must_use = "send it, and say what came of it"]
pub struct PendingReversal {
    id: i64,
    stan: Stan,
    batch: BatchNumber,
    amount: Money,
    reason: ReversalReason,
    attempts: u32,
    authorization_code: Option<String>,
    reversal: Sensitive,
}

/// Says what is left of a reversal after an attempt without success.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ReversalProgress {
    /// It may be sent again.
    Pending {
        /// How often it may.
        attempts_left: u32,
    },
    /// It was sent as often as it may: print the slip. It stays in the list of unresolved
    /// transactions.
    Exhausted,
}

impl PendingReversal {
    /// Returns the number of the transaction to reverse.
    #[must_use]
    pub fn stan(&self) -> Stan {
        self.stan
    }

    /// Returns the batch of the transaction to reverse.
    #[must_use]
    pub fn batch(&self) -> BatchNumber {
        self.batch
    }

    /// Returns the amount to reverse.
    #[must_use]
    pub fn amount(&self) -> Money {
        self.amount
    }

    /// Returns why the transaction is reversed.
    #[must_use]
    pub fn reason(&self) -> ReversalReason {
        self.reason
    }

    /// Returns how often it was sent.
    #[must_use]
    pub fn attempts(&self) -> u32 {
        self.attempts
    }

    /// Returns the authorisation code of the answer, if one came.
    #[must_use]
    pub fn authorization_code(&self) -> Option<&str> {
        self.authorization_code.as_deref()
    }

    /// Returns the bytes for [`Acquirer::reverse`](countertop_acquirer::Acquirer::reverse).
    #[must_use]
    pub fn reversal(&self) -> &Sensitive {
        &self.reversal
    }
}

const RECORD: &str = "record the reversal";

impl Journal {
    /// Returns the reversals that have to go out, oldest first. That of a transaction under way is
    /// not among them.
    ///
    /// # Errors
    ///
    /// When the storage fails or a reversal does not open.
    pub fn pending_reversals(&self) -> Result<Vec<PendingReversal>, JournalError> {
        self.read("look up reversals", |work| work.pending_reversals())
    }

    /// Writes that the host has nothing left to reverse (see [`ResponseCode::reversal_done`]): the
    /// transaction is reversed.
    ///
    /// # Errors
    ///
    /// When the storage fails; the reversal then stays.
    pub fn reversal_done(
        &mut self,
        reversal: PendingReversal,
        code: ResponseCode,
    ) -> Result<(), JournalError> {
        self.write(RECORD, |work| {
            work.count_attempt(&reversal, Some(code), ReversalState::Done)?;
            let drop_blob = "UPDATE reversals SET sealed_reversal = NULL WHERE transaction_id = ?1";
            work.storage.execute(drop_blob, [reversal.id])?;
            let update = "UPDATE transactions SET state = 'reversed' WHERE id = ?1";
            work.storage.execute(update, [reversal.id])?;
            work.event(reversal.id, TransactionState::Reversed)
        })
    }

    /// Writes that the reversal was sent without success: with the host's code, or `None` when no
    /// valid answer came.
    ///
    /// # Errors
    ///
    /// When the storage fails; the attempt is then not counted.
    pub fn reversal_attempted(
        &mut self,
        reversal: PendingReversal,
        code: Option<ResponseCode>,
    ) -> Result<ReversalProgress, JournalError> {
        let limit = self.settings().reversal_attempts;
        let attempts_left = limit.saturating_sub(reversal.attempts.saturating_add(1));
        let exhausted = attempts_left == 0;
        let state = if exhausted { ReversalState::Exhausted } else { ReversalState::Pending };
        self.write(RECORD, |work| work.count_attempt(&reversal, code, state))?;
        Ok(match exhausted {
            true => ReversalProgress::Exhausted,
            false => ReversalProgress::Pending { attempts_left },
        })
    }

    /// Lets the exhausted reversal of a transaction of the open batch go out again.
    ///
    /// # Errors
    ///
    /// [`JournalError::NotGranted`] when the grant is for another act; [`JournalError::NotFound`];
    /// [`JournalError::Outdated`] when the transaction has no exhausted reversal.
    pub fn retry_reversal(&mut self, stan: Stan, grant: Grant) -> Result<(), JournalError> {
        const ACTION: &str = "send the reversal again";
        let operator = allowed(&grant, Permission::RetryReversal, ACTION)?;
        self.write(ACTION, |work| {
            let id = work.record_in_open_batch(stan)?.id;
            let update = "UPDATE reversals SET state = 'pending', attempts = 0
                          WHERE transaction_id = ?1 AND state = 'exhausted'";
            if work.storage.execute(update, [id])? != 1 {
                let what = "an unresolved reversal of this transaction";
                return Err(JournalError::Outdated { action: ACTION, what }.into());
            }
            work.audit(Some(operator), "retry-reversal", &stan.to_string())
        })
    }
}

impl Work<'_> {
    pub(super) fn count_reversals(&self, state: ReversalState) -> rusqlite::Result<usize> {
        let count = "SELECT count(*) FROM reversals WHERE state = ?1";
        self.storage.query_row(count, params![Text(state)], |row| row.get(0))
    }

    fn pending_reversals(&self) -> Result<Vec<PendingReversal>, Cause> {
        let mut select = self.storage.prepare_cached(
            "SELECT t.id, t.stan, b.number AS batch_number, t.amount, t.currency,
                t.authorization_code, r.reason, r.attempts, r.sealed_reversal
             FROM reversals r
             JOIN transactions t ON t.id = r.transaction_id
             JOIN batches b ON b.id = t.batch_id
             WHERE r.state = 'pending' AND t.state <> 'pending' ORDER BY t.id",
        )?;
        let mut rows = select.query([])?;
        let mut reversals = Vec::new();
        while let Some(row) = rows.next()? {
            reversals.push(self.pending_reversal(row)?);
        }
        Ok(reversals)
    }

    fn pending_reversal(&self, row: &Row<'_>) -> Result<PendingReversal, Cause> {
        let id = row.get("id")?;
        let Number(stan) = row.get("stan")?;
        let Number(batch) = row.get("batch_number")?;
        let Text(reason) = row.get("reason")?;
        let sealed: Vec<u8> = row.get("sealed_reversal")?;
        Ok(PendingReversal {
            id,
            stan,
            batch,
            amount: amount(row)?,
            reason,
            attempts: row.get("attempts")?,
            authorization_code: row.get("authorization_code")?,
            reversal: self.books.vault.unseal(&sealed, SealContext::Reversal(id))?,
        })
    }

    fn count_attempt(
        &self,
        reversal: &PendingReversal,
        code: Option<ResponseCode>,
        state: ReversalState,
    ) -> Result<(), Cause> {
        let update = "UPDATE reversals SET attempts = attempts + 1, last_code = ?1, reason = ?2,
                        state = ?3
                      WHERE transaction_id = ?4 AND state = 'pending' AND attempts = ?5";
        let reason = next_reason(reversal.reason, code);
        let (code, state) = (code.map(Text), Text(state));
        let values = params![code, Text(reason), state, reversal.id, reversal.attempts];
        if self.storage.execute(update, values)? != 1 {
            let what = "this reversal with as many attempts";
            return Err(JournalError::Outdated { action: RECORD, what }.into());
        }
        Ok(())
    }
}

/// Returns the reason that a repetition gives: `06`, but `A0` again while the host answers `A0`.
fn next_reason(reason: ReversalReason, code: Option<ResponseCode>) -> ReversalReason {
    match (reason, code) {
        (ReversalReason::BadMac, Some(code)) if code.as_str() == "A0" => ReversalReason::BadMac,
        _ => ReversalReason::Other,
    }
}
