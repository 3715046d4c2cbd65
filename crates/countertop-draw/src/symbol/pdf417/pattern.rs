//! Bars and spaces of a row's code words.

/// Bars and spaces of each code word in the three clusters, as 16 bits after a first bar of one
/// module, most significant byte first (annex A of the standard).
const PATTERNS: &[u8; 3 * WORDS * 2] = include_bytes!("patterns.bin");
const WORDS: usize = 929;

const START: u32 = 0b1_1111_1110_1010_1000;
const STOP: u32 = 0b11_1111_1010_0010_1001;

/// Is the modules of a row under construction.
#[derive(Debug)]
pub(in crate::symbol) struct Row {
    cluster: usize,
    modules: Vec<bool>,
}

impl Row {
    /// Begins a row of a cluster, 0 to 2.
    pub(in crate::symbol) fn new(cluster: usize) -> Self {
        Self { cluster, modules: Vec::new() }
    }

    pub(super) fn start(&mut self) {
        self.push(START, 17);
    }

    pub(super) fn stop(&mut self) {
        self.push(STOP, 18);
    }

    pub(in crate::symbol) fn bar(&mut self) {
        self.push(1, 1);
    }

    pub(in crate::symbol) fn word(&mut self, word: usize) {
        self.push(pattern(self.cluster, word), 17);
    }

    pub(in crate::symbol) fn modules(&self) -> &[bool] {
        &self.modules
    }

    /// Appends the lowest `count` bits of `value` as modules.
    pub(in crate::symbol) fn push(&mut self, value: u32, count: u32) {
        self.modules.extend((0..count).rev().map(|bit| value >> bit & 1 == 1));
    }
}

fn pattern(cluster: usize, word: usize) -> u32 {
    let at = (cluster * WORDS + word) * 2;
    let bytes = PATTERNS.get(at..at + 2).unwrap_or(&[0, 0]);
    bytes.iter().fold(1, |bits, byte| bits << 8 | u32::from(*byte))
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    /// Clause 5.3.1: four bars and four spaces of one to six modules, and the cluster's number is
    /// (b1 − b2 + b3 − b4 + 9) mod 9.
    #[test]
    fn patterns_are_of_their_cluster() {
        let mut seen = HashSet::new();
        for (cluster, word) in
            (0..3).flat_map(|cluster| (0..WORDS).map(move |word| (cluster, word)))
        {
            let bits = pattern(cluster, word);
            let modules: Vec<bool> = (0..17).rev().map(|bit| bits >> bit & 1 == 1).collect();
            let runs: Vec<usize> =
                modules.chunk_by(|one, other| one == other).map(<[bool]>::len).collect();
            let [b1, _, b2, _, b3, _, b4, _] = runs[..] else { panic!("{runs:?}") };
            assert!(runs.iter().all(|run| (1..=6).contains(run)));
            assert_eq!((b1 + b3 + 9 - b2 - b4) % 9, cluster * 3);
            assert!(seen.insert(bits));
        }
    }
}
