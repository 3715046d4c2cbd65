//! Codes, drawn.

use countertop_device::document::{Code, CodeSystem, QrLevel};
use countertop_wire::escpos::{Barcode, BarcodeSystem};
use rxing::pdf417::encoder::Dimensions;
use rxing::{BarcodeFormat, EncodeHints, MultiFormatWriter, Writer as _};

use super::Bitmap;
use crate::gs1;

/// Is a code's smallest elements: one row of bars, or a square of modules.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Modules {
    pub(crate) bitmap: Bitmap,
    /// Whether it is bars that are made as high as one likes.
    pub(crate) bars: bool,
}

/// Tells whether codes of a kind can be drawn.
pub(crate) fn can(system: CodeSystem) -> bool {
    format(system).is_some()
}

fn format(system: CodeSystem) -> Option<BarcodeFormat> {
    use CodeSystem as Is;
    Some(match system {
        Is::Aztec => BarcodeFormat::AZTEC,
        Is::Codabar => BarcodeFormat::CODABAR,
        Is::Code128 | Is::Gs1128 => BarcodeFormat::CODE_128,
        Is::Code39 => BarcodeFormat::CODE_39,
        Is::Code93 => BarcodeFormat::CODE_93,
        Is::DataMatrix => BarcodeFormat::DATA_MATRIX,
        Is::Ean13 => BarcodeFormat::EAN_13,
        Is::Ean8 => BarcodeFormat::EAN_8,
        Is::Itf => BarcodeFormat::ITF,
        Is::Pdf417 => BarcodeFormat::PDF_417,
        Is::Qr(_) => BarcodeFormat::QR_CODE,
        Is::UpcA => BarcodeFormat::UPC_A,
        Is::UpcE => BarcodeFormat::UPC_E,
        _ => return None,
    })
}

/// Makes a code's modules for paper of `dots` dots.
///
/// # Errors
///
/// When its content is wrong, said in words.
pub(crate) fn modules(code: &Code, dots: u16) -> Result<Modules, String> {
    let format = format(code.system).ok_or("it cannot be drawn")?;
    let content = match code.system {
        CodeSystem::Gs1128 => gs1(&code.content)?,
        _ => code.content.clone(),
    };
    let hints = hints(code, dots);
    let matrix = MultiFormatWriter
        .encode_with_hints(&content, &format, 0, 0, &hints)
        .map_err(|error| error.to_string())?;
    let mut bitmap = Bitmap::new(matrix.width() as usize, matrix.height() as usize);
    for (y, x) in (0..matrix.height()).flat_map(|y| (0..matrix.width()).map(move |x| (y, x))) {
        if matrix.get(x, y) {
            bitmap.blacken(x as usize, y as usize);
        }
    }
    let bitmap = bitmap.without_margin();
    Ok(Modules { bars: bitmap.height() == 1, bitmap })
}

fn hints(code: &Code, dots: u16) -> EncodeHints {
    let mut hints = EncodeHints { Margin: Some("0".into()), ..EncodeHints::default() };
    match code.system {
        CodeSystem::Qr(level) => {
            hints.ErrorCorrection = Some(level_name(level).into());
            hints.CharacterSet = Some("UTF-8".into());
        }
        CodeSystem::Pdf417 => {
            if !code.content.is_ascii() {
                hints.CharacterSet = Some("UTF-8".into());
            }
            // 17 modules each, and 69 for start, stop and row indicators, in modules of two dots.
            let columns = (usize::from(dots) / 2).saturating_sub(69) / 17;
            hints.Pdf417Dimensions = Some(Dimensions::new(1, columns.clamp(1, 30), 3, 90));
        }
        CodeSystem::Aztec | CodeSystem::DataMatrix if !code.content.is_ascii() => {
            hints.CharacterSet = Some("UTF-8".into());
        }
        _ => {}
    }
    hints
}

fn level_name(level: QrLevel) -> &'static str {
    match level {
        QrLevel::L => "L",
        QrLevel::M => "M",
        QrLevel::Q => "Q",
        QrLevel::H => "H",
    }
}

/// Writes application identifiers as Code 128 has them: FNC1 first, and between what has no
/// predefined length and what follows it, as the command for printers says it.
fn gs1(content: &str) -> Result<String, String> {
    /// Stands for FNC1.
    const FNC1: char = '\u{F1}';
    let elements = gs1::elements(content)?;
    let command = Barcode::gs1(BarcodeSystem::Gs1128, &elements);
    let command = command.map_err(|error| error.to_string())?;
    let mut out = String::from(FNC1);
    let mut bytes = command.data().iter();
    while let Some(byte) = bytes.next() {
        match byte {
            // A brace names a function character, or keeps the next one from being left out.
            b'{' => match bytes.next() {
                Some(b'1') => out.push(FNC1),
                next => out.extend(next.map(|byte| char::from(*byte))),
            },
            b'(' | b')' => {}
            other => out.push(char::from(*other)),
        }
    }
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn identifiers_are_separated_and_check_digits_added() {
        let written = gs1("(10)AB(01)0401234567890(21)7").unwrap();
        assert_eq!(written, "\u{F1}10AB\u{F1}0104012345678901217");
        assert!(gs1("(01)123").is_err());
        assert!(gs1("01").is_err());
    }

    #[test]
    fn modules_fit_the_paper_where_they_can() {
        let wide = modules(&Code::new(CodeSystem::Pdf417, "x".repeat(200)), 384).unwrap();
        assert!(!wide.bars && wide.bitmap.width() * 2 <= 384, "{}", wide.bitmap.width());
        let bars = modules(&Code::new(CodeSystem::Ean13, "400638133393"), 384).unwrap();
        assert_eq!((bars.bars, bars.bitmap.width(), bars.bitmap.height()), (true, 95, 1));
        assert!(modules(&Code::new(CodeSystem::Ean13, "4006381333932"), 384).is_err());
        assert!(modules(&Code::new(CodeSystem::MaxiCode, "a"), 384).is_err());
    }
}
