//! Runs of bits and bars.

use crate::Bitmap;

/// Is the modules of a linear code from left to right; `true` is a bar.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Bars(Vec<bool>);

impl Bars {
    /// Takes bars from modules.
    pub(super) fn from_modules(modules: impl IntoIterator<Item = bool>) -> Self {
        Self(modules.into_iter().collect())
    }

    /// Appends elements of these widths, of which the first is a bar or not.
    pub(super) fn extend_widths(&mut self, widths: &[u8], first: bool) {
        let mut black = first;
        for width in widths {
            self.0.extend(core::iter::repeat_n(black, usize::from(*width)));
            black = !black;
        }
    }

    /// Tells whether there is a bar; outside there is none.
    pub(super) fn is_bar(&self, x: usize) -> bool {
        self.0.get(x).copied().unwrap_or(false)
    }

    /// Returns the number of modules.
    #[must_use]
    pub fn width(&self) -> usize {
        self.0.len()
    }

    /// Returns the bars, one dot high.
    #[must_use]
    pub fn to_bitmap(&self) -> Bitmap {
        let mut out = Bitmap::new(self.0.len(), 1);
        let bars = self.0.iter().enumerate().filter(|(_, bar)| **bar);
        bars.for_each(|(x, _)| out.blacken(x, 0));
        out
    }
}

/// Is a linear code with what stands readable beside it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LinearCode {
    /// Its bars, without quiet zones.
    pub bars: Bars,
    /// What a person reads (human readable interpretation).
    pub text: String,
}

/// Is a run of bits, most significant first.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Bits(Vec<bool>);

impl Bits {
    /// Appends the lowest `count` bits of `value`.
    pub(super) fn push(&mut self, value: u32, count: u32) {
        self.0.extend((0..count).rev().map(|bit| value >> bit & 1 == 1));
    }

    pub(super) fn len(&self) -> usize {
        self.0.len()
    }

    pub(super) fn as_slice(&self) -> &[bool] {
        &self.0
    }

    pub(super) fn get(&self, index: usize) -> bool {
        self.0.get(index).copied().unwrap_or(false)
    }

    pub(super) fn set(&mut self, index: usize, value: bool) {
        if let Some(bit) = self.0.get_mut(index) {
            *bit = value;
        }
    }

    pub(super) fn truncate(&mut self, length: usize) {
        self.0.truncate(length);
    }

    pub(super) fn extend(&mut self, other: &Self) {
        self.0.extend_from_slice(&other.0);
    }

    /// Returns the bits in words of `size`, the last one filled up with noughts.
    pub(super) fn words(&self, size: usize) -> Vec<u32> {
        let word = |bits: &[bool]| {
            (0..size).fold(0, |word, at| word << 1 | u32::from(bits.get(at) == Some(&true)))
        };
        self.0.chunks(size).map(word).collect()
    }
}
