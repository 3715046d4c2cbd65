//! Trace numbers and batch numbers.

use countertop_acquirer::{BatchNumber, Stan};
use rusqlite::params;

use super::column::Number;
use super::{Cause, Journal, JournalError, Work};

/// How many trace numbers there are.
const ALL_STANS: u32 = 999_999;

/// Is the open batch.
#[derive(Debug, Clone, Copy)]
pub(super) struct OpenBatch {
    pub(super) id: i64,
    pub(super) number: BatchNumber,
    pub(super) selling: bool,
}

impl Work<'_> {
    pub(super) fn open_batch(&self) -> rusqlite::Result<OpenBatch> {
        let select = "SELECT id, number, step = 'selling' FROM batches WHERE is_open = 1";
        self.storage.query_row(select, [], |row| {
            let Number(number) = row.get(1)?;
            Ok(OpenBatch { id: row.get(0)?, number, selling: row.get(2)? })
        })
    }

    fn transactions_in(&self, batch: &OpenBatch) -> rusqlite::Result<u32> {
        let count = "SELECT count(*) FROM transactions WHERE batch_id = ?1";
        self.storage.query_row(count, [batch.id], |row| row.get(0))
    }

    /// Refuses a transaction more than the batch may hold.
    pub(super) fn require_room(&self, batch: &OpenBatch) -> Result<(), Cause> {
        let limit = self.books.settings.transaction_limit;
        if self.transactions_in(batch)? >= limit {
            return Err(JournalError::Full { batch: batch.number, limit }.into());
        }
        Ok(())
    }

    fn reserve(&self, count: u32) -> Result<Stan, Cause> {
        let select = "SELECT next_stan, stans_used FROM counters";
        let (Number(first), used): (Number<Stan>, u32) =
            self.storage.query_row(select, [], |row| Ok((row.get(0)?, row.get(1)?)))?;
        let after = used.saturating_add(count);
        if after > ALL_STANS {
            let batch = self.open_batch()?.number;
            return Err(JournalError::NumbersUsedUp { batch }.into());
        }
        let next = (0..count).fold(first, |stan, _| stan.next());
        let update = "UPDATE counters SET next_stan = ?1, stans_used = ?2";
        self.storage.execute(update, params![Number(next), after])?;
        Ok(first)
    }
}

impl Journal {
    /// Returns a trace number that the open batch has not used and will not use again; it survives
    /// a restart. After 999999 comes 1.
    ///
    /// # Errors
    ///
    /// [`JournalError::NumbersUsedUp`] when the batch has used all 999999.
    pub fn next_stan(&mut self) -> Result<Stan, JournalError> {
        self.reserve_stans(1)
    }

    /// Reserves `count` trace numbers in a row, for an upload, and returns the first.
    ///
    /// # Errors
    ///
    /// [`JournalError::NumbersUsedUp`] when the batch has fewer left.
    pub fn reserve_stans(&mut self, count: u32) -> Result<Stan, JournalError> {
        self.write("reserve a trace number", |work| work.reserve(count))
    }

    /// Returns the number of the open batch.
    ///
    /// # Errors
    ///
    /// When the storage fails.
    pub fn batch(&self) -> Result<BatchNumber, JournalError> {
        self.read("look up the batch", |work| Ok(work.open_batch()?.number))
    }

    /// Takes over the batch number that the host assigned at sign-in.
    ///
    /// # Errors
    ///
    /// [`JournalError::BatchNotEmpty`] when the open batch has another number and transactions.
    pub fn adopt_batch(&mut self, assigned: BatchNumber) -> Result<(), JournalError> {
        self.write("adopt the batch number", |work| {
            let batch = work.open_batch()?;
            if batch.number == assigned {
                return Ok(());
            }
            if work.transactions_in(&batch)? > 0 || !batch.selling {
                return Err(JournalError::BatchNotEmpty { batch: batch.number, assigned }.into());
            }
            let update = "UPDATE batches SET number = ?1 WHERE id = ?2";
            work.storage.execute(update, params![Number(assigned), batch.id])?;
            Ok(())
        })
    }
}
