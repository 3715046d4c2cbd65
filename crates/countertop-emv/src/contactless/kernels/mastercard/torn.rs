//! The log of torn transactions (Book C-2, clause 3.7 and annex A.1.188).

use core::fmt;
use core::time::Duration;

use countertop_device::Sensitive;
use countertop_wire::tlv::Tag;
use sha1::{Digest as _, Sha1};

use super::Control;
use crate::contactless::ContactlessCvm;
use crate::parameters::Kernel2Parameters;
use crate::{CvmResults, TerminalVerificationResults};

/// Names the card of a record without telling its number. It shows nothing: who knows most of a number can
/// find out the rest from a digest.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct CardDigest([u8; 20]);

impl fmt::Debug for CardDigest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("CardDigest")
    }
}

/// Remembers transactions whose card left while it made its cryptogram, the newest last.
#[derive(Debug, Default)]
pub(in crate::contactless) struct TornLog {
    records: Vec<TornRecord>,
    capacity: usize,
}

/// Is a torn transaction: everything that its cryptogram was, or would have been, made over.
#[derive(Debug, Clone)]
pub(super) struct TornRecord {
    pub(super) card: CardDigest,
    pub(super) at: Duration,
    pub(super) pdol_data: Sensitive,
    pub(super) cdol_data: Sensitive,
    pub(super) drdol_data: Sensitive,
    pub(super) control: Control,
    pub(super) tvr: TerminalVerificationResults,
    pub(super) cvm: ContactlessCvm,
    pub(super) cvm_results: CvmResults,
    pub(super) capabilities: [u8; 3],
    pub(super) receipt: bool,
    /// What the terminal said.
    pub(super) terminal: Vec<(Tag, Vec<u8>)>,
}

/// Returns the digest of a card's number and sequence number.
pub(super) fn digest(pan: &[u8], sequence: Option<&[u8]>) -> CardDigest {
    let digest = Sha1::new().chain_update(pan).chain_update(sequence.unwrap_or_default());
    CardDigest(digest.finalize().into())
}

impl TornLog {
    /// Takes the configuration over and forgets what is too old.
    pub(super) fn configure(&mut self, configuration: &Kernel2Parameters, now: Duration) {
        self.capacity = configuration.torn_records.into();
        let lifetime = configuration.torn_lifetime();
        self.records.retain(|record| now.saturating_sub(record.at) <= lifetime);
        self.make_room(0);
    }

    pub(super) fn is_off(&self) -> bool {
        self.capacity == 0
    }

    /// Returns how many transactions are remembered.
    pub(in crate::contactless) fn len(&self) -> usize {
        self.records.len()
    }

    pub(super) fn find(&self, card: &CardDigest) -> Option<&TornRecord> {
        self.records.iter().rev().find(|record| record.card == *card)
    }

    pub(super) fn forget(&mut self, card: &CardDigest) {
        self.records.retain(|record| record.card != *card);
    }

    /// Remembers a transaction; the oldest makes room, and an older one of the same card.
    pub(super) fn add(&mut self, record: TornRecord) {
        self.forget(&record.card);
        self.make_room(1);
        if !self.is_off() {
            self.records.push(record);
        }
    }

    fn make_room(&mut self, places: usize) {
        let kept = self.capacity.saturating_sub(places);
        let surplus = self.records.len().saturating_sub(kept);
        self.records.drain(..surplus);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record(card: u8, at: u64) -> TornRecord {
        TornRecord {
            card: digest(&[card], Some(&[1])),
            at: Duration::from_secs(at),
            pdol_data: Sensitive::default(),
            cdol_data: Sensitive::default(),
            drdol_data: Sensitive::default(),
            control: Control::default(),
            tvr: TerminalVerificationResults::default(),
            cvm: ContactlessCvm::None,
            cvm_results: CvmResults([0; 3]),
            capabilities: [0; 3],
            receipt: false,
            terminal: Vec::new(),
        }
    }

    fn configuration(records: u8) -> Kernel2Parameters {
        Kernel2Parameters { torn_records: records, torn_lifetime_s: 10, ..Default::default() }
    }

    #[test]
    fn the_oldest_makes_room() {
        let mut log = TornLog::default();
        log.configure(&configuration(2), Duration::ZERO);
        for card in [1, 2, 2, 3] {
            log.add(record(card, 0));
        }
        assert_eq!(log.len(), 2);
        assert!(log.find(&digest(&[1], Some(&[1]))).is_none());
        assert!(log.find(&digest(&[3], Some(&[1]))).is_some());
        assert!(log.find(&digest(&[3], None)).is_none());
        log.forget(&digest(&[3], Some(&[1])));
        assert_eq!(log.len(), 1);
    }

    #[test]
    fn age_and_configuration_empty_it() {
        let mut log = TornLog::default();
        log.add(record(1, 0));
        assert_eq!(log.len(), 0, "off");
        log.configure(&configuration(2), Duration::ZERO);
        log.add(record(1, 5));
        log.configure(&configuration(2), Duration::from_secs(15));
        assert_eq!(log.len(), 1);
        log.configure(&configuration(2), Duration::from_secs(16));
        assert_eq!(log.len(), 0);
        log.add(record(1, 16));
        log.configure(&configuration(0), Duration::from_secs(16));
        assert!(log.is_off() && log.len() == 0);
    }
}
