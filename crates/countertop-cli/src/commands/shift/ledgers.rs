//! The host's ledger against the journal.

use std::collections::BTreeMap;

use countertop_acquirer::TransactionKind;
use countertop_terminal::journal::{Journal, TransactionState};
use countertop_virtual::acquirer::{EntryKind, EntryState, LedgerEntry};

use crate::failure::Failure;

/// Is what both sides have to say alike of a transaction: kind, amount, state.
type Entry = (&'static str, u64, &'static str);

/// Compares both sides, transaction by transaction and in their sums.
///
/// # Errors
///
/// Names the first transaction on which they differ.
pub(super) fn compare(
    journal: &Journal,
    ledger: &[LedgerEntry],
) -> Result<serde_json::Value, Failure> {
    let ours = journal_side(journal)?;
    let theirs = host_side(ledger);
    for stan in ours.keys().chain(theirs.keys()) {
        let (our, their) = (ours.get(stan), theirs.get(stan));
        if our != their {
            return Err(Failure::new(format!(
                "transaction {stan:06}: the journal says {our:?}, the host {their:?}"
            )));
        }
    }
    let totals = journal.totals()?;
    Ok(serde_json::json!({ "transactions": ours.len(), "totals": totals, "equal": true }))
}

fn journal_side(journal: &Journal) -> Result<BTreeMap<u32, Entry>, Failure> {
    let records = journal.transactions()?;
    let entries = records.iter().filter_map(|record| {
        let state = match record.state {
            TransactionState::Approved => "approved",
            TransactionState::Voided => "voided",
            TransactionState::Reversed => "reversed",
            // The host has no entry for what it refused or never saw.
            TransactionState::Declined | TransactionState::NotSent => return None,
            _ => "unresolved",
        };
        let kind = match record.kind {
            TransactionKind::Void => "void",
            _ => "sale",
        };
        Some((record.stan.get(), (kind, record.amount.minor(), state)))
    });
    Ok(entries.collect())
}

fn host_side(ledger: &[LedgerEntry]) -> BTreeMap<u32, Entry> {
    let entry = |entry: &LedgerEntry| {
        let state = match entry.state {
            EntryState::Approved => "approved",
            EntryState::Voided => "voided",
            EntryState::Reversed => "reversed",
            _ => "unknown",
        };
        let kind = match entry.kind {
            EntryKind::Void => "void",
            _ => "sale",
        };
        (entry.stan, (kind, entry.amount, state))
    };
    ledger.iter().map(entry).collect()
}
