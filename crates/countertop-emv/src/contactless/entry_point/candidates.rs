//! The candidate list (EMV Book B, clause 3.3.2.5 to 3.3.3).

use super::{Combination, Entry};
use crate::contactless::KernelId;
use crate::contactless::kernels;

/// Is what card and reader have in common, the best first.
#[derive(Debug)]
pub(super) struct Candidates<'a>(std::vec::IntoIter<(&'a Entry, &'a Combination<'a>)>);

impl<'a> Candidates<'a> {
    /// Combines the card's applications with the reader's, in the card's order of priority, as far
    /// as there is a kernel.
    pub(super) fn new(entries: &'a [Entry], allowed: &'a [Combination<'a>]) -> Self {
        let best = |entry: &'a Entry| {
            let fitting = allowed.iter().filter(|combination| combination.fits(entry));
            Some((entry, fitting.max_by_key(|combination| combination.application.aid.len())?))
        };
        let mut candidates: Vec<_> = entries.iter().filter_map(best).collect();
        // Stable: the order of the directory decides between equals.
        candidates.sort_by_key(|(entry, _)| entry.rank());
        Self(candidates.into_iter())
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.as_slice().is_empty()
    }
}

impl<'a> Iterator for Candidates<'a> {
    type Item = (&'a Entry, &'a Combination<'a>);

    fn next(&mut self) -> Option<Self::Item> {
        self.0.next()
    }
}

impl Combination<'_> {
    fn fits(&self, entry: &Entry) -> bool {
        let kernel = entry.kernel == KernelId::ANY || entry.kernel == self.kernel;
        kernel && kernels::is_there(self.kernel) && self.application.matches(&entry.aid)
    }

    /// Returns the name for SELECT: with Extended Selection (`9F29`) where the reader supports it
    /// (EMV Book B, requirement 3.3.3.3).
    pub(super) fn name(&self, entry: &Entry) -> Vec<u8> {
        let extension =
            if self.limits.extended_selection { entry.extension.as_slice() } else { &[] };
        let name = [entry.aid.as_slice(), extension].concat();
        if name.len() <= 16 { name } else { entry.aid.clone() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contactless::qualifiers::TerminalQualifiers;
    use crate::parameters::{ApplicationParameters, ContactlessParameters};

    const DEBIT: [u8; 8] = [0xA0, 0, 0, 0x03, 0x33, 1, 1, 1];

    fn entry(kernel: u32, priority: u8) -> Entry {
        Entry {
            aid: DEBIT.to_vec(),
            label: None,
            priority,
            kernel: KernelId(kernel),
            extension: vec![0x77],
        }
    }

    #[test]
    fn priority_decides_then_the_cards_order() {
        let application = ApplicationParameters::new(&DEBIT[..5], [0, 0x20]);
        let limits = ContactlessParameters::new(1, 1, [0; 4]);
        let ttq = TerminalQualifiers([0; 4]);
        let kernel = KernelId::UNIONPAY;
        let allowed = [Combination { application: &application, limits: &limits, kernel, ttq }];
        let entries =
            [entry(7, 0), entry(7, 2), entry(0, 2), entry(3, 1), entry(0x81_0156, 1), entry(7, 0)];
        let candidates = Candidates::new(&entries, &allowed);
        assert!(!candidates.is_empty());
        let order: Vec<_> = candidates.map(|(entry, _)| (entry.kernel.0, entry.priority)).collect();
        assert_eq!(order, [(7, 2), (0, 2), (7, 0), (7, 0)]);
    }

    #[test]
    fn the_extension_is_for_those_who_know_it() {
        let application = ApplicationParameters::new(&DEBIT[..5], [0, 0x20]);
        let mut limits = ContactlessParameters::new(1, 1, [0; 4]);
        let ttq = TerminalQualifiers([0; 4]);
        let kernel = KernelId::UNIONPAY;
        let combination = Combination { application: &application, limits: &limits, kernel, ttq };
        assert_eq!(combination.name(&entry(7, 1)), [&DEBIT[..], &[0x77]].concat());
        let long = Entry { extension: vec![0; 9], ..entry(7, 1) };
        assert_eq!(combination.name(&long), DEBIT);
        limits.extended_selection = false;
        let combination = Combination { application: &application, limits: &limits, kernel, ttq };
        assert_eq!(combination.name(&entry(7, 1)), DEBIT);
    }
}
