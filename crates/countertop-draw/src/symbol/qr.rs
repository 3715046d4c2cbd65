//! QR codes (ISO/IEC 18004).

use countertop_wire::escpos::QrErrorCorrection;
use qrcode::{EcLevel, QrCode as MicroQrCode, Version};
use qrcodegen::{QrCode, QrCodeEcc, QrSegment, QrSegmentMode};

use super::SymbolError;
use crate::Bitmap;

/// Encodes a QR code of model 2. `character_set` is the content's as an ECI assignment number, said
/// before bytes that are no digits or capitals; `None` says nothing of it.
///
/// # Errors
///
/// When there is more than version 40 holds.
pub fn qr(
    content: &[u8],
    correction: QrErrorCorrection,
    character_set: Option<u32>,
) -> Result<Bitmap, SymbolError> {
    let level = match correction {
        QrErrorCorrection::M => QrCodeEcc::Medium,
        QrErrorCorrection::Q => QrCodeEcc::Quartile,
        QrErrorCorrection::H => QrCodeEcc::High,
        _ => QrCodeEcc::Low,
    };
    let mut segments = match core::str::from_utf8(content) {
        Ok(text) => QrSegment::make_segments(text),
        Err(_) => vec![QrSegment::make_bytes(content)],
    };
    if let Some(number) = character_set.filter(|_| segments.iter().any(is_bytes)) {
        segments.insert(0, QrSegment::make_eci(number.min(999_999)));
    }
    let code = QrCode::encode_segments(&segments, level);
    let code = code.map_err(|_| SymbolError::TooLong(content.len()))?;
    let size = code.size();
    Ok(square(size, |x, y| code.get_module(x, y)))
}

/// Encodes a Micro QR code in the smallest version that holds it.
///
/// # Errors
///
/// When there is more than version M4 holds at the level; level H has none.
pub fn micro_qr(content: &[u8], correction: QrErrorCorrection) -> Result<Bitmap, SymbolError> {
    let level = match correction {
        QrErrorCorrection::M => EcLevel::M,
        QrErrorCorrection::Q => EcLevel::Q,
        QrErrorCorrection::H => {
            return Err(SymbolError::Data("Micro QR has no error correction H"));
        }
        _ => EcLevel::L,
    };
    let codes =
        (1..=4).map(|number| MicroQrCode::with_version(content, Version::Micro(number), level));
    let code = codes.into_iter().find_map(Result::ok);
    let code = code.ok_or(SymbolError::TooLong(content.len()))?;
    let size = i32::try_from(code.width()).unwrap_or(0);
    let index = |x: i32, y: i32| usize::try_from(y * size + x).unwrap_or(0);
    let colors = code.to_colors();
    Ok(square(size, |x, y| colors.get(index(x, y)) == Some(&qrcode::Color::Dark)))
}

fn is_bytes(segment: &QrSegment) -> bool {
    segment.mode() == QrSegmentMode::Byte
}

fn square(size: i32, dark: impl Fn(i32, i32) -> bool) -> Bitmap {
    let side = usize::try_from(size).unwrap_or(0);
    let mut out = Bitmap::new(side, side);
    for (row, y) in (0..size).enumerate() {
        for (column, _) in (0..size).enumerate().filter(|(_, x)| dark(*x, y)) {
            out.blacken(column, row);
        }
    }
    out
}
