//! Writing a transaction before its request leaves.

use countertop_acquirer::{BatchNumber, FinancialRequest, ReversalReason, Stan, TransactionKind};
use countertop_device::Sensitive;
use rusqlite::{OptionalExtension, params};

use super::card::{StoredCard, mask};
use super::column::{Json, Number, Text};
use super::counters::OpenBatch;
use super::{Cause, EntryMode, Journal, JournalError, SignatureState, TransactionState, Work};
use crate::OperatorNumber;
use crate::vault::SealContext;

/// Is what the journal writes about a transaction before its request leaves.
#[derive(Debug, Clone, Copy)]
pub struct NewTransaction<'a> {
    /// The request that will leave. Of its card data only the masked number, and sealed the number,
    /// expiry and sequence number, are kept.
    pub request: &'a FinancialRequest,
    /// Whether the card is from another country.
    pub foreign: bool,
    /// The card scheme, such as `CUP`, where it is known before the host names it.
    pub scheme: Option<&'a str>,
    /// Who is signed in.
    pub operator: OperatorNumber,
}

/// Is a transaction that is on disk with its reversal, and whose request may leave.
#[derive(Debug)]
#[must_use = "say what became of the transaction"]
pub struct PendingTransaction {
    pub(super) id: i64,
    pub(super) original_id: Option<i64>,
    stan: Stan,
    batch: BatchNumber,
}

impl PendingTransaction {
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

/// Is the sale that a void undoes, and who allowed it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Undoing {
    pub(super) original_id: i64,
    pub(super) authorised_by: OperatorNumber,
}

impl Journal {
    /// Writes a transaction and its reversal. When this returns, both are on the disk, and the
    /// first byte of the request may leave. A kind that cannot be reversed has no reversal.
    ///
    /// # Errors
    ///
    /// [`JournalError::DiskFull`] and every other error mean that nothing was written and nothing
    /// may be sent. [`JournalError::Full`]: settle first. [`JournalError::ReversalWaits`]: send the
    /// reversals first. [`JournalError::UnderWay`]: see [`recover`](Self::recover).
    pub fn begin(
        &mut self,
        new: &NewTransaction<'_>,
        reversal: Option<&Sensitive>,
    ) -> Result<PendingTransaction, JournalError> {
        let stan = new.request.stan;
        if new.request.kind != TransactionKind::Sale {
            return Err(JournalError::Unfit { stan, reason: "a void is begun with its sale" });
        }
        self.write(RECORD, |work| work.begin(new, reversal, None))
    }
}

pub(super) const RECORD: &str = "record the transaction, which was not sent";

impl Work<'_> {
    pub(super) fn begin(
        &self,
        new: &NewTransaction<'_>,
        reversal: Option<&Sensitive>,
        undoing: Option<Undoing>,
    ) -> Result<PendingTransaction, Cause> {
        let batch = self.open_batch()?;
        self.require_fit(new, &batch)?;
        self.require_room(&batch)?;
        self.require_quiet()?;
        let id = self.insert(new, &batch, undoing)?;
        self.seal_card(id, new)?;
        if let Some(reversal) = reversal {
            self.arm_reversal(id, reversal)?;
        }
        self.event(id, TransactionState::Pending)?;
        Ok(PendingTransaction {
            id,
            original_id: undoing.map(|undoing| undoing.original_id),
            stan: new.request.stan,
            batch: batch.number,
        })
    }

    fn require_fit(&self, new: &NewTransaction<'_>, batch: &OpenBatch) -> Result<(), Cause> {
        if !batch.selling {
            return Err(JournalError::InSettlement { batch: batch.number }.into());
        }
        let (stan, amount) = (new.request.stan, new.request.amount);
        if amount.currency() != self.books.settings.currency {
            let (path, kept) = (self.books.path.clone(), self.books.settings.currency);
            return Err(JournalError::OtherCurrency { path, kept, asked: amount.currency() }.into());
        }
        let unfit = |reason| Err(JournalError::Unfit { stan, reason }.into());
        if new.request.batch != batch.number {
            return unfit("its batch is not the open one");
        }
        if amount.minor() == 0 {
            return unfit("its amount is nought");
        }
        if self.stan_used(batch, stan)? {
            return unfit("the batch has used its number");
        }
        Ok(())
    }

    fn stan_used(&self, batch: &OpenBatch, stan: Stan) -> rusqlite::Result<bool> {
        let select = "SELECT 1 FROM transactions WHERE batch_id = ?1 AND stan = ?2";
        let found = self.storage.query_row(select, params![batch.id, Number(stan)], |_| Ok(()));
        Ok(found.optional()?.is_some())
    }

    /// Refuses a transaction while another one's end or first reversal is outstanding.
    fn require_quiet(&self) -> Result<(), Cause> {
        if let Some(stan) = self.first_stan("t.state = 'pending'")? {
            return Err(JournalError::UnderWay { stan }.into());
        }
        match self.first_stan("r.state = 'pending' AND r.attempts = 0")? {
            Some(stan) => Err(JournalError::ReversalWaits { stan }.into()),
            None => Ok(()),
        }
    }

    pub(super) fn first_stan(&self, condition: &'static str) -> rusqlite::Result<Option<Stan>> {
        let select = format!(
            "SELECT t.stan FROM transactions t LEFT JOIN reversals r ON r.transaction_id = t.id
             WHERE {condition} ORDER BY t.id LIMIT 1"
        );
        let stan = |row: &rusqlite::Row<'_>| row.get(0).map(|Number(stan)| stan);
        self.storage.query_row(&select, [], stan).optional()
    }

    fn insert(
        &self,
        new: &NewTransaction<'_>,
        batch: &OpenBatch,
        undoing: Option<Undoing>,
    ) -> Result<i64, Cause> {
        let request = new.request;
        let stan = request.stan;
        let unfit = |reason| JournalError::Unfit { stan, reason };
        let entry = EntryMode::of(&request.entry)
            .ok_or_else(|| unfit("the journal does not know how its card came in"))?;
        let minor =
            i64::try_from(request.amount.minor()).map_err(|_| unfit("its amount is too large"))?;
        let masked = mask(&request.entry);
        self.storage.execute(
            "INSERT INTO transactions (batch_id, stan, kind, amount, currency, entry, masked_pan,
                last_four, scheme, foreign_card, state, signature, operator, authorised_by,
                original_id, started_utc, started_local)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, 'pending', ?11, ?12, ?13, ?14, ?15, ?16)",
            params![
                batch.id,
                Number(stan),
                Text(request.kind),
                minor,
                Text(request.amount.currency()),
                Text(entry),
                masked.as_ref().map(|pan| pan.as_str()),
                masked.as_ref().map(|pan| pan.last_four()),
                new.scheme,
                new.foreign,
                Json(SignatureState::NotRequired),
                Number(new.operator),
                undoing.map(|undoing| Number(undoing.authorised_by)),
                undoing.map(|undoing| undoing.original_id),
                self.now.utc_seconds(),
                self.now.local_iso(),
            ],
        )?;
        Ok(self.storage.last_insert_rowid())
    }

    fn seal_card(&self, id: i64, new: &NewTransaction<'_>) -> Result<(), Cause> {
        let Some(card) = StoredCard::of(&new.request.entry) else { return Ok(()) };
        let sealed = self.books.vault.seal(&card.to_sensitive(), SealContext::Card(id))?;
        let update = "UPDATE transactions SET sealed_card = ?1 WHERE id = ?2";
        self.storage.execute(update, params![sealed, id])?;
        Ok(())
    }

    fn arm_reversal(&self, id: i64, reversal: &Sensitive) -> Result<(), Cause> {
        let sealed = self.books.vault.seal(reversal, SealContext::Reversal(id))?;
        self.storage.execute(
            "INSERT INTO reversals (transaction_id, sealed_reversal, reason, state)
             VALUES (?1, ?2, ?3, 'pending')",
            params![id, sealed, Text(ReversalReason::NoAnswer)],
        )?;
        Ok(())
    }
}
