//! Bar codes.

use countertop_device::document::{Code, CodeSystem, Hri, Style};
use countertop_wire::escpos::{Barcode, BarcodeSystem, HriPosition, Symbol};

use super::{LayoutError, Sets, Writer, metrics};
use crate::wrap::Piece;

/// The usual height of bars in dots, 10 mm at 203 dots an inch.
pub(super) const HEIGHT: u8 = 80;

/// Is where the readable text of a code stands that is drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    Above,
    Below,
}

impl Writer<'_> {
    /// Prints a bar code by GS k.
    pub(super) fn bars(&mut self, code: &Code) -> Result<(), LayoutError> {
        let module = self.module(code, modules(code))?.clamp(2, 6);
        let barcode = Barcode::new(system(code.system)?, data(code)?)?;
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
    pub(super) fn hri(&mut self, code: &Code, place: Place) {
        let wanted = match code.hri {
            Hri::None => false,
            Hri::Above => place == Place::Above,
            Hri::Below => place == Place::Below,
            Hri::Both => true,
        };
        if wanted {
            let sets = Sets(&self.settings.sets);
            let metrics = metrics(&self.settings.profile, &sets);
            self.line(code.align, &[Piece::Text(&code.content, Style::PLAIN)], &metrics);
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
        CodeSystem::Codabar => 12 * length,
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

/// Returns a code's content as GS k takes it.
fn data(code: &Code) -> Result<Vec<u8>, LayoutError> {
    let wrong =
        |reason: &str| LayoutError::WrongContent { system: code.system, reason: reason.to_owned() };
    let content = code.content.as_str();
    if !content.bytes().all(|byte| (0x20..0x7F).contains(&byte)) {
        return Err(wrong("it has characters that are no printable ASCII"));
    }
    Ok(match code.system {
        CodeSystem::Ean13 => checked(content, 12).map_err(|reason| wrong(&reason))?,
        CodeSystem::UpcA => checked(content, 11).map_err(|reason| wrong(&reason))?,
        CodeSystem::Ean8 => checked(content, 7).map_err(|reason| wrong(&reason))?,
        CodeSystem::Itf if content.len() % 2 == 1 => return Err(wrong("its digits are no pairs")),
        CodeSystem::Code128 => code128(content),
        CodeSystem::Gs1128 | CodeSystem::DatabarExpanded => gs1(content),
        _ => content.as_bytes().to_vec(),
    })
}

/// Returns digits with their check digit (ISO/IEC 15420): it is added to `count` digits, and
/// verified where it is there.
fn checked(content: &str, count: usize) -> Result<Vec<u8>, String> {
    let digits: Vec<u8> = content.bytes().collect();
    let (Some(body), true) = (digits.get(..count), digits.iter().all(u8::is_ascii_digit)) else {
        return Err(format!("it takes {count} digits, and a check digit that may be left out"));
    };
    // From the right, digits count three times and once by turns.
    let weights = [3, 1].into_iter().cycle();
    let sum: u32 =
        body.iter().rev().zip(weights).map(|(it, weight)| u32::from(it - b'0') * weight).sum();
    let check = b'0' + u8::try_from((10 - sum % 10) % 10).unwrap_or_default();
    match digits.get(count..) {
        None | Some([]) => Ok([body, &[check]].concat()),
        Some([digit]) if *digit == check => Ok(digits),
        Some([digit]) => {
            let (digit, check) = (char::from(*digit), char::from(check));
            Err(format!("its check digit is {check}, not {digit}"))
        }
        Some(_) => Err(format!("it takes {count} digits and a check digit")),
    }
}

/// Writes a Code 128 with its set: C for an even number of digits, else B.
fn code128(content: &str) -> Vec<u8> {
    let pairs =
        content.len().is_multiple_of(2) && content.bytes().all(|byte| byte.is_ascii_digit());
    if pairs {
        let pair = |pair: &[u8]| pair.iter().fold(0, |value, digit| value * 10 + (digit - b'0'));
        return b"{C".iter().copied().chain(content.as_bytes().chunks(2).map(pair)).collect();
    }
    format!("{{B{}", content.replace('{', "{{")).into_bytes()
}

/// Writes application identifiers in parentheses, which are printed and not encoded, with FNC1
/// between an element of no fixed length and the next (GS1 General Specifications, 7.8).
fn gs1(content: &str) -> Vec<u8> {
    let mut out = String::with_capacity(content.len() + 8);
    let mut open = false;
    for element in content.split_inclusive(')') {
        let (data, identifier) = element.rsplit_once('(').unwrap_or((element, ""));
        out.push_str(data);
        if !identifier.is_empty() {
            if open {
                out.push_str("{1");
            }
            out.push('(');
            out.push_str(identifier);
            open = !crate::gs1::has_fixed_length(identifier);
        }
    }
    out.into_bytes()
}
