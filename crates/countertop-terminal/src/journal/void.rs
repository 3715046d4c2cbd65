//! Undoing a sale of the open batch.

use countertop_acquirer::{
    CardEntry, FinancialRequest, OriginalTransaction, Stan, TransactionKind,
};
use countertop_device::{Money, Sensitive};
use rusqlite::{OptionalExtension, params};

use super::begin::{RECORD, Undoing};
use super::card::StoredCard;
use super::column::Number;
use super::{
    Cause, EntryMode, Journal, JournalError, NewTransaction, PendingTransaction, TransactionRecord,
    TransactionState, VoidRefusal, Work,
};
use crate::OperatorNumber;
use crate::operators::{Grant, Permission};
use crate::vault::{SealContext, VaultError};

/// Is an approved sale of the open batch that can be voided, with what the void's request needs.
#[derive(Debug)]
pub struct VoidableSale {
    record: TransactionRecord,
    original: OriginalTransaction,
    entry: CardEntry,
}

impl VoidableSale {
    /// Returns what the journal holds about the sale.
    #[must_use]
    pub fn record(&self) -> &TransactionRecord {
        &self.record
    }

    /// Returns the amount of the sale, and so of the void.
    #[must_use]
    pub fn amount(&self) -> Money {
        self.record.amount
    }

    /// Builds the void's request.
    #[must_use]
    pub fn request(&self, stan: Stan) -> FinancialRequest {
        FinancialRequest {
            kind: TransactionKind::Void,
            stan,
            batch: self.record.batch,
            amount: self.record.amount,
            entry: self.entry.clone(),
            pin_block: None,
            original: Some(self.original.clone()),
        }
    }
}

impl Journal {
    /// Looks up a sale of the open batch that is to be voided.
    ///
    /// # Errors
    ///
    /// [`JournalError::NotFound`] and [`JournalError::NotVoidable`] with the reason.
    pub fn voidable(&self, stan: Stan) -> Result<VoidableSale, JournalError> {
        self.read("look up the sale", |work| work.voidable(stan))
    }

    /// Writes the void of a sale and its reversal, as [`begin`](Self::begin) does for a sale.
    /// `request` is [`VoidableSale::request`], with a PIN block where one was entered.
    ///
    /// # Errors
    ///
    /// As [`begin`](Self::begin); [`JournalError::NotGranted`] when the grant is not for a void;
    /// [`JournalError::NotVoidable`] when the sale has been voided since.
    pub fn begin_void(
        &mut self,
        sale: &VoidableSale,
        request: &FinancialRequest,
        operator: OperatorNumber,
        grant: Grant,
        reversal: Option<&Sensitive>,
    ) -> Result<PendingTransaction, JournalError> {
        let authorised_by = allowed(&grant, Permission::Void, "void the sale")?;
        self.write(RECORD, |work| {
            let sale = work.voidable(sale.record.stan)?;
            require_same(&sale, request)?;
            let record = &sale.record;
            let scheme = record.scheme.as_deref();
            let new = NewTransaction { request, foreign: record.foreign, scheme, operator };
            let undoing = Undoing { original_id: record.id, authorised_by };
            work.begin(&new, reversal, Some(undoing))
        })
    }
}

/// Returns who allowed an act.
pub(super) fn allowed(
    grant: &Grant,
    permission: Permission,
    action: &'static str,
) -> Result<OperatorNumber, JournalError> {
    if grant.permission() == permission {
        Ok(grant.operator())
    } else {
        Err(JournalError::NotGranted { action })
    }
}

fn require_same(sale: &VoidableSale, request: &FinancialRequest) -> Result<(), JournalError> {
    let same = request.kind == TransactionKind::Void
        && request.amount == sale.record.amount
        && request.original.as_ref() == Some(&sale.original);
    if same {
        return Ok(());
    }
    let reason = "it does not undo the whole of its sale";
    Err(JournalError::Unfit { stan: request.stan, reason })
}

impl Work<'_> {
    fn voidable(&self, stan: Stan) -> Result<VoidableSale, Cause> {
        let record = self.record_in_open_batch(stan)?;
        let refused = |refusal| JournalError::NotVoidable { stan, refusal };
        if let Some(refusal) = refusal(&record) {
            return Err(refused(refusal).into());
        }
        if self.other_void(record.id)?.is_some() {
            return Err(refused(VoidRefusal::VoidUnresolved).into());
        }
        let original = OriginalTransaction {
            batch: record.batch,
            stan,
            rrn: record.rrn.clone().ok_or_else(|| refused(VoidRefusal::NoReference))?,
            authorization_code: record.authorization_code.clone(),
        };
        let entry = self.void_entry(&record)?;
        Ok(VoidableSale { record, original, entry })
    }

    /// Finds a void of this sale that may have reached the host.
    fn other_void(&self, sale: i64) -> rusqlite::Result<Option<Stan>> {
        let select = "SELECT stan FROM transactions WHERE original_id = ?1
                      AND state IN ('pending', 'approved', 'unknown', 'not-completed')";
        let stan = |row: &rusqlite::Row<'_>| row.get(0).map(|Number(stan)| stan);
        self.storage.query_row(select, params![sale], stan).optional()
    }

    fn void_entry(&self, record: &TransactionRecord) -> Result<CardEntry, Cause> {
        if record.entry == EntryMode::Code {
            return Ok(CardEntry::Code { code: Sensitive::default() });
        }
        let context = SealContext::Card(record.id);
        let card = self.stored_card(record.id)?;
        let entry = card.and_then(|card| card.void_entry(record.entry));
        entry.ok_or_else(|| VaultError::Forged(context).into())
    }

    pub(super) fn stored_card(&self, id: i64) -> Result<Option<StoredCard>, Cause> {
        let select = "SELECT sealed_card FROM transactions WHERE id = ?1";
        let sealed: Option<Vec<u8>> = self.storage.query_row(select, [id], |row| row.get(0))?;
        let Some(sealed) = sealed else { return Ok(None) };
        let stored = self.books.vault.unseal(&sealed, SealContext::Card(id))?;
        Ok(StoredCard::from_sensitive(&stored))
    }
}

fn refusal(record: &TransactionRecord) -> Option<VoidRefusal> {
    if record.kind != TransactionKind::Sale {
        return Some(VoidRefusal::NoSale);
    }
    match record.state {
        TransactionState::Approved => None,
        TransactionState::Voided => Some(VoidRefusal::AlreadyVoided),
        TransactionState::Reversed | TransactionState::Unknown | TransactionState::NotCompleted => {
            Some(VoidRefusal::Reversed)
        }
        TransactionState::Pending | TransactionState::NotSent | TransactionState::Declined => {
            Some(VoidRefusal::NotApproved)
        }
    }
}
