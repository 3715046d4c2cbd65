//! The slips of this run, kept as documents and drawn when somebody looks.

use std::sync::Mutex;

use countertop_device::document::Document;

/// Keeps the newest slips.
#[derive(Debug, Default)]
pub(crate) struct Slips(Mutex<Kept>);

#[derive(Debug, Default)]
struct Kept {
    slips: Vec<Document>,
    dropped: usize,
}

impl Slips {
    /// How many slips are kept; older ones can be printed again from the journal.
    pub(crate) const LIMIT: usize = 200;

    /// Adds a slip and returns its number, from 1.
    pub(crate) fn add(&self, slip: &Document) -> usize {
        let mut kept = self.lock();
        kept.slips.push(slip.clone());
        if kept.slips.len() > Self::LIMIT {
            kept.slips.remove(0);
            kept.dropped += 1;
        }
        kept.dropped + kept.slips.len()
    }

    /// Returns slip `id` if it is still kept.
    pub(crate) fn get(&self, id: usize) -> Option<Document> {
        let kept = self.lock();
        let place = id.checked_sub(kept.dropped + 1)?;
        kept.slips.get(place).cloned()
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Kept> {
        // A panic elsewhere leaves the list whole: each change is one push.
        self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_stay_when_old_slips_go() {
        let slips = Slips::default();
        for number in 1..=Slips::LIMIT + 5 {
            let mut slip = Document::new();
            slip.line(number.to_string());
            assert_eq!(slips.add(&slip), number);
        }
        assert_eq!(slips.get(0), None);
        assert_eq!(slips.get(5), None);
        let mut sixth = Document::new();
        sixth.line("6");
        assert_eq!(slips.get(6), Some(sixth));
        assert_eq!(slips.get(Slips::LIMIT + 6), None);
    }
}
