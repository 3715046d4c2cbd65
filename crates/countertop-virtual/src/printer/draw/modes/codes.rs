//! How codes look, and what they hold until they are printed.

use countertop_wire::escpos::{
    AztecLayers, DataMatrixShape, Font, HriPosition, MaxiCodeMode, Pdf417ErrorCorrection,
    Pdf417Form, Pdf417Rows, QrErrorCorrection, QrModel, Symbol, TwoDimensional,
};

use super::Modes;

/// Is the settings of bar codes.
#[derive(Debug, Clone)]
pub(in crate::printer::draw) struct BarcodeModes {
    pub(in crate::printer::draw) height: usize,
    pub(in crate::printer::draw) module: usize,
    pub(in crate::printer::draw) text: HriPosition,
    pub(in crate::printer::draw) font: Font,
}

impl Default for BarcodeModes {
    fn default() -> Self {
        Self { height: 162, module: 3, text: HriPosition::None, font: Font::A }
    }
}

/// Is the settings of two-dimensional codes (GS ( k), with Epson's defaults.
#[derive(Debug, Clone, Default)]
pub(in crate::printer::draw) struct Codes {
    pub(in crate::printer::draw) qr: Qr,
    pub(in crate::printer::draw) pdf417: Pdf417,
    pub(in crate::printer::draw) maxicode: MaxiCode,
    pub(in crate::printer::draw) databar: DataBar,
    pub(in crate::printer::draw) composite: Composite,
    pub(in crate::printer::draw) aztec: Aztec,
    pub(in crate::printer::draw) data_matrix: DataMatrix,
}

macro_rules! settings {
    ($( $(#[$meta:meta])* $name:ident { $($field:ident: $type:ty = $default:expr,)+ } )+) => {
        $(
            $(#[$meta])*
            #[derive(Debug, Clone)]
            pub(in crate::printer::draw) struct $name {
                $( pub(in crate::printer::draw) $field: $type, )+
                pub(in crate::printer::draw) content: Option<Vec<u8>>,
            }

            impl Default for $name {
                fn default() -> Self {
                    Self { $( $field: $default, )+ content: None }
                }
            }
        )+
    };
}

settings! {
    /// Is a QR code.
    Qr {
        model: QrModel = QrModel::Two,
        module: usize = 3,
        correction: QrErrorCorrection = QrErrorCorrection::L,
    }
    /// Is a PDF417.
    Pdf417 {
        columns: usize = 0,
        rows: Pdf417Rows = Pdf417Rows::Automatic,
        module: usize = 3,
        row_height: usize = 3,
        correction: Option<Pdf417ErrorCorrection> = None,
        form: Pdf417Form = Pdf417Form::Standard,
    }
    /// Is a MaxiCode.
    MaxiCode {
        mode: MaxiCodeMode = MaxiCodeMode::NumericPostcode,
    }
    /// Is a stacked GS1 DataBar; its content begins with its kind.
    DataBar {
        module: usize = 2,
        most: usize = 0,
    }
    /// Is a composite symbol.
    Composite {
        module: usize = 2,
        most: usize = 0,
        text: Option<Font> = None,
        second: Option<Vec<u8>> = None,
    }
    /// Is an Aztec code.
    Aztec {
        layers: Option<AztecLayers> = None,
        module: usize = 3,
        percent: u8 = 23,
    }
    /// Is a Data Matrix.
    DataMatrix {
        shape: DataMatrixShape = DataMatrixShape::Square(0),
        module: usize = 3,
    }
}

impl Modes {
    pub(in crate::printer::draw) fn set_symbol(&mut self, command: &Symbol) {
        let qr = &mut self.codes.qr;
        match command {
            Symbol::QrModel(model) => qr.model = *model,
            Symbol::QrModuleSize(size) => qr.module = usize::from(size.dots()),
            Symbol::QrErrorCorrection(level) => qr.correction = *level,
            Symbol::QrStore(content) => qr.content = Some(content.bytes().to_vec()),
            Symbol::HriPosition(position) => self.barcode.text = *position,
            Symbol::HriFont(font) => {
                self.barcode.font = match font % 48 {
                    0 => Font::A,
                    2 => Font::C,
                    _ => Font::B,
                };
            }
            // What is out of range changes nothing (GS h, GS w).
            Symbol::BarcodeHeight(dots @ 1..) => self.barcode.height = usize::from(*dots),
            Symbol::BarcodeWidth(dots @ 2..=6) => self.barcode.module = usize::from(*dots),
            _ => {}
        }
    }

    pub(in crate::printer::draw) fn set_two_dimensional(&mut self, command: &TwoDimensional) {
        use TwoDimensional as It;
        let codes = &mut self.codes;
        match command {
            It::Pdf417Columns(columns) => codes.pdf417.columns = usize::from(columns.get()),
            It::Pdf417Rows(rows) => codes.pdf417.rows = *rows,
            It::Pdf417ModuleWidth(dots) => codes.pdf417.module = usize::from(dots.get()),
            It::Pdf417RowHeight(modules) => codes.pdf417.row_height = usize::from(modules.get()),
            It::Pdf417ErrorCorrection(level) => codes.pdf417.correction = Some(*level),
            It::Pdf417Form(form) => codes.pdf417.form = *form,
            It::Pdf417Store(data) => codes.pdf417.content = Some(data.bytes().to_vec()),
            It::MaxiCodeMode(mode) => codes.maxicode.mode = *mode,
            It::MaxiCodeStore(data) => codes.maxicode.content = Some(data.bytes().to_vec()),
            It::DataBarModuleWidth(dots) => codes.databar.module = usize::from(dots.get()),
            It::DataBarMaximumWidth(dots) => codes.databar.most = usize::from(*dots),
            It::DataBarStore(data) => codes.databar.content = Some(data.bytes().to_vec()),
            It::CompositeModuleWidth(dots) => codes.composite.module = usize::from(dots.get()),
            It::CompositeMaximumWidth(dots) => codes.composite.most = usize::from(*dots),
            It::CompositeHriFont(font) => codes.composite.set_text(*font),
            It::CompositeStore(data) => codes.composite.store(data.bytes()),
            It::AztecLayers(layers) => codes.aztec.layers = Some(*layers),
            It::AztecModuleSize(dots) => codes.aztec.module = usize::from(dots.get()),
            It::AztecErrorCorrection(percent) => codes.aztec.percent = percent.get(),
            It::AztecStore(data) => codes.aztec.content = Some(data.bytes().to_vec()),
            It::DataMatrixShape(shape) => codes.data_matrix.shape = *shape,
            It::DataMatrixModuleSize(dots) => codes.data_matrix.module = usize::from(dots.get()),
            It::DataMatrixStore(data) => codes.data_matrix.content = Some(data.bytes().to_vec()),
            _ => {}
        }
    }
}

impl Composite {
    /// Chooses the readable text's font, or none (GS ( k, function 472).
    fn set_text(&mut self, font: u8) {
        self.text = match font {
            0 | 48 => None,
            1 | 49 | 97 => Some(Font::A),
            2 | 50 | 98 => Some(Font::B),
            _ => return,
        };
    }

    /// Takes an element: the linear one (48), or the two-dimensional one (49).
    fn store(&mut self, data: &[u8]) {
        match data {
            [48, rest @ ..] => self.content = Some(rest.to_vec()),
            [49, rest @ ..] => self.second = Some(rest.to_vec()),
            _ => {}
        }
    }
}
