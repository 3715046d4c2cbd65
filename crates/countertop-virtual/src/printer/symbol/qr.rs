//! QR codes (ISO/IEC 18004).

use countertop_wire::escpos::QrErrorCorrection;
use qrcode::{EcLevel, QrCode as MicroQrCode, Version};
use qrcodegen::{QrCode, QrCodeEcc};

use super::SymbolError;
use crate::printer::Bitmap;

/// Encodes a QR code of model 2.
///
/// # Errors
///
/// When there is more than version 40 holds.
pub(in crate::printer) fn qr(
    content: &[u8],
    correction: QrErrorCorrection,
) -> Result<Bitmap, SymbolError> {
    let level = match correction {
        QrErrorCorrection::M => QrCodeEcc::Medium,
        QrErrorCorrection::Q => QrCodeEcc::Quartile,
        QrErrorCorrection::H => QrCodeEcc::High,
        _ => QrCodeEcc::Low,
    };
    let code = match core::str::from_utf8(content) {
        Ok(text) => QrCode::encode_text(text, level),
        Err(_) => QrCode::encode_binary(content, level),
    };
    let code = code.map_err(|_| SymbolError::TooLong(content.len()))?;
    let size = code.size();
    Ok(square(size, |x, y| code.get_module(x, y)))
}

/// Encodes a Micro QR code in the smallest version that holds it.
///
/// # Errors
///
/// When there is more than version M4 holds at the level; level H has none.
pub(in crate::printer) fn micro_qr(
    content: &[u8],
    correction: QrErrorCorrection,
) -> Result<Bitmap, SymbolError> {
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
