//! Settlement and batch upload.

use countertop_wire::iso8583::Message;
use countertop_wire::unionpay::{SettlementSide, SettlementTotals, parse_batch};

use super::answer::approve;
use super::clock::Moment;
use super::financial::information;
use super::host::{Host, Refusal};
use super::{EntryKind, EntryState, LedgerEntry};

/// Says how an uploaded batch compares with the ledger.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Reconciliation {
    /// Terminal identification.
    pub terminal_id: String,
    /// Batch number.
    pub batch: u32,
    /// Trace numbers that the terminal uploaded and the host has not booked.
    pub missing_at_host: Vec<u32>,
    /// Trace numbers of sales that stand at the host and were not uploaded.
    pub missing_at_terminal: Vec<u32>,
    /// Trace numbers that both have, with different amounts.
    pub differing: Vec<u32>,
}

impl Host {
    /// Compares totals; a batch that balances on both sides is closed. A settlement can be
    /// repeated.
    pub(super) fn settle(&mut self, message: &Message, now: &Moment) -> Result<Message, Refusal> {
        let terminal = message.text(41).ok_or(Refusal::FORMAT)?;
        let batch = information(message)?.batch;
        let digits = message.text(48).ok_or(Refusal::FORMAT)?;
        let claimed: SettlementTotals = digits.parse().map_err(|_| Refusal::FORMAT)?;
        let booked = self.ledger.totals(terminal, batch);
        let totals = SettlementTotals {
            domestic: flagged(&claimed.domestic, &booked.domestic),
            foreign: flagged(&claimed.foreign, &booked.foreign),
        };
        if totals.domestic.flag == 1 && totals.foreign.flag == 1 {
            self.close(terminal, batch);
        }
        let rrn = self.next_rrn(now);
        let digits = totals.digits().map_err(|_| Refusal::FORMAT)?;
        Ok(approve(message, now, &rrn)?.with(48, digits)?)
    }

    /// Takes transactions of an upload; the last message has their number and closes the batch. An
    /// upload can be repeated whole.
    pub(super) fn upload(&mut self, message: &Message, now: &Moment) -> Result<Message, Refusal> {
        let terminal = message.text(41).ok_or(Refusal::FORMAT)?;
        let information = information(message)?;
        let digits = message.text(48).ok_or(Refusal::FORMAT)?;
        match information.management {
            201 => {
                let entries = parse_batch(digits).map_err(|_| Refusal::FORMAT)?;
                let state = self.terminals.entry(terminal.into()).or_default();
                state.uploaded.extend(entries.into_iter().map(|entry| (entry.stan, entry)));
            }
            202 | 207 => self.end_upload(terminal, information.batch, digits)?,
            _ => return Err(Refusal::NOT_SUPPORTED),
        }
        let rrn = self.next_rrn(now);
        Ok(approve(message, now, &rrn)?)
    }

    fn end_upload(&mut self, terminal: &str, batch: u32, count: &str) -> Result<(), Refusal> {
        let state = self.terminals.entry(terminal.into()).or_default();
        if state.closed.contains(&batch) {
            return Ok(());
        }
        if count.parse() != Ok(state.uploaded.len()) {
            return Err(Refusal::FORMAT);
        }
        let reconciliation = self.reconcile(terminal, batch);
        self.reconciliations.push(reconciliation);
        self.close(terminal, batch);
        Ok(())
    }

    fn reconcile(&self, terminal: &str, batch: u32) -> Reconciliation {
        let uploaded = self.terminals.get(terminal).map(|state| &state.uploaded);
        let uploaded = || uploaded.into_iter().flatten();
        let booked: Vec<&LedgerEntry> = self.ledger.of_batch(terminal, batch).collect();
        let booking = |stan: u32| {
            let standing = |entry: &&&LedgerEntry| entry.state != EntryState::Reversed;
            booked.iter().filter(standing).find(|entry| entry.stan == stan)
        };
        let must = |entry: &&&LedgerEntry| {
            entry.kind == EntryKind::Sale && entry.state == EntryState::Approved
        };
        let absent = |stan: &u32| uploaded().all(|(uploaded, _)| uploaded != stan);
        let differs = |(stan, amount)| booking(stan).is_some_and(|entry| entry.amount != amount);
        let amounts = uploaded().map(|(stan, entry)| (*stan, entry.amount));
        Reconciliation {
            terminal_id: terminal.into(),
            batch,
            missing_at_host: uploaded()
                .map(|(stan, _)| *stan)
                .filter(|stan| booking(*stan).is_none())
                .collect(),
            missing_at_terminal: booked
                .iter()
                .filter(must)
                .map(|entry| entry.stan)
                .filter(absent)
                .collect(),
            differing: amounts.filter(|pair| differs(*pair)).map(|(stan, _)| stan).collect(),
        }
    }

    fn close(&mut self, terminal: &str, batch: u32) {
        let state = self.terminals.entry(terminal.into()).or_default();
        state.uploaded.clear();
        state.closed.insert(batch);
        // Batch numbers come round: the one to be used next must be open.
        let next = batch % 999_999 + 1;
        state.closed.remove(&next);
        state.batch = Some(next);
    }
}

/// Returns the terminal's totals with the host's verdict.
fn flagged(claimed: &SettlementSide, booked: &SettlementSide) -> SettlementSide {
    let equal = SettlementSide { flag: booked.flag, ..*claimed } == *booked;
    SettlementSide { flag: if equal { 1 } else { 2 }, ..*claimed }
}
