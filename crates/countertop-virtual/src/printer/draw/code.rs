//! Bar codes and two-dimensional codes.

use countertop_draw::glyph::Cell;
use countertop_draw::symbol::{
    self, CompositeComponent, CompositeLinear, Pdf417Options, SymbolError, micro_qr, qr,
};
use countertop_wire::escpos::{
    AztecLayers, Barcode, BarcodeSystem, HriPosition, Pdf417ErrorCorrection, QrModel, Ranged,
    Symbol, TwoDimensional,
};

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
            let code = if micro {
                micro_qr(content, it.correction)
            } else {
                qr(content, it.correction, None)
            }?;
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
            character_set: None,
            room: self.area_width() / it.module,
            row_height: it.row_height,
        };
        self.print_content("PDF417", it.content, |content| {
            Ok(symbol::pdf417(content, &options)?.scaled(it.module, it.module * it.row_height))
        });
    }

    fn print_maxicode(&mut self) {
        let it = self.modes.codes.maxicode.clone();
        self.print_content("MaxiCode", it.content, |content| {
            symbol::maxicode(content, it.mode, None)
        });
    }

    fn print_aztec(&mut self) {
        let it = self.modes.codes.aztec.clone();
        let full = || Ranged::new(0).map(AztecLayers::Full);
        let Ok(layers) = it.layers.map_or_else(full, Ok) else { return };
        self.print_content("Aztec", it.content, |content| {
            Ok(symbol::aztec(content, layers, it.percent, None)?.scaled(it.module, it.module))
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
        let it = self.modes.codes.databar.clone();
        let pairs = self.pairs(it.module, it.most);
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

    /// A symbol whose second element is missing is its linear code alone.
    fn print_composite(&mut self) {
        let it = self.modes.codes.composite.clone();
        let height = self.modes.barcode.height.div_ceil(it.module);
        let pairs = self.pairs(it.module, it.most);
        let text = match (&it.content, &it.second) {
            (Some(linear), Some(second)) => format!("{}|{}", readable(linear), readable(second)),
            (Some(linear), None) => readable(linear),
            (None, _) => {
                self.notes.push("composite symbol printed without content".into());
                return;
            }
        };
        let linear = it.content.unwrap_or_default();
        let code = match it.second {
            Some(second) => composite(&linear, &second, height, pairs),
            None => linear_element(&linear, height, pairs),
        };
        let code = code.map(|code| {
            let code = code.scaled(it.module, it.module);
            match it.text {
                Some(font) => self.captioned(&code, &caption(&linear), cell(font), (false, true)),
                None => code,
            }
        });
        self.print_code("composite", &text, code);
    }

    /// Returns how many pairs of characters a row of GS1 DataBar Expanded Stacked has at the most.
    fn pairs(&self, module: usize, most: usize) -> usize {
        /// Modules of a pair of characters, and of the guards.
        const PAIR: usize = 49;
        const GUARDS: usize = 4;
        let widest = match most {
            0 => self.area_width(),
            most => most.min(self.area_width()),
        };
        (widest / module).saturating_sub(GUARDS) / PAIR
    }

    fn print_barcode(&mut self, barcode: &Barcode) {
        let name = format!("{:?}", barcode.system());
        match symbol::barcode(barcode.system(), barcode.data()) {
            Ok(code) => {
                let block = self.with_text(&code.bars.to_bitmap(), &code.text);
                self.print_code(&name, &code.text, Ok(block));
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
        let above = matches!(modes.text, HriPosition::Above | HriPosition::Both);
        let below = matches!(modes.text, HriPosition::Below | HriPosition::Both);
        self.captioned(&bars, text, cell(modes.font), (above, below))
    }

    /// Adds a text above and below a code.
    fn captioned(
        &mut self,
        bars: &Bitmap,
        text: &str,
        cell: Cell,
        (above, below): (bool, bool),
    ) -> Bitmap {
        let (wide, high) = (usize::from(cell.width), usize::from(cell.height));
        let top = if above { high } else { 0 };
        let width = bars.width().max(if above || below { wide * text.chars().count() } else { 0 });
        let height = top + bars.height() + if below { high } else { 0 };
        let mut out = Bitmap::new(width, height);
        out.print(bars, (width - bars.width()) / 2, top);
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

/// Returns an element's data without its kind.
fn readable(element: &[u8]) -> String {
    String::from_utf8_lossy(element.get(1..).unwrap_or_default()).into_owned()
}

/// Returns what a person reads of a linear element: its check digit too.
fn caption(element: &[u8]) -> String {
    let (kind, data) = element.split_first().unwrap_or((&0, &[]));
    let code = linear_system(*kind).and_then(|system| symbol::barcode(system, data).ok());
    code.map_or_else(|| readable(element), |code| code.text)
}

/// Encodes both elements, each of which begins with its kind (GS ( k, function 480).
fn composite(
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
fn linear_element(element: &[u8], height: usize, pairs: usize) -> Result<Bitmap, SymbolError> {
    let (kind, data) = element.split_first().unwrap_or((&0, &[]));
    match kind {
        72 => return symbol::databar_stacked(data),
        73 => return symbol::databar_stacked_omnidirectional(data),
        76 => return symbol::databar_expanded_stacked(data, pairs),
        _ => {}
    }
    let unknown = SymbolError::Data("there is no element of this kind");
    let system = linear_system(*kind).ok_or(unknown)?;
    Ok(symbol::barcode(system, data)?.bars.to_bitmap().scaled(1, height))
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
