//! Two-dimensional codes (GS ( k): printed, and measured.

use countertop_draw::symbol::{self, Pdf417Options, SymbolError, micro_qr, qr};
use countertop_wire::escpos::{
    AztecLayers, Command, Pdf417ErrorCorrection, QrModel, Ranged, Symbol, TwoDimensional,
};

use super::composite::{caption, composite, linear_element, readable};
use super::line::Block;
use super::modes::cell;
use super::{Bitmap, Drawing};

/// Names a two-dimensional code that has a storage area.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Aztec,
    Composite,
    DataBar,
    DataMatrix,
    MaxiCode,
    Pdf417,
    Qr,
}

/// Is what is stored of a code: its readable text, and its dots.
type Stored = (String, Result<Block, SymbolError>);

/// Is the answer to a question for a code's size (GS ( k, functions 082, 182, 282, 382 and 482).
#[derive(Debug, PartialEq, Eq)]
pub(in crate::printer) struct CodeSize {
    pub(in crate::printer) identifier: u8,
    pub(in crate::printer) width: usize,
    pub(in crate::printer) height: usize,
    /// Whether it would be printed.
    pub(in crate::printer) fits: bool,
}

impl Drawing {
    pub(super) fn two_dimensional(&mut self, command: &TwoDimensional) {
        use TwoDimensional as It;
        match command {
            It::Pdf417Print => self.print_stored_code(Kind::Pdf417),
            It::MaxiCodePrint => self.print_stored_code(Kind::MaxiCode),
            It::DataBarPrint => self.print_stored_code(Kind::DataBar),
            It::CompositePrint => self.print_stored_code(Kind::Composite),
            It::AztecPrint => self.print_stored_code(Kind::Aztec),
            It::DataMatrixPrint => self.print_stored_code(Kind::DataMatrix),
            other => self.modes.set_two_dimensional(other),
        }
    }

    pub(super) fn print_qr(&mut self) {
        if self.modes.codes.qr.model == QrModel::One {
            self.notes.push("QR code of an obsolete model, drawn as model 2".into());
        }
        self.print_stored_code(Kind::Qr);
    }

    fn print_stored_code(&mut self, kind: Kind) {
        let name = self.name(kind);
        match self.stored_code(kind) {
            Some((text, code)) => self.print_code(name, &text, code),
            None => self.notes.push(format!("{name} printed without content")),
        }
    }

    /// Returns the size of the code that is asked for; `None` when `command` is no such question, or one
    /// whose answer is not known.
    pub(in crate::printer) fn code_size(&mut self, command: &Command) -> Option<CodeSize> {
        let (kind, identifier) = match command {
            Command::Symbol(Symbol::QrSize) => (Kind::Qr, 0x36),
            Command::TwoDimensional(TwoDimensional::Pdf417Size) => (Kind::Pdf417, 0x2F),
            Command::TwoDimensional(TwoDimensional::MaxiCodeSize) => (Kind::MaxiCode, 0x37),
            Command::TwoDimensional(TwoDimensional::DataBarSize) => (Kind::DataBar, 0x4F),
            Command::TwoDimensional(TwoDimensional::CompositeSize) => (Kind::Composite, 0x50),
            _ => return None,
        };
        let code = self.stored_code(kind).and_then(|(_, code)| code.ok());
        let (width, height) = code.map_or((0, 0), |code| (code.dots.width(), code.dots.height()));
        let fits = width > 0 && width <= self.area_width();
        Some(CodeSize { identifier, width, height, fits })
    }

    fn name(&self, kind: Kind) -> &'static str {
        match kind {
            Kind::Aztec => "Aztec",
            Kind::Composite => "composite",
            Kind::DataBar => "GS1 DataBar",
            Kind::DataMatrix => "Data Matrix",
            Kind::MaxiCode => "MaxiCode",
            Kind::Pdf417 => "PDF417",
            Kind::Qr if self.modes.codes.qr.model == QrModel::Micro => "Micro QR",
            Kind::Qr => "QR",
        }
    }

    /// Draws what is stored; `None` when nothing is.
    fn stored_code(&mut self, kind: Kind) -> Option<Stored> {
        let codes = &self.modes.codes;
        let content = match kind {
            Kind::Composite => return self.composite(),
            Kind::Aztec => codes.aztec.content.clone(),
            Kind::DataBar => codes.databar.content.clone(),
            Kind::DataMatrix => codes.data_matrix.content.clone(),
            Kind::MaxiCode => codes.maxicode.content.clone(),
            Kind::Pdf417 => codes.pdf417.content.clone(),
            Kind::Qr => codes.qr.content.clone(),
        }?;
        let code = match kind {
            Kind::Aztec => self.aztec(&content),
            Kind::DataBar => self.databar(&content),
            Kind::MaxiCode => symbol::maxicode(&content, codes.maxicode.mode, None),
            Kind::Pdf417 => self.pdf417(&content),
            Kind::Qr => self.qr(&content),
            Kind::DataMatrix | Kind::Composite => self.data_matrix(&content),
        };
        Some((String::from_utf8_lossy(&content).into_owned(), code.map(Block::from)))
    }

    fn qr(&self, content: &[u8]) -> Result<Bitmap, SymbolError> {
        let it = &self.modes.codes.qr;
        let code = match it.model {
            QrModel::Micro => micro_qr(content, it.correction),
            _ => qr(content, it.correction, None),
        };
        Ok(code?.scaled(it.module, it.module))
    }

    fn pdf417(&self, content: &[u8]) -> Result<Bitmap, SymbolError> {
        const NO_LEVEL: SymbolError = SymbolError::Data("there is no such level");
        let it = &self.modes.codes.pdf417;
        let tenth = || Ranged::new(1).map(Pdf417ErrorCorrection::Ratio).map_err(|_| NO_LEVEL);
        let options = Pdf417Options {
            columns: it.columns,
            rows: it.rows,
            correction: it.correction.map_or_else(tenth, Ok)?,
            form: it.form,
            character_set: None,
            room: self.area_width() / it.module,
            row_height: it.row_height,
        };
        Ok(symbol::pdf417(content, &options)?.scaled(it.module, it.module * it.row_height))
    }

    fn aztec(&self, content: &[u8]) -> Result<Bitmap, SymbolError> {
        const NO_LAYERS: SymbolError = SymbolError::Data("there are no such layers");
        let it = &self.modes.codes.aztec;
        let full = || Ranged::new(0).map(AztecLayers::Full).map_err(|_| NO_LAYERS);
        let layers = it.layers.map_or_else(full, Ok)?;
        Ok(symbol::aztec(content, layers, it.percent, None)?.scaled(it.module, it.module))
    }

    fn data_matrix(&self, content: &[u8]) -> Result<Bitmap, SymbolError> {
        let it = &self.modes.codes.data_matrix;
        Ok(symbol::data_matrix(content, it.shape)?.scaled(it.module, it.module))
    }

    /// The content's first byte is the kind: 72 stacked, 73 stacked omnidirectional, 76 expanded
    /// stacked.
    fn databar(&self, content: &[u8]) -> Result<Bitmap, SymbolError> {
        let it = &self.modes.codes.databar;
        let code = match content.split_first() {
            Some((72, data)) => symbol::databar_stacked(data),
            Some((73, data)) => symbol::databar_stacked_omnidirectional(data),
            Some((76, data)) => {
                symbol::databar_expanded_stacked(data, self.pairs(it.module, it.most))
            }
            _ => Err(SymbolError::Data("there is no stacked code of this kind")),
        };
        Ok(code?.scaled(it.module, it.module))
    }

    /// A symbol whose second element is missing is its linear code alone.
    fn composite(&mut self) -> Option<Stored> {
        let it = self.modes.codes.composite.clone();
        let linear = it.content?;
        let height = self.modes.barcode.height.div_ceil(it.module);
        let pairs = self.pairs(it.module, it.most);
        let (text, code) = match &it.second {
            Some(second) => (
                format!("{}|{}", readable(&linear), readable(second)),
                composite(&linear, second, height, pairs),
            ),
            None => (readable(&linear), linear_element(&linear, height, pairs)),
        };
        let code = code.map(|code| code.scaled(it.module, it.module));
        let code = code.map(|code| match it.text {
            Some(font) => self.captioned(&code, &caption(&linear), cell(font), (false, true)),
            None => code.into(),
        });
        Some((text, code))
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
}
