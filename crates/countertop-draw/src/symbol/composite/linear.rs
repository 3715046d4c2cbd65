//! The linear code, the separator above it, and where it stands (clauses 6 and 8 of the standard).

use countertop_wire::escpos::BarcodeSystem;

use super::component::{Component, Kind};
use super::{CompositeComponent, CompositeLinear};
use crate::Bitmap;
use crate::symbol::code128::{Linkage, gs1_128_linked};
use crate::symbol::databar::{expanded, limited, omnidirectional, stacked};
use crate::symbol::{Bars, SymbolError, barcode};

/// Is the linear code with what separates it from the component.
#[derive(Debug)]
pub(super) struct Lower {
    pub(super) rows: Bitmap,
    /// Rows from above with their height, as wide as the code or by a module wider at either side.
    pub(super) separator: Vec<(Bars, usize)>,
}

impl Lower {
    fn new(rows: Bitmap, separator: Bars) -> Self {
        Self { rows, separator: vec![(separator, 1)] }
    }

    pub(super) fn separator_height(&self) -> usize {
        self.separator.iter().map(|(_, height)| height).sum()
    }

    /// Returns by how many modules the separator sticks out at either side.
    pub(super) fn margin(&self) -> usize {
        let widest = self.separator.iter().map(|(row, _)| row.width()).max();
        widest.unwrap_or(0).saturating_sub(self.rows.width()) / 2
    }
}

/// Encodes the linear code, which says that there is a component, save those of EAN and UPC.
pub(super) fn encode(
    linear: CompositeLinear,
    data: &[u8],
    component: CompositeComponent,
    height: usize,
) -> Result<Lower, SymbolError> {
    use CompositeLinear as It;
    Ok(match linear {
        It::Ean8 => retail(&barcode(BarcodeSystem::Ean8, data)?.bars, height),
        It::Ean13 => retail(&barcode(BarcodeSystem::Ean13, data)?.bars, height),
        It::UpcA => retail(&barcode(BarcodeSystem::UpcA, data)?.bars, height),
        It::UpcE => retail(&barcode(BarcodeSystem::UpcE, data)?.bars, height),
        It::DataBarOmnidirectional => high(omnidirectional::linked(data)?, 33, height),
        It::DataBarTruncated => high(omnidirectional::linked(data)?, 13, 13),
        It::DataBarLimited => high(limited::linked(data)?, 10, height),
        It::DataBarStacked => both(stacked::linked(data)?),
        It::DataBarStackedOmnidirectional => both(stacked::linked_omnidirectional(data)?),
        It::DataBarExpanded => both(expanded::linked(data)?),
        It::DataBarExpandedStacked(pairs) => both(expanded::linked_stacked(data, pairs)?),
        It::Gs1128 => gs1_128(data, component, height)?,
    })
}

fn both((rows, separator): (Bitmap, Bars)) -> Lower {
    Lower::new(rows, separator)
}

fn high((bars, separator): (Bars, Bars), least: usize, height: usize) -> Lower {
    Lower::new(bars.to_bitmap().scaled(1, height.max(least)), separator)
}

/// Adds the separator of EAN and UPC: three rows that widen the guards' outer bars to a diamond.
fn retail(bars: &Bars, height: usize) -> Lower {
    let width = bars.width();
    let row = |inner: bool| {
        let ends = if inner { [1, width] } else { [0, width + 1] };
        Bars::from_modules((0..width + 2).map(move |x| ends.contains(&x)))
    };
    let separator = [true, false, true].map(|inner| (row(inner), 2)).to_vec();
    Lower { rows: bars.to_bitmap().scaled(1, height.max(1)), separator }
}

/// Adds the separator of GS1-128: its reverse.
fn gs1_128(
    data: &[u8],
    component: CompositeComponent,
    height: usize,
) -> Result<Lower, SymbolError> {
    let linkage = match component {
        CompositeComponent::MicroPdf417 => Linkage::MicroPdf417,
        CompositeComponent::Pdf417 => Linkage::Pdf417,
    };
    let bars = gs1_128_linked(data, linkage)?.bars;
    let reverse = Bars::from_modules((0..bars.width()).map(|x| !bars.is_bar(x)));
    Ok(Lower::new(bars.to_bitmap().scaled(1, height.max(1)), reverse))
}

/// Returns how far the component and the linear code stand from the left (clause 12.3).
pub(super) fn places(linear: CompositeLinear, upper: &Component, lower: usize) -> (usize, usize) {
    use CompositeLinear as It;
    let above = upper.rows.width();
    match linear {
        // At the right a module is left for the separator.
        It::Ean8 | It::Ean13 | It::UpcA | It::UpcE => (0, above.saturating_sub(lower + 1)),
        It::DataBarOmnidirectional | It::DataBarTruncated => (0, 4),
        It::DataBarLimited if upper.kind == Kind::B => (0, 9),
        It::DataBarLimited | It::DataBarStacked | It::DataBarStackedOmnidirectional => (1, 0),
        It::DataBarExpanded | It::DataBarExpandedStacked(_) => (2, 0),
        It::Gs1128 if upper.kind == Kind::C => (0, 7),
        It::Gs1128 => beside_a_character(above, lower),
    }
}

/// Aligns the component with the last space of one of GS1-128's characters, counted from the right.
fn beside_a_character(above: usize, lower: usize) -> (usize, usize) {
    /// Modules of a character, and those by which the stop character is wider.
    const CHARACTER: usize = 11;
    const STOP: usize = 2;
    let characters = (lower - STOP) / CHARACTER;
    let position = characters.saturating_sub(9) / 2;
    let wider = if position > 0 { STOP } else { 0 };
    let end = lower.saturating_sub(position * CHARACTER + 1 + wider);
    (end.saturating_sub(above), above.saturating_sub(end))
}
