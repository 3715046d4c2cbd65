//! Bar codes and two-dimensional codes.

use countertop_wire::escpos::{
    AztecLayers, Barcode, BarcodeSystem, HriPosition, Pdf417ErrorCorrection, QrModel, Ranged,
    Symbol, TwoDimensional,
};

use super::modes::cell;
use super::{Bitmap, Drawing};
use crate::printer::symbol::{
    self, Bars, Code128Symbol, Pdf417Options, SymbolError, linear, micro_qr, qr, upc_e,
};

impl Drawing {
    pub(super) fn symbol(&mut self, command: &Symbol) {
        match command {
            Symbol::QrPrint => self.print_qr(),
            Symbol::Barcode(barcode) => self.print_barcode(barcode),
            other => self.modes.set_symbol(other),
        }
    }

    pub(super) fn two_dimensional(&mut self, command: &TwoDimensional) {
        use TwoDimensional as It;
        match command {
            It::Pdf417Print => self.print_pdf417(),
            It::MaxiCodePrint => self.print_maxicode(),
            It::DataBarPrint => self.print_databar(),
            It::CompositePrint => self.print_composite(),
            It::AztecPrint => self.print_aztec(),
            It::DataMatrixPrint => self.print_data_matrix(),
            other => self.modes.set_two_dimensional(other),
        }
    }

    /// Prints a code, or says why there is none. One that is wider than the area is not printed.
    fn print_code(&mut self, name: &str, text: &str, code: Result<Bitmap, SymbolError>) {
        match code {
            Ok(block) if block.width() > self.area_width() => {
                let (width, area) = (block.width(), self.area_width());
                self.notes.push(format!("{name} {text}: {width} dots are wider than {area}"));
            }
            Ok(block) => self.print_block(block, &format!("[{name} {text}]")),
            Err(error) => self.notes.push(format!("{name} {text}: {error}")),
        }
    }

    fn print_content(
        &mut self,
        name: &str,
        content: Option<Vec<u8>>,
        draw: impl FnOnce(&[u8]) -> Result<Bitmap, SymbolError>,
    ) {
        match content {
            Some(content) => {
                let text = String::from_utf8_lossy(&content).into_owned();
                self.print_code(name, &text, draw(&content));
            }
            None => self.notes.push(format!("{name} printed without content")),
        }
    }

    fn print_qr(&mut self) {
        let it = self.modes.codes.qr.clone();
        if it.model == QrModel::One {
            self.notes.push("QR code of an obsolete model, drawn as model 2".into());
        }
        let micro = it.model == QrModel::Micro;
        self.print_content(if micro { "Micro QR" } else { "QR" }, it.content, |content| {
            let code = if micro { micro_qr } else { qr }(content, it.correction)?;
            Ok(code.scaled(it.module, it.module))
        });
    }

    fn print_pdf417(&mut self) {
        let it = self.modes.codes.pdf417.clone();
        let tenth = || Ranged::new(1).map(Pdf417ErrorCorrection::Ratio);
        let Ok(correction) = it.correction.map_or_else(tenth, Ok) else { return };
        let options = Pdf417Options {
            columns: it.columns,
            rows: it.rows,
            correction,
            form: it.form,
            room: self.area_width() / it.module,
            row_height: it.row_height,
        };
        self.print_content("PDF417", it.content, |content| {
            Ok(symbol::pdf417(content, &options)?.scaled(it.module, it.module * it.row_height))
        });
    }

    fn print_maxicode(&mut self) {
        let it = self.modes.codes.maxicode.clone();
        self.print_content("MaxiCode", it.content, |content| symbol::maxicode(content, it.mode));
    }

    fn print_aztec(&mut self) {
        let it = self.modes.codes.aztec.clone();
        let full = || Ranged::new(0).map(AztecLayers::Full);
        let Ok(layers) = it.layers.map_or_else(full, Ok) else { return };
        self.print_content("Aztec", it.content, |content| {
            Ok(symbol::aztec(content, layers, it.percent)?.scaled(it.module, it.module))
        });
    }

    fn print_data_matrix(&mut self) {
        let it = self.modes.codes.data_matrix.clone();
        self.print_content("Data Matrix", it.content, |content| {
            Ok(symbol::data_matrix(content, it.shape)?.scaled(it.module, it.module))
        });
    }

    /// The content's first byte is the kind: 72 stacked, 73 stacked omnidirectional, 76 expanded
    /// stacked.
    fn print_databar(&mut self) {
        /// Modules of a pair of characters of the expanded form, and of the guards.
        const PAIR: usize = 49;
        const GUARDS: usize = 4;
        let it = self.modes.codes.databar.clone();
        let widest = match it.most {
            0 => self.area_width(),
            most => most.min(self.area_width()),
        };
        let pairs = (widest / it.module).saturating_sub(GUARDS) / PAIR;
        self.print_content("GS1 DataBar", it.content, |content| {
            let code = match content.split_first() {
                Some((72, data)) => symbol::databar_stacked(data),
                Some((73, data)) => symbol::databar_stacked_omnidirectional(data),
                Some((76, data)) => symbol::databar_expanded_stacked(data, pairs),
                _ => Err(SymbolError::Data("there is no stacked code of this kind")),
            };
            Ok(code?.scaled(it.module, it.module))
        });
    }

    /// Only the linear element of a composite symbol is drawn, and a note says so.
    fn print_composite(&mut self) {
        let it = self.modes.codes.composite.clone();
        let Some((kind, data)) = it.content.as_deref().and_then(<[u8]>::split_first) else {
            self.notes.push("composite symbol printed without content".into());
            return;
        };
        if it.second.is_some() {
            self.notes.push("not drawn: the two-dimensional element of a composite symbol".into());
        }
        let code = composite_element(*kind, data);
        let height = self.modes.barcode.height;
        let code = code.map(|bars| bars.to_bitmap().scaled(it.module, height));
        let text = String::from_utf8_lossy(data).into_owned();
        self.print_code("composite", &text, code);
    }

    fn print_barcode(&mut self, barcode: &Barcode) {
        let name = format!("{:?}", barcode.system());
        match encode(barcode.system(), barcode.data()) {
            Ok((bars, text)) => {
                let block = self.with_text(&bars.to_bitmap(), &text);
                self.print_code(&name, &text, Ok(block));
            }
            Err(error) => {
                let text = barcode.data().escape_ascii().to_string();
                self.print_code(&format!("bar code {name}"), &text, Err(error));
            }
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

/// Returns the bars and what stands readable beside them.
fn encode(system: BarcodeSystem, data: &[u8]) -> Result<(Bars, String), SymbolError> {
    let text = || data.iter().map(|byte| char::from(*byte)).collect::<String>();
    let code128 = |it: Code128Symbol| (it.bars, it.text);
    let databar = |bars: Bars| (bars, format!("(01){}", text().trim_start_matches("(01)")));
    match system {
        BarcodeSystem::Code128 => symbol::code128_escaped(data).map(code128),
        BarcodeSystem::Code128Auto => symbol::code128_automatic(data).map(code128),
        BarcodeSystem::Gs1128 => symbol::gs1_128(data).map(code128),
        BarcodeSystem::UpcE => upc_e(data),
        BarcodeSystem::DataBarOmnidirectional | BarcodeSystem::DataBarTruncated => {
            symbol::databar_omnidirectional(data).map(databar)
        }
        BarcodeSystem::DataBarLimited => symbol::databar_limited(data).map(databar),
        BarcodeSystem::DataBarExpanded => Ok((symbol::databar_expanded(data)?, text())),
        // The last of an odd number of digits is ignored.
        BarcodeSystem::Itf => {
            let even = &data[..data.len() / 2 * 2];
            Ok((linear(system, even)?, even.escape_ascii().to_string()))
        }
        other => Ok((linear(other, data)?, with_check_digit(other, text()))),
    }
}

/// Adds the check digit of a retail code that came without.
fn with_check_digit(system: BarcodeSystem, text: String) -> String {
    let digits = match system {
        BarcodeSystem::Ean13 => 12,
        BarcodeSystem::Ean8 => 7,
        BarcodeSystem::UpcA => 11,
        _ => return text,
    };
    if text.len() != digits {
        return text;
    }
    let weighed =
        text.bytes().rev().enumerate().map(|(at, digit)| {
            u32::from(digit.wrapping_sub(b'0')) * if at % 2 == 0 { 3 } else { 1 }
        });
    let check = (10 - weighed.sum::<u32>() % 10) % 10;
    format!("{text}{check}")
}

/// Encodes the linear element of a composite symbol, by its kind (GS ( k, function 480).
fn composite_element(kind: u8, data: &[u8]) -> Result<Bars, SymbolError> {
    let system = match kind {
        65 => BarcodeSystem::Ean8,
        66 => BarcodeSystem::Ean13,
        67 => BarcodeSystem::UpcA,
        68 | 69 => BarcodeSystem::UpcE,
        70 | 71 => BarcodeSystem::DataBarOmnidirectional,
        74 => BarcodeSystem::DataBarLimited,
        75 | 76 => BarcodeSystem::DataBarExpanded,
        77 => BarcodeSystem::Gs1128,
        _ => return Err(SymbolError::Data("no linear element of this kind is drawn")),
    };
    encode(system, data).map(|(bars, _)| bars)
}
