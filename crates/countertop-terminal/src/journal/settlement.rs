//! Settling a batch, one durable step after the other.

use countertop_acquirer::{BatchNumber, SettlementAnswer, SettlementTotals};
use countertop_device::Currency;
use rusqlite::{OptionalExtension, Row, params};

use super::column::{Json, Number, Text, moment};
use super::settlement_steps::{
    PrintedSettlement, Settlement, SettlementToPrint, SettlementToUpload, Settling,
    StartedSettlement, Step, step_after,
};
use super::void::allowed;
use super::{Cause, Journal, JournalError, TransactionRecord, Work};
use crate::operators::{Grant, Permission};
use crate::{OperatorNumber, Timestamp};

/// Is what the settlement slip says.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct SettlementReport {
    /// The batch.
    pub batch: BatchNumber,
    /// Who settled it.
    pub operator: OperatorNumber,
    /// When the settlement was begun.
    pub started: Timestamp,
    /// The currency of the totals.
    pub currency: Currency,
    /// The totals that went to the host.
    pub totals: SettlementTotals,
    /// The host's answer.
    pub answer: Option<SettlementAnswer>,
    /// Every transaction of the batch, in order.
    pub transactions: Vec<TransactionRecord>,
}

impl SettlementReport {
    /// Returns the transactions whose end nobody knows, or whose reversal the host has not
    /// acknowledged.
    pub fn unresolved(&self) -> impl Iterator<Item = &TransactionRecord> {
        self.transactions.iter().filter(|record| record.unresolved())
    }
}

impl Journal {
    /// Begins to settle the open batch, or resumes where a power cut interrupted it. From here on
    /// the batch takes no transactions and its totals stand still.
    ///
    /// # Errors
    ///
    /// [`JournalError::UnderWay`] and [`JournalError::ReversalWaits`] when something has to be
    /// brought to its end first; [`JournalError::NotGranted`] when the grant is for another act.
    pub fn settlement_begin(&mut self, grant: Grant) -> Result<Settlement, JournalError> {
        const ACTION: &str = "begin the settlement";
        let operator = allowed(&grant, Permission::Settle, ACTION)?;
        self.write(ACTION, |work| {
            if let Some(settlement) = work.settlement()? {
                return Ok(settlement);
            }
            work.require_nothing_outstanding()?;
            work.start(operator)?;
            work.settlement()?.ok_or_else(|| outdated(ACTION).into())
        })
    }

    /// Returns the settlement that is under way, if one is.
    ///
    /// # Errors
    ///
    /// When the storage fails.
    pub fn settlement(&self) -> Result<Option<Settlement>, JournalError> {
        self.read("look up the settlement", |work| work.settlement())
    }

    /// Gives a settlement up before the host answered: the batch takes transactions again.
    ///
    /// # Errors
    ///
    /// When the storage fails.
    pub fn settlement_abandoned(&mut self, started: StartedSettlement) -> Result<(), JournalError> {
        self.step("give the settlement up", &started.0, Step::Started, Step::Selling, |_| Ok(()))
    }

    /// Writes the host's answer to the totals.
    ///
    /// # Errors
    ///
    /// When the storage fails; [`settlement`](Self::settlement) gives the token back.
    pub fn settlement_answered(
        &mut self,
        started: StartedSettlement,
        answer: &SettlementAnswer,
    ) -> Result<Settlement, JournalError> {
        const ACTION: &str = "record the host's answer to the totals";
        let (settling, next) = (started.0, step_after(answer));
        self.step(ACTION, &settling, Step::Started, next, |work| {
            let update = "UPDATE batches SET answer = ?1 WHERE id = ?2";
            work.storage.execute(update, params![Json(answer), settling.batch_id])?;
            Ok(())
        })?;
        Settlement::at(next, settling).ok_or_else(|| outdated(ACTION))
    }

    /// Writes that the host has the whole batch.
    ///
    /// # Errors
    ///
    /// As [`settlement_answered`](Self::settlement_answered).
    pub fn settlement_uploaded(
        &mut self,
        upload: SettlementToUpload,
    ) -> Result<SettlementToPrint, JournalError> {
        let settling = upload.0;
        self.step("record the upload", &settling, Step::ToUpload, Step::ToPrint, |_| Ok(()))?;
        Ok(SettlementToPrint(settling))
    }

    /// Writes that the settlement slip went out whole.
    ///
    /// # Errors
    ///
    /// As [`settlement_answered`](Self::settlement_answered).
    pub fn settlement_printed(
        &mut self,
        print: SettlementToPrint,
    ) -> Result<PrintedSettlement, JournalError> {
        let settling = print.0;
        self.step("record the slip", &settling, Step::ToPrint, Step::ToClose, |_| Ok(()))?;
        Ok(PrintedSettlement(settling))
    }

    /// Closes the batch, drops the card numbers and reversals it still holds, and opens the next
    /// batch, whose number it returns; 1 follows 999999.
    ///
    /// # Errors
    ///
    /// When the storage fails.
    pub fn close_batch(&mut self, printed: PrintedSettlement) -> Result<BatchNumber, JournalError> {
        let settling = printed.0;
        let next = settling.batch.next();
        self.step("close the batch", &settling, Step::ToClose, Step::Closed, |work| {
            work.close(&settling, next)
        })?;
        self.empty_log()?;
        Ok(next)
    }

    /// Returns the report of the batch that is being settled, or else of the last one settled.
    ///
    /// # Errors
    ///
    /// When the storage fails.
    pub fn settlement_report(&self) -> Result<Option<SettlementReport>, JournalError> {
        self.read("look up the settlement", |work| work.report())
    }

    fn step(
        &mut self,
        action: &'static str,
        settling: &Settling,
        from: Step,
        to: Step,
        more: impl FnOnce(&Work<'_>) -> Result<(), Cause>,
    ) -> Result<(), JournalError> {
        self.write(action, |work| {
            let update = "UPDATE batches SET step = ?1 WHERE id = ?2 AND step = ?3";
            let values = params![Text(to), settling.batch_id, Text(from)];
            if work.storage.execute(update, values)? != 1 {
                return Err(outdated(action).into());
            }
            more(work)
        })
    }

    /// Moves the log into the file, so that what was dropped is in neither.
    fn empty_log(&self) -> Result<(), JournalError> {
        self.read("empty the log of the batch, which is closed", |work| {
            Ok(work.storage.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))?)
        })
    }
}

fn outdated(action: &'static str) -> JournalError {
    JournalError::Outdated { action, what: "the settlement at this step" }
}

impl Work<'_> {
    fn settlement(&self) -> Result<Option<Settlement>, Cause> {
        let select = "SELECT * FROM batches WHERE is_open = 1 AND step <> 'selling'";
        let found = self.storage.query_row(select, [], |row| {
            let Text(step) = row.get("step")?;
            Ok(Settlement::at(step, settling(row)?))
        });
        Ok(found.optional()?.flatten())
    }

    fn require_nothing_outstanding(&self) -> Result<(), Cause> {
        if let Some(stan) = self.first_stan("t.state = 'pending'")? {
            return Err(JournalError::UnderWay { stan }.into());
        }
        match self.first_stan("r.state = 'pending'")? {
            Some(stan) => Err(JournalError::ReversalWaits { stan }.into()),
            None => Ok(()),
        }
    }

    fn start(&self, operator: OperatorNumber) -> Result<(), Cause> {
        self.storage.execute(
            "UPDATE batches SET step = 'started', totals = ?1, operator = ?2, started_utc = ?3,
                started_local = ?4
             WHERE is_open = 1",
            params![
                Json(self.totals()?),
                Number(operator),
                self.now.utc_seconds(),
                self.now.local_iso()
            ],
        )?;
        Ok(())
    }

    fn close(&self, settling: &Settling, next: BatchNumber) -> Result<(), Cause> {
        let id = settling.batch_id;
        self.storage.execute("UPDATE batches SET is_open = NULL WHERE id = ?1", [id])?;
        self.storage
            .execute("UPDATE transactions SET sealed_card = NULL WHERE batch_id = ?1", [id])?;
        self.storage.execute(
            "UPDATE reversals SET sealed_reversal = NULL
             WHERE transaction_id IN (SELECT id FROM transactions WHERE batch_id = ?1)",
            [id],
        )?;
        self.storage.execute(
            "INSERT INTO batches (number, is_open, step) VALUES (?1, 1, 'selling')",
            [Number(next)],
        )?;
        self.storage.execute("UPDATE counters SET stans_used = 0", [])?;
        self.audit(Some(settling.operator), "close-batch", &settling.batch.to_string())
    }

    fn report(&self) -> Result<Option<SettlementReport>, Cause> {
        let select = "SELECT * FROM batches WHERE step <> 'selling' ORDER BY id DESC LIMIT 1";
        let found = self.storage.query_row(select, [], |row| {
            let answer: Option<Json<SettlementAnswer>> = row.get("answer")?;
            Ok((settling(row)?, answer.map(|Json(answer)| answer)))
        });
        let Some((settling, answer)) = found.optional()? else { return Ok(None) };
        let Settling { batch_id, batch, totals, operator, started } = settling;
        let transactions = self.records("WHERE t.batch_id = ?1", [batch_id])?;
        let currency = self.books.settings.currency;
        Ok(Some(SettlementReport {
            batch,
            operator,
            started,
            currency,
            totals,
            answer,
            transactions,
        }))
    }
}

fn settling(row: &Row<'_>) -> rusqlite::Result<Settling> {
    let Number(batch) = row.get("number")?;
    let Json(totals) = row.get("totals")?;
    let Number(operator) = row.get("operator")?;
    let (batch_id, started) = (row.get("id")?, moment(row, "started")?);
    Ok(Settling { batch_id, batch, totals, operator, started })
}
