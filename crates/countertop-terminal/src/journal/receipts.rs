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
    /// Whether a whole one went out before, so that this one is marked as a duplicate.
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
            let select = "SELECT prints > 0 FROM receipts WHERE transaction_id = ?1 AND copy = ?2";
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

    /// Writes that a receipt went out whole.
    ///
    /// # Errors
    ///
    /// When the storage fails; the receipt then stays in the queue.
    pub fn printed(&mut self, job: &PrintJob) -> Result<(), JournalError> {
        self.write("record the receipt", |work| {
            let update = "UPDATE receipts SET prints = prints + 1
                          WHERE transaction_id = ?1 AND copy = ?2";
            work.storage.execute(update, params![job.record.id, Text(job.copy)])?;
            Ok(())
        })
    }
}

impl Work<'_> {
    pub(super) fn pending_receipts(&self) -> Result<Vec<PrintJob>, Cause> {
        let order = "JOIN receipts c ON c.transaction_id = t.id
                     WHERE c.prints = 0 ORDER BY t.id, c.copy = 'cardholder'";
        let select = SELECT.replacen("SELECT t.*", "SELECT c.copy, t.*", 1);
        let mut select = self.storage.prepare_cached(&format!("{select} {order}"))?;
        let jobs = select.query_map([], |row| {
            let Text(copy) = row.get("copy")?;
            Ok(PrintJob { record: TransactionRecord::from_row(row)?, copy, duplicate: false })
        })?;
        Ok(jobs.collect::<rusqlite::Result<_>>()?)
    }
}
