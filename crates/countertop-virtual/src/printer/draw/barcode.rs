//! Bar codes.

use barcoders::error::Error;
use barcoders::sym::codabar::Codabar;
use barcoders::sym::code39::Code39;
use barcoders::sym::code93::Code93;
use barcoders::sym::code128::Code128;
use barcoders::sym::ean8::EAN8;
use barcoders::sym::ean13::EAN13;
use barcoders::sym::tf::TF;
use countertop_wire::escpos::{Barcode, BarcodeSystem, HriPosition};

use super::modes::cell;
use super::{Bitmap, Drawing};

impl Drawing {
    pub(super) fn print_barcode(&mut self, barcode: &Barcode) {
        let shown = readable(barcode);
        match modules(barcode.system(), barcode.data()) {
            Some(Ok(modules)) => {
                let block = self.with_text(&bars(&modules), &shown);
                self.print_block(block, &format!("[{:?} {shown}]", barcode.system()));
            }
            Some(Err(error)) => {
                self.notes.push(format!("bar code {:?} {shown}: {error}", barcode.system()));
            }
            None => self.notes.push(format!("not drawn: bar code {:?}", barcode.system())),
        }
    }

    /// Adds the readable text above and below the bars.
    fn with_text(&mut self, bars: &Bitmap, text: &str) -> Bitmap {
        let modes = self.modes.barcode.clone();
        let bars = bars.scaled(modes.module, modes.height);
        let cell = cell(modes.font);
        let (wide, high) = (usize::from(cell.width), usize::from(cell.height));
        let above = matches!(modes.text, HriPosition::Above | HriPosition::Both);
        let below = matches!(modes.text, HriPosition::Below | HriPosition::Both);
        let top = if above { high } else { 0 };
        let width = bars.width().max(if above || below { wide * text.chars().count() } else { 0 });
        let height = top + bars.height() + if below { high } else { 0 };
        let mut out = Bitmap::new(width, height);
        out.print(&bars, (width - bars.width()) / 2, top);
        let left = (width - (wide * text.chars().count()).min(width)) / 2;
        let rows = [(above, 0), (below, top + bars.height())];
        for (_, y) in rows.into_iter().filter(|(shown, _)| *shown) {
            for (index, char) in text.chars().enumerate() {
                out.print(self.glyphs.glyph(char, cell), left + index * wide, y);
            }
        }
        out
    }
}

/// Returns the data as it is read under the bars, without the code sets of CODE128.
fn readable(barcode: &Barcode) -> String {
    let text: String = barcode.data().iter().map(|byte| char::from(*byte)).collect();
    match barcode.system() {
        BarcodeSystem::Code128 => {
            code128(barcode.data()).chars().filter(|char| !"ÀƁĆŹ".contains(*char)).collect()
        }
        _ => text,
    }
}

/// Returns the bars, 1 for black; `None` for a symbology that is not drawn.
fn modules(system: BarcodeSystem, data: &[u8]) -> Option<Result<Vec<u8>, Error>> {
    let text: String = data.iter().map(|byte| char::from(*byte)).collect();
    Some(match system {
        BarcodeSystem::Ean13 => EAN13::new(text).map(|code| code.encode()),
        // UPC-A is EAN-13 with a leading nought.
        BarcodeSystem::UpcA => EAN13::new(format!("0{text}")).map(|code| code.encode()),
        BarcodeSystem::Ean8 => EAN8::new(text).map(|code| code.encode()),
        BarcodeSystem::Code39 => Code39::new(text.replace('*', "")).map(|code| code.encode()),
        BarcodeSystem::Code93 => Code93::new(text).map(|code| code.encode()),
        BarcodeSystem::Itf => TF::interleaved(text).map(|code| code.encode()),
        BarcodeSystem::Codabar => Codabar::new(text).map(|code| code.encode()),
        BarcodeSystem::Code128 => Code128::new(code128(data)).map(|code| code.encode()),
        BarcodeSystem::Code128Auto => Code128::new(format!("Ɓ{text}")).map(|code| code.encode()),
        _ => return None,
    })
}

/// Translates Epson's code sets (`{A`, `{B`, `{C`, `{1`, `{{`) into those of the crate barcoders;
/// data of set C is numbers from 0 to 99.
fn code128(data: &[u8]) -> String {
    let mut out = String::new();
    let mut pairs = false;
    let mut bytes = data.iter();
    while let Some(byte) = bytes.next() {
        match byte {
            b'{' => match bytes.next() {
                Some(b'A') => (pairs, _) = (false, out.push('À')),
                Some(b'B') => (pairs, _) = (false, out.push('Ɓ')),
                Some(b'C') => (pairs, _) = (true, out.push('Ć')),
                Some(b'1') => out.push('Ź'),
                Some(other) => out.push(char::from(*other)),
                None => {}
            },
            number if pairs => out.push_str(&format!("{number:02}")),
            other => out.push(char::from(*other)),
        }
    }
    out
}

fn bars(modules: &[u8]) -> Bitmap {
    let mut out = Bitmap::new(modules.len(), 1);
    let black = modules.iter().enumerate().filter(|(_, module)| **module == 1);
    black.for_each(|(x, _)| out.blacken(x, 0));
    out
}
