//! GS1 DataBar Omnidirectional and Truncated: they differ in height alone.

use super::SymbolError;
use super::stacked::{FINDER, LEFT, separator};
use super::widths::{Shape, interleave};
use crate::symbol::Bars;

/// Is a group of values of a character, with how its odd and even elements share the modules.
struct Group {
    first: usize,
    odd: (usize, usize),
    even: (usize, usize),
    /// Values of the even elements in outer, of the odd ones in inner characters.
    total: usize,
}

const fn group(first: usize, odd: (usize, usize), even: (usize, usize), total: usize) -> Group {
    Group { first, odd, even, total }
}

/// Characters of 16 modules (table 3 of the standard).
const OUTER: [Group; 5] = [
    group(0, (12, 8), (4, 1), 1),
    group(161, (10, 6), (6, 3), 10),
    group(961, (8, 4), (8, 5), 34),
    group(2015, (6, 3), (10, 6), 70),
    group(2715, (4, 1), (12, 8), 126),
];

/// Characters of 15 modules (table 4).
const INNER: [Group; 4] = [
    group(0, (5, 2), (10, 7), 4),
    group(336, (7, 4), (8, 5), 20),
    group(1036, (9, 6), (6, 3), 48),
    group(1516, (11, 8), (4, 1), 81),
];

/// Finder patterns by value.
const FINDERS: [[u8; 5]; 9] = [
    [3, 8, 2, 1, 1],
    [3, 5, 5, 1, 1],
    [3, 3, 7, 1, 1],
    [3, 1, 9, 1, 1],
    [2, 7, 4, 1, 1],
    [2, 5, 6, 1, 1],
    [2, 3, 8, 1, 1],
    [1, 5, 7, 1, 1],
    [1, 3, 9, 1, 1],
];

/// Values of a pair of characters, and of the inner one.
const PAIR: u64 = 4_537_077;
const INNER_VALUES: u64 = 1597;

fn shape((modules, widest): (usize, usize), narrow: bool) -> Shape {
    Shape { modules, elements: 4, widest, narrow }
}

fn outer(value: usize) -> Vec<u8> {
    let group = OUTER.iter().rev().find(|group| value >= group.first).unwrap_or(&OUTER[0]);
    let value = value - group.first;
    let odd = shape(group.odd, false).widths(value / group.total);
    interleave(&odd, &shape(group.even, true).widths(value % group.total))
}

fn inner(value: usize) -> Vec<u8> {
    let group = INNER.iter().rev().find(|group| value >= group.first).unwrap_or(&INNER[0]);
    let value = value - group.first;
    let odd = shape(group.odd, true).widths(value % group.total);
    interleave(&odd, &shape(group.even, false).widths(value / group.total))
}

/// Returns the 42 elements between the guards; the first is a space, for the guard before it ends
/// with a bar.
pub(super) fn elements(number: u64) -> Vec<u8> {
    let split = |pair: u64| {
        let value = |value: u64| usize::try_from(value).unwrap_or(0);
        (outer(value(pair / INNER_VALUES)), inner(value(pair % INNER_VALUES)))
    };
    let (first, second) = split(number / PAIR);
    let (third, fourth) = split(number % PAIR);
    let (left, right) = finders(&[&first, &second, &third, &fourth]);
    let reversed = |widths: &[u8]| widths.iter().rev().copied().collect::<Vec<_>>();
    [first, left.to_vec(), reversed(&second), fourth, reversed(&right), reversed(&third)].concat()
}

/// Returns the two finder patterns, which carry the check value.
fn finders(characters: &[&[u8]; 4]) -> ([u8; 5], [u8; 5]) {
    let widths = characters.iter().flat_map(|widths| widths.iter());
    let weights = core::iter::successors(Some(1_usize), |weight| Some(weight * 3 % 79));
    let sum: usize = widths.zip(weights).map(|(width, weight)| usize::from(*width) * weight).sum();
    let mut check = sum % 79;
    check += usize::from(check >= 8);
    check += usize::from(check >= 72);
    (FINDERS[check / 9], FINDERS[check % 9])
}

/// Encodes a GTIN of 13 digits, or 14 with its check digit.
///
/// # Errors
///
/// When it is none, or its check digit is wrong.
pub(in crate::symbol) fn databar_omnidirectional(data: &[u8]) -> Result<Bars, SymbolError> {
    Ok(bars(super::gtin(data)?))
}

/// Encodes a GTIN, with the row that stands above it in a composite symbol.
pub(in crate::symbol) fn linked(data: &[u8]) -> Result<(Bars, Bars), SymbolError> {
    let bars = bars(super::gtin(data)? + super::LINKED);
    let finders = [LEFT, bars.width() - LEFT - FINDER];
    let separator = separator(&bars, &finders);
    Ok((bars, separator))
}

fn bars(number: u64) -> Bars {
    let mut bars = Bars::default();
    bars.extend_widths(&[vec![1, 1], elements(number), vec![1, 1]].concat(), false);
    bars
}
