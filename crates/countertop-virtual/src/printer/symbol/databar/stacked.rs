//! GS1 DataBar Stacked and Stacked Omnidirectional: the code in two rows.

use super::omnidirectional::elements;
use super::{SymbolError, gtin};
use crate::printer::Bitmap;
use crate::printer::symbol::Bars;

/// Heights of the rows in modules: of the stacked form, and of the omnidirectional one.
const LOW: (usize, usize) = (5, 7);
const HIGH: usize = 33;
/// Modules at either end over which separators are white.
const MARGIN: usize = 4;
/// Modules that a finder pattern has before its last three elements end.
const FINDER: usize = 13;

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
pub(in crate::printer) fn databar_stacked(data: &[u8]) -> Result<Bitmap, SymbolError> {
    let (upper, lower) = rows(gtin(data)?);
    let mut out = Bitmap::new(upper.width(), LOW.0 + 1 + LOW.1);
    draw(&mut out, &upper, 0, LOW.0);
    draw(&mut out, &lower, LOW.0 + 1, LOW.1);
    let mut before = false;
    for x in MARGIN..upper.width() - MARGIN {
        let (above, below) = (upper.is_bar(x), lower.is_bar(x));
        before = if above == below { !above } else { !before };
        if before {
            out.blacken(x, LOW.0);
        }
    }
    Ok(out)
}

/// Encodes a GTIN in two high rows, which scanners read from any side.
///
/// # Errors
///
/// When it is none, or its check digit is wrong.
pub(in crate::printer) fn databar_stacked_omnidirectional(
    data: &[u8],
) -> Result<Bitmap, SymbolError> {
    let (upper, lower) = rows(gtin(data)?);
    let width = upper.width();
    let mut out = Bitmap::new(width, HIGH + 3 + HIGH);
    draw(&mut out, &upper, 0, HIGH);
    draw(&mut out, &lower, HIGH + 3, HIGH);
    draw(&mut out, &separator(&upper, 18), HIGH, 1);
    (5..width - MARGIN).step_by(2).for_each(|x| out.blacken(x, HIGH + 1));
    draw(&mut out, &separator(&lower, width - 18 - FINDER), HIGH + 2, 1);
    Ok(out)
}

/// Returns the row beside another: the reverse of it, with spaces over the finder's bars drawn as
/// modules in turn (clause 5.3.2.2).
pub(super) fn separator(row: &Bars, finder: usize) -> Bars {
    let inner = MARGIN..row.width() - MARGIN;
    let mut before = false;
    let module = |x: usize| {
        let mut black = inner.contains(&x) && !row.is_bar(x);
        if (finder..finder + FINDER).contains(&x) && black {
            black = !before;
        }
        before = black;
        black
    };
    Bars::from_modules((0..row.width()).map(module))
}
