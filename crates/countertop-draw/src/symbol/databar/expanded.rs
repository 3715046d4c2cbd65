//! GS1 DataBar Expanded, in one row or stacked.

use super::compaction::encode;
use super::widths::{Shape, interleave};
use super::{Group, SymbolError};
use crate::Bitmap;
use crate::symbol::Bars;
use crate::symbol::gs1::element_strings;

/// Table 10 of the standard.
const GROUPS: [Group; 5] = [
    (0, (12, 7), (5, 2), 4),
    (348, (10, 5), (7, 4), 20),
    (1388, (8, 4), (9, 5), 52),
    (2948, (6, 3), (11, 6), 104),
    (3988, (4, 1), (13, 8), 204),
];

/// Finder patterns A to F.
const FINDERS: [[u8; 5]; 6] = [
    [1, 8, 4, 1, 1],
    [3, 6, 4, 1, 1],
    [3, 4, 6, 1, 1],
    [3, 2, 8, 1, 1],
    [2, 6, 5, 1, 1],
    [2, 2, 9, 1, 1],
];

/// Which finder patterns stand in turn, by how many there are (table 12).
const SEQUENCES: [&[usize]; 10] = [
    &[0, 0],
    &[0, 1, 1],
    &[0, 2, 1, 3],
    &[0, 4, 1, 3, 2],
    &[0, 4, 1, 3, 3, 5],
    &[0, 4, 1, 3, 4, 5, 5],
    &[0, 0, 1, 1, 2, 2, 3, 3],
    &[0, 0, 1, 1, 2, 2, 3, 4, 4],
    &[0, 0, 1, 1, 2, 2, 3, 4, 5, 5],
    &[0, 0, 1, 1, 2, 3, 3, 4, 4, 5, 5],
];

/// Height of a row in modules.
const HEIGHT: usize = 34;

fn character(value: usize) -> Vec<u8> {
    let group = GROUPS.iter().rev().find(|group| value >= group.0).unwrap_or(&GROUPS[0]);
    let (first, odd, even, total) = *group;
    let shape = |(modules, widest), narrow| Shape { modules, elements: 4, widest, narrow };
    let value = value - first;
    interleave(&shape(odd, true).widths(value / total), &shape(even, false).widths(value % total))
}

/// Returns the characters, the check character first, and the finder patterns in turn.
fn characters(values: &[u32]) -> (Vec<Vec<u8>>, &'static [usize]) {
    let pairs = (values.len() + 1).div_ceil(2);
    let finders = SEQUENCES.get(pairs.saturating_sub(2)).copied().unwrap_or(SEQUENCES[9]);
    let data: Vec<_> =
        values.iter().map(|value| character(usize::try_from(*value).unwrap_or(0))).collect();
    let sum: usize = data.iter().enumerate().map(|(at, widths)| weighed(at, widths, finders)).sum();
    let check = 211 * (values.len() + 1 - 4) + sum % 211;
    ([vec![character(check)], data].concat(), finders)
}

/// Weighs a data character by the finder beside it and the side on which it stands (table 14).
fn weighed(at: usize, widths: &[u8], finders: &[usize]) -> usize {
    let place = at + 1;
    let pair = place / 2;
    let finder = finders.get(pair).copied().unwrap_or(0);
    let row = 4 * finder + if pair.is_multiple_of(2) { 0 } else { 2 } + place % 2 - 1;
    let first = (0..row * 8).fold(1, |weight, _| weight * 3 % 211);
    let weights = core::iter::successors(Some(first), |weight| Some(weight * 3 % 211));
    widths.iter().zip(weights).map(|(width, weight)| usize::from(*width) * weight).sum()
}

fn values(
    data: &[u8],
    linked: bool,
    fits: impl Fn(usize) -> bool,
) -> Result<Vec<u32>, SymbolError> {
    Ok(encode(&element_strings(data), linked, fits)?.words(12))
}

/// Returns the elements of a row of pairs from `first` on: character, finder, character reversed.
fn row(characters: &[Vec<u8>], finders: &[usize], first: usize, count: usize) -> Vec<u8> {
    let reversed = |widths: &[u8]| widths.iter().rev().copied().collect::<Vec<_>>();
    let mut widths = Vec::new();
    for pair in first..(first + count).min(finders.len()) {
        widths.extend(characters.get(pair * 2).into_iter().flatten());
        let finder = &FINDERS[finders[pair]];
        widths.extend(if pair % 2 == 0 { finder.to_vec() } else { reversed(finder) });
        widths.extend(characters.get(pair * 2 + 1).map(|it| reversed(it)).unwrap_or_default());
    }
    widths
}

/// Encodes element strings in one row.
///
/// # Errors
///
/// When a character is not in the GS1 set, or there are too many.
pub(in crate::symbol) fn databar_expanded(data: &[u8]) -> Result<Bars, SymbolError> {
    Ok(one_row(data, false)?.bars)
}

/// Encodes element strings in one row, with the row that stands above it in a composite symbol.
pub(in crate::symbol) fn linked(data: &[u8]) -> Result<(Bitmap, Bars), SymbolError> {
    let row = one_row(data, true)?;
    let mut out = Bitmap::new(row.bars.width(), HEIGHT);
    draw(&mut out, &row.bars, 0, HEIGHT);
    Ok((out, row.separator()))
}

fn one_row(data: &[u8], linked: bool) -> Result<Row, SymbolError> {
    let (characters, finders) = characters(&values(data, linked, |_| true)?);
    let elements = row(&characters, finders, 0, finders.len());
    Ok(stacked_row(&elements, 0, finders.len(), finders.len()))
}

/// Encodes element strings in rows of up to `pairs` pairs of characters.
///
/// # Errors
///
/// When a character is not in the GS1 set, or there are too many.
pub fn databar_expanded_stacked(data: &[u8], pairs: usize) -> Result<Bitmap, SymbolError> {
    Ok(stacked(&rows(data, pairs, false)?))
}

/// Encodes element strings in rows, with the row that stands above them in a composite symbol.
pub(in crate::symbol) fn linked_stacked(
    data: &[u8],
    pairs: usize,
) -> Result<(Bitmap, Bars), SymbolError> {
    let rows = rows(data, pairs, true)?;
    let separator = rows.first().map(Row::separator).unwrap_or_default();
    Ok((stacked(&rows), separator))
}

fn rows(data: &[u8], pairs: usize, linked: bool) -> Result<Vec<Row>, SymbolError> {
    let pairs = pairs.clamp(1, 11);
    // A last row of a single character cannot be told apart.
    let fits = |count: usize| (count + 1) % (2 * pairs) != 1;
    let (characters, finders) = characters(&values(data, linked, fits)?);
    let count = finders.len().div_ceil(pairs);
    let elements = |at: usize| row(&characters, finders, at * pairs, pairs);
    Ok((0..count).map(|at| stacked_row(&elements(at), at, pairs, finders.len())).collect())
}

fn stacked(rows: &[Row]) -> Bitmap {
    let count = rows.len();
    let width = rows.iter().map(|row| row.bars.width()).max().unwrap_or(0);
    let mut out = Bitmap::new(width, count * HEIGHT + count.saturating_sub(1) * 3);
    for (at, row) in rows.iter().enumerate() {
        let y = at * (HEIGHT + 3);
        draw(&mut out, &row.bars, y, HEIGHT);
        if at > 0 {
            draw(&mut out, &row.separator(), y - 1, 1);
            (5..width.saturating_sub(4)).step_by(2).for_each(|x| out.blacken(x, y - 2));
        }
        if at + 1 < count {
            draw(&mut out, &row.separator(), y + HEIGHT, 1);
        }
    }
    out
}

fn draw(out: &mut Bitmap, row: &Bars, y: usize, height: usize) {
    (0..row.width()).filter(|x| row.is_bar(*x)).for_each(|x| out.fill(x, y, 1, height));
}

/// Is a row of a stacked code.
struct Row {
    bars: Bars,
    turned: bool,
    /// Where its finder patterns begin, for the separator.
    finders: Vec<usize>,
}

/// Modules of a character and its finder, and of a pair.
const TO_FINDER: usize = 17;
const PAIR: usize = 17 + 15 + 17;

/// Returns a row between its guards; every second one is turned where rows have an even number of
/// pairs, save a last one with an odd number, which is shifted by a module (clause 7.2.8).
fn stacked_row(elements: &[u8], at: usize, pairs: usize, all: usize) -> Row {
    let here = pairs.min(all - at * pairs);
    let second = at % 2 == 1 && pairs.is_multiple_of(2);
    let shifted = second && (pairs - here) % 2 == 1;
    let turned = second && !shifted;
    let mut widths = [&[if shifted { 2 } else { 1 }, 1], elements, &[1, 1]].concat();
    // Where a row stands in the whole code decides whether it begins with a bar.
    let mut bar = at % 2 == 1 && pairs % 2 == 1;
    if turned {
        widths.reverse();
        bar = widths.len() % 2 == 0;
    }
    let mut bars = Bars::default();
    bars.extend_widths(&widths, bar);
    let begin = if shifted { 3 } else { 2 } + TO_FINDER;
    let finders = (0..here).map(|pair| begin + pair * PAIR).collect();
    Row { bars, turned, finders }
}

impl Row {
    /// Returns the row beside it: its reverse, save that wide spaces of finders are drawn as modules
    /// in turn.
    fn separator(&self) -> Bars {
        let width = self.bars.width();
        let bar = |x: usize| self.bars.is_bar(if self.turned { width - 1 - x } else { x });
        // Over the guards it is white, and over the module by which a row is shifted.
        let left = self.finders.first().map_or(4, |begin| begin + 2 - TO_FINDER);
        let mut modules: Vec<bool> =
            (0..width).map(|x| (left..width - 4).contains(&x) && !bar(x)).collect();
        for x in self.finders.iter().flat_map(|begin| *begin..begin + 15) {
            if x < width && !bar(x) && !bar(x - 1) && modules[x - 1] {
                modules[x] = false;
            }
        }
        if self.turned {
            modules.reverse();
        }
        Bars::from_modules(modules)
    }
}
