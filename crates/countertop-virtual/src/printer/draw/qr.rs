//! QR codes.

use countertop_wire::escpos::{QrErrorCorrection, QrModel};
use qrcodegen::{QrCode, QrCodeEcc};

use super::{Bitmap, Drawing};

impl Drawing {
    pub(super) fn print_qr(&mut self) {
        let Some(content) = self.modes.qr.content.clone() else {
            self.notes.push("QR code printed without content".into());
            return;
        };
        if self.modes.qr.model != QrModel::Two {
            self.notes.push("QR code of an obsolete model, drawn as model 2".into());
        }
        let shown = String::from_utf8_lossy(content.bytes()).into_owned();
        match encode(content.bytes(), self.modes.qr.correction) {
            Some(code) => {
                let block = draw(&code).scaled(self.modes.qr.module, self.modes.qr.module);
                self.print_block(block, &format!("[QR {shown}]"));
            }
            None => self.notes.push(format!("QR code too long: {} bytes", content.bytes().len())),
        }
    }
}

fn encode(content: &[u8], correction: QrErrorCorrection) -> Option<QrCode> {
    let level = match correction {
        QrErrorCorrection::M => QrCodeEcc::Medium,
        QrErrorCorrection::Q => QrCodeEcc::Quartile,
        QrErrorCorrection::H => QrCodeEcc::High,
        _ => QrCodeEcc::Low,
    };
    match core::str::from_utf8(content) {
        Ok(text) => QrCode::encode_text(text, level).ok(),
        Err(_) => QrCode::encode_binary(content, level).ok(),
    }
}

fn draw(code: &QrCode) -> Bitmap {
    let size = code.size();
    let side = usize::try_from(size).unwrap_or(0);
    let mut out = Bitmap::new(side, side);
    for (row, y) in (0..size).enumerate() {
        for (column, _) in (0..size).enumerate().filter(|(_, x)| code.get_module(*x, y)) {
            out.blacken(column, row);
        }
    }
    out
}
