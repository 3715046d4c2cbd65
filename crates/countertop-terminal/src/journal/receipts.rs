//! Receipts that wait for the printer.

use rusqlite::{OptionalExtension, params};
use serde::{Deserialize, Serialize};

use countertop_acquirer::Stan;

use super::column::Text;
use super::record::SELECT;
use super::{ApprovedTransaction, Cause, Journal, JournalError, TransactionRecord, Work};

/// Says whose a receipt is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ReceiptCopy {
    /// The merchant's, which the customer signs.
    Merchant,
    /// The cardholder's.
    Cardholder,
}

impl ReceiptCopy {
    /// Both, in the order in which they are printed.
    pub const BOTH: [Self; 2] = [Self::Merchant, Self::Cardholder];
}

/// Is a receipt to print.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PrintJob {
    /// The transaction.
    pub record: TransactionRecord,
    /// Whose receipt.
    pub copy: ReceiptCopy,
    /// Whether one went out before, or a part of one may have, so that this one is marked as a
    /// duplicate.
    pub duplicate: bool,
}

impl Journal {
    /// Returns the receipts of which no whole copy has gone out, oldest first.
    ///
    /// # Errors
    ///
    /// When the storage fails.
    pub fn pending_receipts(&self) -> Result<Vec<PrintJob>, JournalError> {
        self.read("look up receipts", |work| work.pending_receipts())
    }

    /// Returns a receipt of a transaction that was approved just now.
    ///
    /// # Errors
    ///
    /// As [`receipt`](Self::receipt).
    pub fn receipt_of(
        &self,
        approved: &ApprovedTransaction,
        copy: ReceiptCopy,
    ) -> Result<PrintJob, JournalError> {
        self.receipt(approved.stan(), copy)
    }

    /// Returns a receipt of a transaction of the open batch, to print it, perhaps again.
    ///
    /// # Errors
    ///
    /// [`JournalError::NotFound`] when there is no such transaction, [`JournalError::Outdated`]
    /// when it has no receipts because it was never approved.
    pub fn receipt(&self, stan: Stan, copy: ReceiptCopy) -> Result<PrintJob, JournalError> {
        const ACTION: &str = "look up the receipt";
        self.read(ACTION, |work| {
            let record = work.record_in_open_batch(stan)?;
            let select = "SELECT prints <> 0 FROM receipts WHERE transaction_id = ?1 AND copy = ?2";
            let values = params![record.id, Text(copy)];
            match work.storage.query_row(select, values, |row| row.get(0)).optional()? {
                Some(duplicate) => Ok(PrintJob { record, copy, duplicate }),
                None => {
                    let what = "a receipt: the transaction was not approved";
                    Err(JournalError::Outdated { action: ACTION, what }.into())
                }
            }
        })
    }

    /// Writes that a receipt is about to be printed: from now on something of it may be on paper.
    ///
    /// # Errors
    ///
    /// When the storage fails; then it must not be printed.
    pub fn printing(&mut self, job: &PrintJob) -> Result<(), JournalError> {
        self.set_prints(job, "record the receipt", "-1", "prints = 0")
    }

    /// Takes [`printing`](Self::printing) back: nothing of the receipt has reached the printer.
    ///
    /// # Errors
    ///
    /// When the storage fails; the receipt is then marked as a duplicate.
    pub fn not_printed(&mut self, job: &PrintJob) -> Result<(), JournalError> {
        if job.duplicate {
            return Ok(());
        }
        self.set_prints(job, "take back the receipt", "0", "prints < 0")
    }

    /// Writes that a receipt went out whole.
    ///
    /// # Errors
    ///
    /// When the storage fails; the receipt then stays in the queue.
    pub fn printed(&mut self, job: &PrintJob) -> Result<(), JournalError> {
        self.set_prints(job, "record the receipt", "max(prints, 0) + 1", "true")
    }

    fn set_prints(
        &mut self,
        job: &PrintJob,
        action: &'static str,
        value: &str,
        condition: &str,
    ) -> Result<(), JournalError> {
        self.write(action, |work| {
            let update = format!(
                "UPDATE receipts SET prints = {value}
                 WHERE transaction_id = ?1 AND copy = ?2 AND {condition}"
            );
            work.storage.execute(&update, params![job.record.id, Text(job.copy)])?;
            Ok(())
        })
    }
}

impl Work<'_> {
    pub(super) fn pending_receipts(&self) -> Result<Vec<PrintJob>, Cause> {
        let order = "JOIN receipts c ON c.transaction_id = t.id
                     WHERE c.prints <= 0 ORDER BY t.id, c.copy = 'cardholder'";
        let select = SELECT.replacen("SELECT t.*", "SELECT c.copy, c.prints < 0 AS begun, t.*", 1);
        let mut select = self.storage.prepare_cached(&format!("{select} {order}"))?;
        let jobs = select.query_map([], |row| {
            let Text(copy) = row.get("copy")?;
            let duplicate = row.get("begun")?;
            Ok(PrintJob { record: TransactionRecord::from_row(row)?, copy, duplicate })
        })?;
        Ok(jobs.collect::<rusqlite::Result<_>>()?)
    }
}
