//! The two-dimensional component: CC-A, CC-B and CC-C.

use super::encodation::encode;
use super::micro::{self, SIZES_A, SIZES_B, Size};
use crate::Bitmap;
use crate::symbol::SymbolError;
use crate::symbol::bits::Bits;
use crate::symbol::pdf417::{bytes_to_words, check_words, rows};

/// Begins a CC-B and, after the length, a CC-C.
const LINKED: u16 = 920;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    A,
    B,
    C,
}

/// Is a component, each row one dot high.
#[derive(Debug)]
pub(super) struct Component {
    pub(super) kind: Kind,
    pub(super) rows: Bitmap,
    /// Modules of a row's height.
    pub(super) row_height: usize,
}

/// Encodes element strings in the smallest CC-A of so many columns, else in the smallest CC-B; `None`
/// when no one holds them.
pub(super) fn micro(strings: &[u8], columns: usize) -> Option<Result<Component, SymbolError>> {
    if let Some(found) = smallest(strings, columns, &SIZES_A, capacity_a) {
        return Some(found.map(|(bits, size)| drawn(Kind::A, size, base_928(&bits))));
    }
    let found = smallest(strings, columns, &SIZES_B, capacity_b)?;
    Some(found.map(|(bits, size)| drawn(Kind::B, size, words_b(&bits))))
}

/// Returns the bits in the smallest of the sizes that holds them.
fn smallest(
    strings: &[u8],
    columns: usize,
    sizes: &'static [Size],
    capacity: fn(usize) -> usize,
) -> Option<Result<(Bits, &'static Size), SymbolError>> {
    let of_columns = || sizes.iter().filter(|size| size.columns == columns);
    let holding = |length: usize| of_columns().find(|size| capacity(size.words()) >= length);
    encode(strings, holding, |size| capacity(size.words()))
}

fn drawn(kind: Kind, size: &Size, mut words: Vec<u16>) -> Component {
    words.extend(check_words(&words, size.correction));
    Component { kind, rows: micro::draw(size, &words, kind == Kind::A), row_height: 2 }
}

/// Returns the bits that words of base 928 hold: 69 each seven, and ten less one for what is over.
fn capacity_a(words: usize) -> usize {
    let over = words % 7;
    words / 7 * 69 + (over * 10).saturating_sub(1)
}

/// Returns the words of CC-A: numbers of 69 bits in seven digits of base 928.
fn base_928(bits: &Bits) -> Vec<u16> {
    let groups = bits.as_slice().chunks(69);
    groups.flat_map(|group| digits_928(group, group.len() / 10 + 1)).collect()
}

fn digits_928(bits: &[bool], count: usize) -> Vec<u16> {
    let mut number = bits.iter().fold(0_u128, |number, bit| number << 1 | u128::from(*bit));
    let mut digits: Vec<u16> = (0..count)
        .map(|_| {
            let digit = u16::try_from(number % 928).unwrap_or(0);
            number /= 928;
            digit
        })
        .collect();
    digits.reverse();
    digits
}

/// Returns the bits that fit in words of byte compaction, five for six bytes; one word says that a
/// linear code stands below, one begins the bytes.
fn capacity_b(words: usize) -> usize {
    bits_in(words.saturating_sub(2))
}

fn bits_in(words: usize) -> usize {
    8 * (words / 5 * 6 + words % 5)
}

fn words_b(bits: &Bits) -> Vec<u16> {
    let bytes: Vec<u8> =
        bits.words(8).into_iter().map(|byte| u8::try_from(byte).unwrap_or(0)).collect();
    let mut words = vec![LINKED];
    bytes_to_words(&bytes, &mut words);
    words
}

/// Is how large a CC-C is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct SizeC {
    columns: usize,
    rows: usize,
    level: usize,
}

impl SizeC {
    /// Words besides data: length, the one that says that a linear code stands below, and the one
    /// that begins the bytes.
    const HEAD: usize = 3;
    /// Columns and rows that there are at the most.
    const MOST: usize = 30;

    /// Returns the size for so many bits above a linear code `width` modules wide; `None` when there
    /// is none.
    fn new(bits: usize, width: usize) -> Option<Self> {
        /// Modules of start, stop and row indicators, less what they stick out over the linear code.
        const BESIDE: usize = 53;
        let bytes = bits.div_ceil(8);
        let data = bytes / 6 * 5 + bytes % 6;
        // Recommended levels (ISO/IEC 15438, table E.1), lower where a symbol would be too large.
        let level = match data {
            0..=40 => 2,
            41..=160 => 3,
            161..=320 => 4,
            321..=833 => 5,
            834..=865 => 4,
            _ => return None,
        };
        let total = Self::HEAD + data + (2 << level);
        let least = (width.saturating_sub(BESIDE) / 17).clamp(1, Self::MOST);
        let columns = (least..=Self::MOST).find(|it| total.div_ceil(*it) <= Self::MOST)?;
        Some(Self { columns, rows: total.div_ceil(columns).max(3), level })
    }

    fn capacity(self) -> usize {
        bits_in(self.columns * self.rows - Self::HEAD - (2 << self.level))
    }
}

/// Encodes element strings in a CC-C about as wide as the linear code below it; `None` when there are
/// too many.
pub(super) fn pdf417(strings: &[u8], width: usize) -> Option<Result<Component, SymbolError>> {
    let found = encode(strings, |length| SizeC::new(length, width), SizeC::capacity)?;
    Some(found.map(|(bits, size)| drawn_c(&bits, size)))
}

fn drawn_c(bits: &Bits, size: SizeC) -> Component {
    let mut words = words_b(bits);
    words.insert(0, u16::try_from(words.len() + 1).unwrap_or(u16::MAX));
    words.extend(check_words(&words, 2 << size.level));
    let rows = rows(size.columns, size.level, &words);
    Component { kind: Kind::C, rows, row_height: 3 }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Table 2 of the standard: bits of each size.
    #[test]
    fn sizes_hold_the_standards_bits() {
        let of = |sizes: &[Size], columns, capacity: fn(usize) -> usize| -> Vec<usize> {
            let sizes = sizes.iter().filter(|size| size.columns == columns);
            sizes.map(|size| capacity(size.words())).collect()
        };
        assert_eq!(of(&SIZES_A, 2, capacity_a), [59, 78, 88, 108, 118, 138, 167]);
        assert_eq!(of(&SIZES_A, 3, capacity_a), [78, 98, 118, 138, 167]);
        assert_eq!(of(&SIZES_A, 4, capacity_a), [78, 108, 138, 167, 197]);
        assert_eq!(of(&SIZES_B, 2, capacity_b), [56, 104, 160, 208, 256, 296, 336]);
        let three = [32, 72, 112, 152, 208, 304, 416, 536, 648, 768];
        assert_eq!(of(&SIZES_B, 3, capacity_b), three);
        let four = [56, 96, 152, 208, 264, 352, 496, 672, 840, 1016, 1184];
        assert_eq!(of(&SIZES_B, 4, capacity_b), four);
    }

    #[test]
    fn a_cc_c_has_room_for_what_it_was_made_for() {
        for bits in (1..9000).step_by(101) {
            for width in [60, 145, 300, 900] {
                let Some(size) = SizeC::new(bits, width) else {
                    assert!(bits.div_ceil(8) / 6 * 5 > 860, "{bits}");
                    continue;
                };
                assert!(size.capacity() >= bits, "{size:?} {bits}");
                assert!(size.columns * size.rows <= 928);
                let mut all = Bits::default();
                (0..size.capacity()).for_each(|_| all.push(1, 1));
                assert_eq!(drawn_c(&all, size).rows.height(), size.rows, "{bits}");
            }
        }
    }

    #[test]
    fn words_of_base_928_are_below_it() {
        let mut bits = Bits::default();
        (0..167).for_each(|_| bits.push(1, 1));
        let words = base_928(&bits);
        assert_eq!(words.len(), 17);
        assert!(words.iter().all(|word| *word < 928));
    }
}
