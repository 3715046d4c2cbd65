//! Bar codes, and what all codes have in common.

use countertop_draw::glyph::Cell;
use countertop_draw::symbol::{self, Bars, SymbolError};
use countertop_wire::escpos::{Barcode, BarcodeSystem, HriPosition, Parser, Symbol};

use super::line::Block;
use super::modes::cell;
use super::{Bitmap, Drawing};

impl Drawing {
    pub(super) fn symbol(&mut self, command: &Symbol) {
        match command {
            Symbol::QrPrint => self.print_qr(),
            Symbol::Barcode(barcode) => self.print_barcode(barcode),
            other => self.modes.set_symbol(other),
        }
    }

    /// Prints a code, or says why there is none. One that is wider than the area is not printed.
    pub(super) fn print_code(&mut self, name: &str, text: &str, code: Result<Block, SymbolError>) {
        match code {
            Ok(block) if block.dots.width() > self.area_width() => {
                let (width, area) = (block.dots.width(), self.area_width());
                self.notes.push(format!("{name} {text}: {width} dots are wider than {area}"));
            }
            Ok(block) => self.print_block(block, &format!("[{name} {text}]")),
            Err(error) => self.notes.push(format!("{name} {text}: {error}")),
        }
    }

    /// GS k: behind characters of its line it is no bar code, and its data are printed as they are.
    fn print_barcode(&mut self, barcode: &Barcode) {
        let name = format!("{:?}", barcode.system());
        if !self.line.is_empty() && self.page_mode.is_none() {
            self.notes.push(format!("bar code {name} behind characters: printed as text"));
            self.print_text(barcode.data());
            return;
        }
        let (data, rest) = ended(barcode);
        match symbol::barcode(barcode.system(), data) {
            Ok(code) => {
                let text = marked(barcode).unwrap_or_else(|| code.text.clone());
                let block = self.with_text(&code.bars, &text);
                self.print_code(&name, &code.text, Ok(block));
            }
            Err(error) => {
                let text = data.escape_ascii().to_string();
                self.print_code(&format!("bar code {name}"), &text, Err(error));
            }
        }
        self.process_rest(rest);
    }

    /// Processes what stands within a bar code's data behind its stop character as other data is.
    fn process_rest(&mut self, rest: &[u8]) {
        if rest.is_empty() {
            return;
        }
        self.notes.push(format!("not in the bar code: {}", rest.escape_ascii()));
        let mut parser = Parser::new();
        parser.feed(rest);
        while let Some(command) = parser.next_command().or_else(|| parser.finish()) {
            self.perform(&command);
        }
    }

    /// Adds the readable text above and below the bars.
    fn with_text(&mut self, bars: &Bars, text: &str) -> Block {
        let modes = self.modes.barcode.clone();
        let bars = bars.drawn(modes.module, modes.height);
        let above = matches!(modes.text, HriPosition::Above | HriPosition::Both);
        let below = matches!(modes.text, HriPosition::Below | HriPosition::Both);
        self.captioned(&bars, text, cell(modes.font), (above, below))
    }

    /// Adds a text above and below a code.
    pub(super) fn captioned(
        &mut self,
        bars: &Bitmap,
        text: &str,
        cell: Cell,
        (above, below): (bool, bool),
    ) -> Block {
        let (wide, high) = (usize::from(cell.width), usize::from(cell.height));
        let (top, bottom) = (if above { high } else { 0 }, if below { high } else { 0 });
        let width = bars.width().max(if above || below { wide * text.chars().count() } else { 0 });
        let height = top + bars.height() + bottom;
        let mut out = Bitmap::new(width, height);
        out.print(bars, (width - bars.width()) / 2, top);
        let left = (width - (wide * text.chars().count()).min(width)) / 2;
        let rows = [(above, 0), (below, top + bars.height())];
        for (_, y) in rows.into_iter().filter(|(shown, _)| *shown) {
            for (index, char) in text.chars().enumerate() {
                out.print(self.glyphs.glyph(char, cell), left + index * wide, y);
            }
        }
        Block { dots: out, below: bottom }
    }
}

/// Splits a CODE39's data behind the stop character: the first `*` that does not begin it, wherever it
/// stands (Epson, ESC/POS TM-L60II Technical Information, GS k, p. 1264).
fn ended(barcode: &Barcode) -> (&[u8], &[u8]) {
    let data = barcode.data();
    let stop = data.iter().skip(1).position(|byte| *byte == b'*');
    match stop.filter(|_| barcode.system() == BarcodeSystem::Code39) {
        Some(stop) => data.split_at(stop + 2),
        None => (data, &[]),
    }
}

/// Returns what is readable of a CODE93: marks at both ends, and control characters by a letter behind
/// another mark (Epson, GS k); `None` for other codes.
fn marked(barcode: &Barcode) -> Option<String> {
    let shown = |byte: &u8| match byte {
        0x00..=0x1F => format!("\u{25A0}{}", char::from(byte + 0x40)),
        0x7F => "\u{25A0}?".into(),
        _ => char::from(*byte).to_string(),
    };
    let inner = || barcode.data().iter().map(shown).collect::<String>();
    (barcode.system() == BarcodeSystem::Code93).then(|| format!("\u{25A1}{}\u{25A1}", inner()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn code93_has_marks() {
        let code = |system, data: &[u8]| marked(&Barcode::new(system, data.to_vec()).unwrap());
        assert_eq!(code(BarcodeSystem::Code93, b"a\x01\x7F").as_deref(), Some("□a■A■?□"));
        assert_eq!(code(BarcodeSystem::Code39, b"A"), None);
    }
}
