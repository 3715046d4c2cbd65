//! Faults by chance, the same for the same seed.

use super::{Fault, FaultKind, FaultTrigger};

impl Fault {
    /// Returns a fault that `seed` decides: any kind, after up to `bytes` bytes, `bytes` / 16
    /// commands or `rows` rows. The same numbers give the same fault.
    #[must_use]
    pub fn random(seed: u64, bytes: u64, rows: u64) -> Self {
        let mut chance = Chance::new(seed);
        let kinds = FaultKind::ALL;
        let kind = kinds[usize::try_from(chance.below(kinds.len() as u64)).unwrap_or(0)];
        let trigger = match chance.below(3) {
            0 => FaultTrigger::Byte(chance.below(bytes + 1)),
            1 => FaultTrigger::Command(chance.below(bytes / 16 + 1)),
            _ => FaultTrigger::Rows(chance.below(rows + 1)),
        };
        Self::new(kind).at(trigger)
    }
}

/// Is SplitMix64, which gives good numbers from any seed.
#[derive(Debug, Clone)]
pub(in crate::printer) struct Chance(u64);

impl Chance {
    pub(in crate::printer) fn new(seed: u64) -> Self {
        Self(seed)
    }

    pub(in crate::printer) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    /// Returns a number below `limit`, which is not nought.
    pub(in crate::printer) fn below(&mut self, limit: u64) -> u64 {
        self.next() % limit.max(1)
    }
}
