//! The journal against the host's ledger.

use std::collections::BTreeMap;

use countertop_acquirer::TransactionKind;
use countertop_terminal::journal::{Journal, TransactionRecord, TransactionState};
use countertop_virtual::acquirer::{EntryKind, EntryState, LedgerEntry};

/// Is what both sides have to agree on: batch and number, kind, amount, whether it was voided.
type Standing = BTreeMap<(u32, u32), (&'static str, u64, bool)>;

/// Fails unless journal and ledger hold the same money, and nothing is unresolved.
pub(crate) fn agree(journal: &Journal, ledger: &[LedgerEntry]) {
    let records = records(journal);
    let unresolved: Vec<_> = records.iter().filter(|record| unresolved(record)).collect();
    assert!(unresolved.is_empty(), "{unresolved:?}");
    assert_eq!(of_journal(&records), of_ledger(&records, ledger), "journal and ledger differ");
    for entry in ledger.iter().filter(|entry| entry.state == EntryState::Reversed) {
        let ours = records.iter().find(|record| key(record) == (entry.batch, entry.stan));
        if let Some(ours) = ours {
            assert_eq!(ours.state, TransactionState::Reversed, "{ours:?}");
        }
    }
}

/// Returns the transactions of the open batch, and of the one that was settled last.
pub(crate) fn records(journal: &Journal) -> Vec<TransactionRecord> {
    let settled = journal.settlement_report().unwrap();
    let mut records: Vec<_> = settled.map(|report| report.transactions).unwrap_or_default();
    let open = journal.transactions().unwrap();
    records.retain(|record| open.iter().all(|other| key(other) != key(record)));
    records.extend(open);
    records
}

fn unresolved(record: &TransactionRecord) -> bool {
    record.unresolved() || record.state == TransactionState::Pending
}

fn key(record: &TransactionRecord) -> (u32, u32) {
    (record.batch.get(), record.stan.get())
}

fn of_journal(records: &[TransactionRecord]) -> Standing {
    let standing = |record: &&TransactionRecord| {
        matches!(record.state, TransactionState::Approved | TransactionState::Voided)
    };
    let entry = |record: &TransactionRecord| {
        let kind = if record.kind == TransactionKind::Void { "void" } else { "sale" };
        let voided = record.state == TransactionState::Voided;
        (key(record), (kind, record.amount.minor(), voided))
    };
    records.iter().filter(standing).map(entry).collect()
}

/// Of the batches that the journal still holds.
fn of_ledger(records: &[TransactionRecord], ledger: &[LedgerEntry]) -> Standing {
    let oldest = records.iter().map(|record| record.batch.get()).min().unwrap_or(u32::MAX);
    let entry = |entry: &LedgerEntry| {
        let kind = if entry.kind == EntryKind::Void { "void" } else { "sale" };
        let voided = entry.state == EntryState::Voided;
        ((entry.batch, entry.stan), (kind, entry.amount, voided))
    };
    let held = ledger.iter().filter(|it| it.batch >= oldest && it.state != EntryState::Reversed);
    held.map(entry).collect()
}
