//! Signatures that the pad keeps until their upload is confirmed.

use std::collections::VecDeque;

use countertop_wire::sign_pad::{Response, Sequence, StorageStatus};

/// Signatures that fit.
const CAPACITY: usize = 100;

/// Outcome of an upload with which the pad deletes the signature.
const UPLOADED: u8 = 0x00;

/// Holds signatures, the oldest first.
#[derive(Default)]
pub(super) struct Store {
    last: Sequence,
    unsent: Option<(Sequence, Vec<u8>)>,
    kept: VecDeque<(Sequence, Vec<u8>)>,
}

impl Store {
    /// Numbers a new signature and remembers it until its upload is reported.
    pub(super) fn number(&mut self, picture: &[u8]) -> Sequence {
        self.last = self.last.next();
        self.unsent = Some((self.last, picture.to_vec()));
        self.last
    }

    /// Deletes or keeps the signature whose upload is reported.
    pub(super) fn report(&mut self, sequence: Sequence, outcome: u8) -> StorageStatus {
        let Some(signature) = self.unsent.take_if(|(number, _)| *number == sequence) else {
            return StorageStatus::Failed;
        };
        match self.kept.len() {
            _ if outcome == UPLOADED => return StorageStatus::Deleted,
            CAPACITY.. => return StorageStatus::Failed,
            _ => self.kept.push_back(signature),
        }
        let nearly_full = self.kept.len() > CAPACITY - 10;
        if nearly_full { StorageStatus::StoredNearlyFull } else { StorageStatus::Stored }
    }

    /// Returns the oldest signature kept, or that there is none.
    pub(super) fn oldest(&self) -> Response {
        let left = u8::try_from(self.kept.len()).unwrap_or(u8::MAX);
        let (sequence, data) = self.kept.front().cloned().unwrap_or_default();
        Response::Batch { left, sequence, data }
    }

    /// Deletes a signature kept.
    pub(super) fn delete(&mut self, sequence: Sequence) {
        self.kept.retain(|(number, _)| *number != sequence);
    }
}

impl core::fmt::Debug for Store {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "Store({} kept)", self.kept.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keeps_what_was_not_uploaded() {
        let mut store = Store::default();
        let first = store.number(&[1]);
        assert_eq!(store.report(first, 0), StorageStatus::Deleted);
        assert_eq!(store.report(first, 0), StorageStatus::Failed);
        let second = store.number(&[2]);
        assert_eq!(store.report(second, 1), StorageStatus::Stored);
        assert_eq!(store.oldest(), Response::Batch { left: 1, sequence: second, data: vec![2] });
        store.delete(second);
        assert!(matches!(store.oldest(), Response::Batch { left: 0, .. }));
    }

    #[test]
    fn is_bounded() {
        let mut store = Store::default();
        let mut statuses = Vec::new();
        for _ in 0..=CAPACITY {
            let sequence = store.number(&[0]);
            statuses.push(store.report(sequence, 1));
        }
        assert_eq!(statuses[89], StorageStatus::Stored);
        assert_eq!(statuses[90], StorageStatus::StoredNearlyFull);
        assert_eq!(statuses[100], StorageStatus::Failed);
    }
}
