//! Writing an approval.

use countertop_acquirer::{BatchNumber, HostAnswer, Stan};
use rusqlite::params;

use super::column::Json;
use super::{
    Cause, EmvVoucher, Journal, JournalError, PendingTransaction, ReceiptCopy, SignatureState,
    TransactionState, Work,
};

/// Is how the terminal completed an approved transaction.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Completion {
    /// What the chip said; `None` without a chip.
    pub emv: Option<EmvVoucher>,
    /// Whether the customer has to sign.
    pub signature: SignatureState,
}

/// Is a transaction that the host approved and the terminal completed.
#[derive(Debug)]
pub struct ApprovedTransaction {
    pub(super) id: i64,
    stan: Stan,
    batch: BatchNumber,
}

impl ApprovedTransaction {
    /// Returns the transaction's number.
    #[must_use]
    pub fn stan(&self) -> Stan {
        self.stan
    }

    /// Returns the batch it belongs to.
    #[must_use]
    pub fn batch(&self) -> BatchNumber {
        self.batch
    }
}

const ACTION: &str = "record the approval";

impl Journal {
    /// Writes an approval, drops the reversal, and queues both receipts, all in one storage
    /// transaction; of a void also that its sale is voided.
    ///
    /// # Errors
    ///
    /// When the storage fails; the transaction is then pending, and [`recover`](Self::recover)
    /// leaves it to be reversed: hand out no goods.
    pub fn approved(
        &mut self,
        pending: PendingTransaction,
        answer: &HostAnswer,
        completion: &Completion,
    ) -> Result<ApprovedTransaction, JournalError> {
        self.write(ACTION, |work| {
            work.end(&pending, TransactionState::Approved, ACTION)?;
            work.write_answer(pending.id, answer)?;
            work.write_completion(pending.id, completion)?;
            work.drop_reversal(pending.id)?;
            work.queue_receipts(pending.id)?;
            match pending.original_id {
                Some(sale) => work.mark_voided(sale),
                None => Ok(()),
            }
        })?;
        let (stan, batch) = (pending.stan(), pending.batch());
        Ok(ApprovedTransaction { id: pending.id, stan, batch })
    }
}

impl Work<'_> {
    fn write_completion(&self, id: i64, completion: &Completion) -> Result<(), Cause> {
        let update = "UPDATE transactions SET emv = ?1, signature = ?2 WHERE id = ?3";
        let emv = completion.emv.as_ref().map(Json);
        self.storage.execute(update, params![emv, Json(&completion.signature), id])?;
        Ok(())
    }

    fn queue_receipts(&self, id: i64) -> Result<(), Cause> {
        for copy in ReceiptCopy::BOTH {
            let insert = "INSERT INTO receipts (transaction_id, copy) VALUES (?1, ?2)";
            self.storage.execute(insert, params![id, super::column::Text(copy)])?;
        }
        Ok(())
    }

    fn mark_voided(&self, sale: i64) -> Result<(), Cause> {
        self.change_state(sale, TransactionState::Approved, TransactionState::Voided, ACTION)
    }
}
