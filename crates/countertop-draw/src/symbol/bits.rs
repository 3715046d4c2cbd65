//! Runs of bits and bars.

use crate::Bitmap;

/// Modules of a thick element, in a code with two widths.
const THICK: usize = 3;

/// Is the modules of a linear code from left to right; `true` is a bar.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Bars {
    modules: Vec<bool>,
    /// Whether there are thin and thick elements alone, of one and of three modules.
    two_widths: bool,
}

impl Bars {
    /// Takes bars from modules.
    pub(super) fn from_modules(modules: impl IntoIterator<Item = bool>) -> Self {
        Self { modules: modules.into_iter().collect(), two_widths: false }
    }

    /// Makes thin elements of single modules, and thick ones of several.
    pub(super) fn with_two_widths(self) -> Self {
        let elements = self.modules.chunk_by(|one, other| one == other);
        let element = |run: &[bool]| vec![run[0]; if run.len() > 1 { THICK } else { 1 }];
        Self { modules: elements.flat_map(element).collect(), two_widths: true }
    }

    /// Appends elements of these widths, of which the first is a bar or not.
    pub(super) fn extend_widths(&mut self, widths: &[u8], first: bool) {
        let mut black = first;
        for width in widths {
            self.modules.extend(core::iter::repeat_n(black, usize::from(*width)));
            black = !black;
        }
    }

    /// Tells whether there is a bar; outside there is none.
    pub(super) fn is_bar(&self, x: usize) -> bool {
        self.modules.get(x).copied().unwrap_or(false)
    }

    /// Returns the number of modules. No module takes more dots than its width, whatever that is.
    #[must_use]
    pub fn width(&self) -> usize {
        self.modules.len()
    }

    /// Returns the bars, one dot high and a dot a module.
    pub(super) fn to_bitmap(&self) -> Bitmap {
        self.drawn(1, 1)
    }

    /// Returns the bars with modules of so many dots. Of a code with two widths a thick element has two
    /// and a half times the dots of a thin one, rounded up (Epson's table of GS w).
    #[must_use]
    pub fn drawn(&self, module: usize, height: usize) -> Bitmap {
        let thick = (5 * module).div_ceil(2);
        let dots = |run: &[bool]| match self.two_widths && run.len() > 1 {
            true => thick,
            false => run.len() * module,
        };
        let elements = || self.modules.chunk_by(|one, other| one == other);
        let mut out = Bitmap::new(elements().map(dots).sum(), height);
        let mut x = 0;
        for run in elements() {
            if run[0] {
                out.fill(x, 0, dots(run), height);
            }
            x += dots(run);
        }
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
