//! Chance that can be repeated.

/// Names the environment variable that sets the seed of a run.
const VARIABLE: &str = "CONFORMANCE_SEED";

/// Is the seed when the environment sets none.
const DEFAULT: u64 = 0x5eed;

/// Returns the seed of this run.
pub(crate) fn seed() -> u64 {
    let given = std::env::var(VARIABLE).ok();
    given.and_then(|text| text.parse().ok()).unwrap_or(DEFAULT)
}

/// Is the generator of Steele, Lea and Flood (2014).
#[derive(Debug)]
pub(crate) struct Random(u64);

impl Random {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ self.0 >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ mixed >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ mixed >> 31
    }

    /// Returns a number from 0 to `bound - 1`; nought when there is none.
    pub(crate) fn below(&mut self, bound: usize) -> usize {
        let bound = u64::try_from(bound).unwrap_or(u64::MAX).max(1);
        usize::try_from(self.next() % bound).unwrap_or(0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn repeats_itself() {
        let draw = |seed| {
            let mut random = Random::new(seed);
            [(); 20].map(|()| random.below(100))
        };
        assert_eq!(draw(7), draw(7));
        assert_ne!(draw(7), draw(8));
        assert!(draw(7).iter().all(|&number| number < 100));
        assert_eq!(Random::new(1).below(0), 0);
    }
}
