//! Reversals.

use countertop_wire::iso8583::Message;

use super::answer::approve;
use super::clock::Moment;
use super::financial::{information, stan};
use super::host::{Host, Refusal};
use super::{EntryKind, EntryState};

impl Host {
    /// Takes back the request with the same trace number. Doing so twice changes nothing.
    pub(super) fn reverse(&mut self, message: &Message, now: &Moment) -> Result<Message, Refusal> {
        message.get(39).ok_or(Refusal::FORMAT)?;
        let terminal = message.text(41).ok_or(Refusal::FORMAT)?;
        let batch = information(message)?.batch;
        let stan = stan(message).ok_or(Refusal::FORMAT)?;
        // A request that comes after its reversal must not be booked any more.
        self.ledger.take_number(terminal, batch, stan);
        let index = self.ledger.find(terminal, batch, stan).ok_or(Refusal::NOT_FOUND)?;
        let booking = self.ledger.get(index).ok_or(Refusal::NOT_FOUND)?;
        let amount = message.text(4).and_then(|amount| amount.parse::<u64>().ok());
        if amount != Some(booking.entry.amount) {
            return Err(Refusal(*b"64"));
        }
        match booking.entry.state {
            EntryState::Approved => self.take_back(index, terminal, batch)?,
            EntryState::Reversed => {}
            // Its void stands: there is nothing left to take back.
            EntryState::Voided => return Err(Refusal(*b"12")),
        }
        let rrn = self.next_rrn(now);
        Ok(approve(message, now, &rrn)?)
    }

    fn take_back(&mut self, index: usize, terminal: &str, batch: u32) -> Result<(), Refusal> {
        let Some(booking) = self.ledger.get(index) else { return Ok(()) };
        let (account, amount, kind) = (booking.account, booking.entry.amount, booking.entry.kind);
        let sale = booking.entry.original.and_then(|sale| self.ledger.find(terminal, batch, sale));
        self.ledger.set_state(index, EntryState::Reversed)?;
        match kind {
            EntryKind::Sale => self.give_back(account, amount),
            EntryKind::Void => {
                if let Some(sale) = sale {
                    self.ledger.set_state(sale, EntryState::Approved)?;
                }
                self.spend(account, amount);
            }
        }
        Ok(())
    }
}
