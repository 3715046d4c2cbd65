//! Chance that can be repeated.

use std::time::{SystemTime, UNIX_EPOCH};

/// Is a source of numbers that look random and follow from a seed (SplitMix64).
#[derive(Debug)]
pub(crate) struct Chance(u64);

impl Chance {
    /// Takes the seed from the environment variable `COUNTERTOP_SEED`, else a new one, and says which.
    pub(crate) fn seeded() -> Self {
        let given = std::env::var("COUNTERTOP_SEED").ok().and_then(|seed| seed.parse().ok());
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
        let seed = given.unwrap_or_else(|| u64::from(now.subsec_nanos()) | now.as_secs() << 32);
        println!("seed {seed}: COUNTERTOP_SEED={seed} repeats the choices");
        Self(seed)
    }

    pub(crate) fn below(&mut self, end: usize) -> usize {
        usize::try_from(self.next() % u64::try_from(end).unwrap()).unwrap()
    }

    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }
}
