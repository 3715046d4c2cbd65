//! GS1 DataBar Stacked and Stacked Omnidirectional: the code in two rows.

use super::omnidirectional::elements;
use super::{LINKED, SymbolError, gtin};
use crate::Bitmap;
use crate::symbol::Bars;

/// Heights of the rows in modules: of the stacked form, and of the omnidirectional one.
const LOW: (usize, usize) = (5, 7);
const HIGH: usize = 33;
/// Modules at either end over which separators are white.
const MARGIN: usize = 4;
/// Modules that a finder pattern has before its last three elements end, and where the left one is.
pub(super) const FINDER: usize = 13;
pub(super) const LEFT: usize = 18;

/// Returns the upper and the lower row.
fn rows(number: u64) -> (Bars, Bars) {
    let elements = elements(number);
    let (left, right) = elements.split_at(21);
    let mut upper = Bars::default();
    upper.extend_widths(&[&[1, 1], left, &[1, 1]].concat(), false);
    let mut lower = Bars::default();
    lower.extend_widths(&[&[1, 1], right, &[1, 1]].concat(), true);
    (upper, lower)
}

fn draw(out: &mut Bitmap, row: &Bars, y: usize, height: usize) {
    (0..row.width()).filter(|x| row.is_bar(*x)).for_each(|x| out.fill(x, y, 1, height));
}

/// Encodes a GTIN in two low rows.
///
/// # Errors
///
/// When it is none, or its check digit is wrong.
pub fn databar_stacked(data: &[u8]) -> Result<Bitmap, SymbolError> {
    Ok(low(gtin(data)?))
}

/// Encodes a GTIN in two low rows, with the row that stands above them in a composite symbol.
pub(in crate::symbol) fn linked(data: &[u8]) -> Result<(Bitmap, Bars), SymbolError> {
    let number = gtin(data)? + LINKED;
    Ok((low(number), separator(&rows(number).0, &[LEFT])))
}

fn low(number: u64) -> Bitmap {
    let (upper, lower) = rows(number);
    let mut out = Bitmap::new(upper.width(), LOW.0 + 1 + LOW.1);
    draw(&mut out, &upper, 0, LOW.0);
    draw(&mut out, &lower, LOW.0 + 1, LOW.1);
    let mut before = false;
    // The turns begin within the margin.
    for x in 1..upper.width() - MARGIN {
        let (above, below) = (upper.is_bar(x), lower.is_bar(x));
        before = if above == below { !above } else { !before };
        if before && x >= MARGIN {
            out.blacken(x, LOW.0);
        }
    }
    out
}

/// Encodes a GTIN in two high rows, which scanners read from any side.
///
/// # Errors
///
/// When it is none, or its check digit is wrong.
pub fn databar_stacked_omnidirectional(data: &[u8]) -> Result<Bitmap, SymbolError> {
    Ok(high(gtin(data)?))
}

/// Encodes a GTIN in two high rows, with the row that stands above them in a composite symbol.
pub(in crate::symbol) fn linked_omnidirectional(
    data: &[u8],
) -> Result<(Bitmap, Bars), SymbolError> {
    let number = gtin(data)? + LINKED;
    Ok((high(number), separator(&rows(number).0, &[LEFT])))
}

fn high(number: u64) -> Bitmap {
    let (upper, lower) = rows(number);
    let width = upper.width();
    let mut out = Bitmap::new(width, HIGH + 3 + HIGH);
    draw(&mut out, &upper, 0, HIGH);
    draw(&mut out, &lower, HIGH + 3, HIGH);
    draw(&mut out, &separator(&upper, &[LEFT]), HIGH, 1);
    (5..width - MARGIN).step_by(2).for_each(|x| out.blacken(x, HIGH + 1));
    draw(&mut out, &separator(&lower, &[width - LEFT - FINDER]), HIGH + 2, 1);
    out
}

/// The modules of a finder pattern of value 3 that begins with a bar, and those beside it.
const VALUE_3: [u8; FINDER] = [1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 1, 1, 1];
const BESIDE_VALUE_3: [u8; FINDER] = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0];

/// Returns the row beside another: the reverse of it, with spaces over the finders' bars drawn as
/// modules in turn, and that over a finder of value 3 moved by a module (clause 5.3.2.2).
pub(super) fn separator(row: &Bars, finders: &[usize]) -> Bars {
    let in_finder = |x: usize| finders.iter().any(|finder| (*finder..finder + FINDER).contains(&x));
    let inner = MARGIN..row.width() - MARGIN;
    let mut before = false;
    let module = |x: usize| {
        let mut black = inner.contains(&x) && !row.is_bar(x);
        if in_finder(x) && black {
            black = !before;
        }
        before = black;
        black
    };
    let mut modules: Vec<bool> = (0..row.width()).map(module).collect();
    for finder in finders {
        let is_3 = |(at, module): (usize, &u8)| row.is_bar(finder + at) == (*module == 1);
        if VALUE_3.iter().enumerate().all(is_3) {
            let beside = modules.iter_mut().skip(*finder).zip(BESIDE_VALUE_3);
            beside.for_each(|(module, black)| *module = black == 1);
        }
    }
    Bars::from_modules(modules)
}
