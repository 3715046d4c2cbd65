//! The books of the acquirer.

use std::collections::BTreeSet;
use std::io;

use countertop_wire::unionpay::{SettlementSide, SettlementTotals};
use serde::{Deserialize, Serialize};

use super::ledger_file::LedgerFile;

/// Is a booking.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct LedgerEntry {
    /// Terminal identification.
    pub terminal_id: String,
    /// Batch number.
    pub batch: u32,
    /// Trace number.
    pub stan: u32,
    /// Sale or void.
    pub kind: EntryKind,
    /// Amount in minor units.
    pub amount: u64,
    /// What became of it.
    pub state: EntryState,
    /// Card number, masked; `None` for a payment code.
    pub card: Option<String>,
    /// Whether the card is foreign.
    pub foreign: bool,
    /// Retrieval reference number.
    pub rrn: String,
    /// Authorisation code.
    pub authorization_code: String,
    /// Of a void, the trace number of the sale.
    pub original: Option<u32>,
}

/// Names what was booked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum EntryKind {
    /// A sale.
    Sale,
    /// A void of a sale.
    Void,
}

/// Says what became of a booking.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum EntryState {
    /// It stands.
    Approved,
    /// A reversal took it back: it counts for nothing.
    Reversed,
    /// A void undid it: both count, one as debit and one as credit.
    Voided,
}

/// Is a booking with what the masked entry does not say.
#[derive(Debug)]
pub(super) struct Booking {
    pub(super) entry: LedgerEntry,
    /// Index of the account.
    pub(super) account: Option<usize>,
}

/// Holds all bookings, in order.
#[derive(Debug, Default)]
pub(super) struct Ledger {
    bookings: Vec<Booking>,
    used: BTreeSet<(String, u32, u32)>,
    file: Option<LedgerFile>,
}

impl Ledger {
    pub(super) fn new(file: Option<LedgerFile>) -> Self {
        Self { file, ..Self::default() }
    }

    pub(super) fn entries(&self) -> Vec<LedgerEntry> {
        self.bookings.iter().map(|booking| booking.entry.clone()).collect()
    }

    /// Takes a trace number; tells whether it was free.
    pub(super) fn take_number(&mut self, terminal: &str, batch: u32, stan: u32) -> bool {
        self.used.insert((terminal.into(), batch, stan))
    }

    pub(super) fn find(&self, terminal: &str, batch: u32, stan: u32) -> Option<usize> {
        let same = |entry: &LedgerEntry| {
            (entry.terminal_id.as_str(), entry.batch, entry.stan) == (terminal, batch, stan)
        };
        self.bookings.iter().position(|booking| same(&booking.entry))
    }

    pub(super) fn get(&self, index: usize) -> Option<&Booking> {
        self.bookings.get(index)
    }

    /// Books an entry. On an error nothing is booked.
    pub(super) fn book(&mut self, booking: Booking) -> io::Result<()> {
        self.write(&booking.entry)?;
        self.bookings.push(booking);
        Ok(())
    }

    /// Changes what became of an entry. On an error nothing changes.
    pub(super) fn set_state(&mut self, index: usize, state: EntryState) -> io::Result<()> {
        let Some(booking) = self.bookings.get(index) else { return Ok(()) };
        let changed = LedgerEntry { state, ..booking.entry.clone() };
        self.write(&changed)?;
        self.bookings[index].entry = changed;
        Ok(())
    }

    pub(super) fn of_batch(
        &self,
        terminal: &str,
        batch: u32,
    ) -> impl Iterator<Item = &LedgerEntry> {
        let entries = self.bookings.iter().map(|booking| &booking.entry);
        entries.filter(move |entry| entry.terminal_id == terminal && entry.batch == batch)
    }

    /// Sums a batch as a settlement does.
    pub(super) fn totals(&self, terminal: &str, batch: u32) -> SettlementTotals {
        let mut totals = SettlementTotals::default();
        let standing = |entry: &&LedgerEntry| entry.state != EntryState::Reversed;
        for entry in self.of_batch(terminal, batch).filter(standing) {
            let side = if entry.foreign { &mut totals.foreign } else { &mut totals.domestic };
            add(side, entry);
        }
        totals
    }

    fn write(&mut self, entry: &LedgerEntry) -> io::Result<()> {
        self.file.as_mut().map_or(Ok(()), |file| file.write(entry))
    }
}

fn add(side: &mut SettlementSide, entry: &LedgerEntry) {
    let (amount, count) = match entry.kind {
        EntryKind::Sale => (&mut side.debit_amount, &mut side.debit_count),
        EntryKind::Void => (&mut side.credit_amount, &mut side.credit_count),
    };
    *amount = amount.saturating_add(entry.amount);
    *count = count.saturating_add(1);
}
