//! Composite symbols (ISO/IEC 24723): a linear code with a two-dimensional component above it.
//!
//! Element strings that begin with AI 90 are encoded by the general method, which the standard allows;
//! its special method for them would make some of them shorter.

mod component;
mod encodation;
mod linear;
mod micro;
#[cfg(test)]
mod tests;

use super::gs1::element_strings;
use super::{Bars, SymbolError};
use crate::Bitmap;
use component::Component;
use linear::Lower;

/// Is the linear code of a composite symbol.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum CompositeLinear {
    /// EAN-8.
    Ean8,
    /// EAN-13.
    Ean13,
    /// UPC-A.
    UpcA,
    /// UPC-E.
    UpcE,
    /// GS1 DataBar Omnidirectional.
    DataBarOmnidirectional,
    /// GS1 DataBar Truncated.
    DataBarTruncated,
    /// GS1 DataBar Stacked.
    DataBarStacked,
    /// GS1 DataBar Stacked Omnidirectional.
    DataBarStackedOmnidirectional,
    /// GS1 DataBar Limited.
    DataBarLimited,
    /// GS1 DataBar Expanded.
    DataBarExpanded,
    /// GS1 DataBar Expanded Stacked, of so many pairs of characters in a row.
    DataBarExpandedStacked(usize),
    /// GS1-128.
    Gs1128,
}

/// Is the kind of the two-dimensional component.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum CompositeComponent {
    /// CC-A, or CC-B where that is too small: forms of MicroPDF417.
    MicroPdf417,
    /// CC-C, a form of PDF417, above GS1-128 alone.
    Pdf417,
}

/// Encodes a composite symbol, one dot a module.
///
/// `linear` holds `data` as [`barcode`](super::barcode) takes it for its system; `strings` are the
/// element strings of the component, with application identifiers in parentheses. Bars of a code that
/// has no height of its own are `height` modules high, and at least as high as the standard wants.
///
/// # Errors
///
/// When the data is wrong for its code, a character is not in the GS1 set, there is more than the
/// component holds, or a CC-C is to stand above another code than GS1-128.
pub fn composite(
    (linear, data): (CompositeLinear, &[u8]),
    (component, strings): (CompositeComponent, &[u8]),
    height: usize,
) -> Result<Bitmap, SymbolError> {
    if component == CompositeComponent::Pdf417 && linear != CompositeLinear::Gs1128 {
        return Err(SymbolError::Data("a CC-C stands above GS1-128 alone"));
    }
    let lower = linear::encode(linear, data, component, height)?;
    let strings = element_strings(strings);
    let upper = match component {
        CompositeComponent::MicroPdf417 => component::micro(&strings, linear.columns()),
        CompositeComponent::Pdf417 => component::pdf417(&strings, lower.rows.width()),
    };
    let upper = upper.ok_or(SymbolError::TooLong(strings.len()))??;
    Ok(stacked(&upper, &lower, linear))
}

impl CompositeLinear {
    /// Returns the columns of the CC-A or CC-B above (table 1 of the standard).
    fn columns(self) -> usize {
        match self {
            Self::UpcE | Self::DataBarStacked | Self::DataBarStackedOmnidirectional => 2,
            Self::Ean8 | Self::DataBarLimited => 3,
            _ => 4,
        }
    }
}

/// Puts the component, the separator and the linear code below each other.
fn stacked(upper: &Component, lower: &Lower, linear: CompositeLinear) -> Bitmap {
    let (above, below) = linear::places(linear, upper, lower.rows.width());
    let modules = upper.rows.scaled(1, upper.row_height);
    let separated = modules.height() + lower.separator_height();
    // What stands beside the linear code in its separator sticks out by a module.
    let width = (above + modules.width()).max(below + lower.rows.width() + lower.margin());
    let mut out = Bitmap::new(width, separated + lower.rows.height());
    out.print(&modules, above, 0);
    let mut y = modules.height();
    for (row, height) in &lower.separator {
        let x = below.saturating_sub(lower.margin());
        print_row(&mut out, row, (x, y), *height);
        y += height;
    }
    out.print(&lower.rows, below, separated);
    out
}

fn print_row(out: &mut Bitmap, row: &Bars, (x, y): (usize, usize), height: usize) {
    (0..row.width()).filter(|at| row.is_bar(*at)).for_each(|at| out.fill(x + at, y, 1, height));
}
