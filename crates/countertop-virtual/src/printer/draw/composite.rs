//! Composite symbols: a linear element and a two-dimensional one above it.

use countertop_draw::symbol::{self, CompositeComponent, CompositeLinear, SymbolError};
use countertop_wire::escpos::BarcodeSystem;

use super::Bitmap;

/// Returns an element's data without its kind.
pub(super) fn readable(element: &[u8]) -> String {
    String::from_utf8_lossy(element.get(1..).unwrap_or_default()).into_owned()
}

/// Returns what a person reads of a linear element: its check digit too.
pub(super) fn caption(element: &[u8]) -> String {
    let (kind, data) = element.split_first().unwrap_or((&0, &[]));
    let code = linear_system(*kind).and_then(|system| symbol::barcode(system, data).ok());
    code.map_or_else(|| readable(element), |code| code.text)
}

/// Encodes both elements, each of which begins with its kind (GS ( k, function 480).
pub(super) fn composite(
    linear: &[u8],
    second: &[u8],
    height: usize,
    pairs: usize,
) -> Result<Bitmap, SymbolError> {
    use CompositeLinear as It;
    const NO_KIND: SymbolError = SymbolError::Data("there is no element of this kind");
    let (kind, data) = linear.split_first().ok_or(NO_KIND)?;
    let linear = match kind {
        65 => It::Ean8,
        66 => It::Ean13,
        67 => It::UpcA,
        68 | 69 => It::UpcE,
        70 => It::DataBarOmnidirectional,
        71 => It::DataBarTruncated,
        72 => It::DataBarStacked,
        73 => It::DataBarStackedOmnidirectional,
        74 => It::DataBarLimited,
        75 => It::DataBarExpanded,
        76 => It::DataBarExpandedStacked(pairs),
        77 => It::Gs1128,
        _ => return Err(NO_KIND),
    };
    let (kind, strings) = second.split_first().ok_or(NO_KIND)?;
    let component = match kind {
        65 => CompositeComponent::MicroPdf417,
        66 => CompositeComponent::Pdf417,
        _ => return Err(NO_KIND),
    };
    symbol::composite((linear, data), (component, strings), height)
}

/// Encodes a linear element alone.
pub(super) fn linear_element(
    element: &[u8],
    height: usize,
    pairs: usize,
) -> Result<Bitmap, SymbolError> {
    let (kind, data) = element.split_first().unwrap_or((&0, &[]));
    match kind {
        72 => return symbol::databar_stacked(data),
        73 => return symbol::databar_stacked_omnidirectional(data),
        76 => return symbol::databar_expanded_stacked(data, pairs),
        _ => {}
    }
    let unknown = SymbolError::Data("there is no element of this kind");
    let system = linear_system(*kind).ok_or(unknown)?;
    Ok(symbol::barcode(system, data)?.bars.drawn(1, height))
}

/// Returns the bar code of a linear element that is in one row.
fn linear_system(kind: u8) -> Option<BarcodeSystem> {
    Some(match kind {
        65 => BarcodeSystem::Ean8,
        66 => BarcodeSystem::Ean13,
        67 => BarcodeSystem::UpcA,
        68 | 69 => BarcodeSystem::UpcE,
        70 => BarcodeSystem::DataBarOmnidirectional,
        71 => BarcodeSystem::DataBarTruncated,
        74 => BarcodeSystem::DataBarLimited,
        75 => BarcodeSystem::DataBarExpanded,
        77 => BarcodeSystem::Gs1128,
        _ => return None,
    })
}
