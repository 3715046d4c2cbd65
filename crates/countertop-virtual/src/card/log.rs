//! The log of approved transactions (EMV Book 3, annex D).

use std::collections::VecDeque;

use countertop_wire::tlv::{Dol, tags};

use super::session::TerminalData;

/// The log's short file identifier and how many records it holds: the value of `9F4D`.
pub(super) const LOG_ENTRY: [u8; 2] = [11, 10];

/// Is the card's log; the newest record is the first.
#[derive(Clone, Default)]
pub(super) struct TransactionLog {
    records: VecDeque<Vec<u8>>,
}

impl TransactionLog {
    /// Returns what a record holds: the value of `9F4F`.
    pub(super) fn format() -> Dol {
        Dol::new([
            (tags::TRANSACTION_DATE, 3),
            (tags::AMOUNT_AUTHORISED, 6),
            (tags::AMOUNT_OTHER, 6),
            (tags::TERMINAL_COUNTRY_CODE, 2),
            (tags::TRANSACTION_CURRENCY_CODE, 2),
            (tags::TRANSACTION_TYPE, 1),
            (tags::APPLICATION_TRANSACTION_COUNTER, 2),
        ])
    }

    /// Adds a record; the oldest one makes room.
    pub(super) fn add(&mut self, terminal: &TerminalData<'_>, counter: u16) {
        let counter = counter.to_be_bytes();
        let record = Self::format().answer(|tag| match tag {
            tags::APPLICATION_TRANSACTION_COUNTER => Some(counter.to_vec()),
            _ => terminal.get(tag).map(<[u8]>::to_vec),
        });
        self.records.push_front(record);
        self.records.truncate(LOG_ENTRY[1].into());
    }

    /// Returns a record by its number, from 1.
    pub(super) fn record(&self, number: u8) -> Option<Vec<u8>> {
        self.records.get(usize::from(number.checked_sub(1)?)).cloned()
    }
}
