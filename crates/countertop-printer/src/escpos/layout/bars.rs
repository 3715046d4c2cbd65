//! Bar codes.

#[cfg(feature = "codes")]
use countertop_device::document::Style;
use countertop_device::document::{Code, CodeSystem, Hri};
use countertop_wire::escpos::{Barcode, BarcodeSystem, HriPosition, Symbol};

use super::{LayoutError, Writer};
#[cfg(feature = "codes")]
use super::{Sets, metrics};
use crate::gs1;
#[cfg(feature = "codes")]
use crate::wrap::Piece;

/// The usual height of bars in dots, 10 mm at 203 dots an inch.
pub(super) const HEIGHT: u8 = 80;

/// Is where the readable text of a code stands that is drawn.
#[cfg(feature = "codes")]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    Above,
    Below,
}

impl Writer<'_> {
    /// Prints a bar code by GS k.
    pub(super) fn bars(&mut self, code: &Code) -> Result<(), LayoutError> {
        let module = self.module(code, modules(code))?.clamp(2, 6);
        let barcode = barcode(code)?;
        let height = code.height.unwrap_or(HEIGHT).max(1);
        self.out.put(Symbol::HriPosition(match code.hri {
            Hri::None => HriPosition::None,
            Hri::Above => HriPosition::Above,
            Hri::Below => HriPosition::Below,
            Hri::Both => HriPosition::Both,
        }));
        self.out.put(Symbol::BarcodeHeight(height));
        self.out.put(Symbol::BarcodeWidth(u8::try_from(module).unwrap_or(u8::MAX)));
        self.out.put(Symbol::Barcode(barcode));
        Ok(())
    }

    /// Prints the readable text of a code that is drawn.
    #[cfg(feature = "codes")]
    pub(super) fn hri(&mut self, code: &Code, text: &str, place: Place) {
        let wanted = match code.hri {
            Hri::None => false,
            Hri::Above => place == Place::Above,
            Hri::Below => place == Place::Below,
            Hri::Both => true,
        };
        if wanted {
            let sets = Sets(&self.settings.sets);
            let metrics = metrics(&self.settings.profile, &sets);
            self.line(code.align, &[Piece::Text(text, Style::PLAIN)], &metrics);
        }
    }
}

/// Returns about how many modules wide a code is, rather more.
fn modules(code: &Code) -> usize {
    let length = code.content.len();
    match code.system {
        CodeSystem::Ean13 | CodeSystem::UpcA => 95,
        CodeSystem::Ean8 => 67,
        CodeSystem::UpcE => 51,
        CodeSystem::Itf => 9 * length.next_multiple_of(2) + 9,
        CodeSystem::Codabar => 13 * length,
        CodeSystem::Code39 => 16 * (length + 2),
        CodeSystem::Code93 => 9 * (length + 4) + 1,
        CodeSystem::DatabarLimited => 79,
        CodeSystem::DatabarOmnidirectional | CodeSystem::DatabarTruncated => 96,
        _ if code.content.bytes().all(|byte| byte.is_ascii_digit()) => 11 * (length / 2 + 4) + 2,
        _ => 11 * (length + 3) + 2,
    }
}

/// Returns the symbology of GS k.
fn system(system: CodeSystem) -> Result<BarcodeSystem, LayoutError> {
    use BarcodeSystem as Wire;
    use CodeSystem as Is;
    Ok(match system {
        Is::Codabar => Wire::Codabar,
        Is::Code128 => Wire::Code128,
        Is::Code39 => Wire::Code39,
        Is::Code93 => Wire::Code93,
        Is::DatabarExpanded => Wire::DataBarExpanded,
        Is::DatabarLimited => Wire::DataBarLimited,
        Is::DatabarOmnidirectional => Wire::DataBarOmnidirectional,
        Is::DatabarTruncated => Wire::DataBarTruncated,
        Is::Ean13 => Wire::Ean13,
        Is::Ean8 => Wire::Ean8,
        Is::Gs1128 => Wire::Gs1128,
        Is::Itf => Wire::Itf,
        Is::UpcA => Wire::UpcA,
        Is::UpcE => Wire::UpcE,
        other => return Err(LayoutError::NoSuchCode(other)),
    })
}

/// Returns a code's content as GS k takes it, checked, its check digit added where it is missing.
pub(super) fn barcode(code: &Code) -> Result<Barcode, LayoutError> {
    let wrong = |reason: String| LayoutError::WrongContent { system: code.system, reason };
    let system = system(code.system)?;
    let made = match system {
        BarcodeSystem::Code128 => Barcode::code128(&code.content),
        BarcodeSystem::Gs1128 | BarcodeSystem::DataBarExpanded => {
            Barcode::gs1(system, &gs1::elements(&code.content).map_err(wrong)?)
        }
        _ => Barcode::new(system, code.content.as_bytes().to_vec()),
    };
    made.map_err(|error| wrong(error.to_string()))
}
