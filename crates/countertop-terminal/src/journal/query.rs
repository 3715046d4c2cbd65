//! Looking up transactions.

use countertop_acquirer::{BatchRecord, Stan};
use rusqlite::{OptionalExtension, Params, params};

use super::column::Number;
use super::record::SELECT;
use super::{Cause, Journal, JournalError, TransactionRecord, Work};

const LOOK_UP: &str = "look up transactions";

impl Journal {
    /// Returns the last transaction of the open batch, whatever became of it.
    ///
    /// # Errors
    ///
    /// When the storage fails, as for every query.
    pub fn last(&self) -> Result<Option<TransactionRecord>, JournalError> {
        self.read(LOOK_UP, |work| work.last())
    }

    /// Returns a transaction of the open batch.
    ///
    /// # Errors
    ///
    /// [`JournalError::NotFound`] when the batch has no such number.
    pub fn by_stan(&self, stan: Stan) -> Result<TransactionRecord, JournalError> {
        self.read(LOOK_UP, |work| work.record_in_open_batch(stan))
    }

    /// Returns the transactions of the open batch whose card ends with these four digits.
    ///
    /// # Errors
    ///
    /// When the storage fails.
    pub fn by_last_four(&self, digits: &str) -> Result<Vec<TransactionRecord>, JournalError> {
        self.read(LOOK_UP, |work| {
            let condition = "WHERE b.is_open = 1 AND t.last_four = ?1";
            Ok(work.records(condition, [digits])?)
        })
    }

    /// Returns all transactions of the open batch in order.
    ///
    /// # Errors
    ///
    /// When the storage fails.
    pub fn transactions(&self) -> Result<Vec<TransactionRecord>, JournalError> {
        self.read(LOOK_UP, |work| Ok(work.records("WHERE b.is_open = 1", [])?))
    }

    /// Returns the transactions of the open batch whose end nobody knows, or whose reversal the
    /// host has not acknowledged.
    ///
    /// # Errors
    ///
    /// When the storage fails.
    pub fn unresolved(&self) -> Result<Vec<TransactionRecord>, JournalError> {
        self.read(LOOK_UP, |work| {
            let condition = "WHERE b.is_open = 1 AND t.state IN ('unknown', 'not-completed')";
            Ok(work.records(condition, [])?)
        })
    }

    /// Returns the sales of the open batch that stand, with their card numbers, for an upload.
    /// Sales that were voided, and their voids, are left out as pairs.
    ///
    /// # Errors
    ///
    /// When the storage fails or a card number does not open.
    pub fn batch_records(&self) -> Result<Vec<BatchRecord>, JournalError> {
        self.read("open the batch for its upload", |work| {
            let condition = "WHERE b.is_open = 1 AND t.kind = 'sale' AND t.state = 'approved'";
            let records = work.records(condition, [])?;
            records.iter().map(|record| work.batch_record(record)).collect()
        })
    }
}

impl Work<'_> {
    /// Returns the records that a condition selects, in order.
    pub(super) fn records(
        &self,
        condition: &'static str,
        parameters: impl Params,
    ) -> rusqlite::Result<Vec<TransactionRecord>> {
        let mut select =
            self.storage.prepare_cached(&format!("{SELECT} {condition} ORDER BY t.id"))?;
        select.query_map(parameters, TransactionRecord::from_row)?.collect()
    }

    fn last(&self) -> Result<Option<TransactionRecord>, Cause> {
        let select = format!("{SELECT} WHERE b.is_open = 1 ORDER BY t.id DESC LIMIT 1");
        Ok(self.storage.query_row(&select, [], TransactionRecord::from_row).optional()?)
    }

    pub(super) fn record_in_open_batch(&self, stan: Stan) -> Result<TransactionRecord, Cause> {
        let select = format!("{SELECT} WHERE b.is_open = 1 AND t.stan = ?1");
        let found =
            self.storage.query_row(&select, params![Number(stan)], TransactionRecord::from_row);
        match found.optional()? {
            Some(record) => Ok(record),
            None => Err(JournalError::NotFound { batch: self.open_batch()?.number, stan }.into()),
        }
    }

    fn batch_record(&self, record: &TransactionRecord) -> Result<BatchRecord, Cause> {
        let pan = self.stored_card(record.id)?.map(|card| card.pan);
        let TransactionRecord { foreign, stan, amount, .. } = *record;
        Ok(BatchRecord { foreign, stan, pan, amount })
    }
}
