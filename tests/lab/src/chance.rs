//! Chance that can be repeated.

use std::time::Duration;

/// Is a source of numbers that look random and follow from a seed (SplitMix64).
#[derive(Debug)]
pub(crate) struct Chance(u64);

impl Chance {
    /// Takes the seed from the environment variable `LAB_SEED`, else a new one, and says which.
    pub(crate) fn seeded() -> Self {
        let given = std::env::var("LAB_SEED").ok().and_then(|seed| seed.parse().ok());
        let seed = given.unwrap_or_else(|| getrandom::u64().unwrap_or(1));
        println!("seed {seed}: LAB_SEED={seed} repeats the choices");
        Self(seed)
    }

    /// Returns another source, which follows from this one.
    pub(crate) fn another(&mut self) -> Self {
        Self(self.next())
    }

    /// Returns a time below `end` milliseconds.
    pub(crate) fn pause(&mut self, end: u64) -> Duration {
        Duration::from_micros(self.next() % (end * 1000))
    }

    /// Returns a number below `end`.
    pub(crate) fn below(&mut self, end: usize) -> usize {
        usize::try_from(self.next()).unwrap_or(0) % end.max(1)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }
}
