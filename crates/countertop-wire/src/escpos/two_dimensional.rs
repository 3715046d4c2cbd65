//! PDF417, MaxiCode, GS1 DataBar stacked, composite symbology, Aztec and DataMatrix (GS ( k).
//!
//! The symbol is stored, set up and printed by commands of their own, as a QR code is.

use super::symbol_data::SymbolData;
use super::table::{Parameter, choice, commands};
use super::{GS, Ranged};

commands! {
    /// Sets up, stores or prints a two-dimensional symbol other than QR.
    TwoDimensional {
        /// GS ( k, function 065: data columns of PDF417; 0 lets the printer choose.
        Pdf417Columns(Ranged<0, 30>) = [GS, b'(', b'k', 0x03, 0x00, 0x30, 0x41];
        /// GS ( k, function 066: rows of PDF417, 3 to 90; 0 lets the printer choose.
        Pdf417Rows(Pdf417Rows) = [GS, b'(', b'k', 0x03, 0x00, 0x30, 0x42];
        /// GS ( k, function 067: dots of a PDF417 module's width.
        Pdf417ModuleWidth(Ranged<2, 8>) = [GS, b'(', b'k', 0x03, 0x00, 0x30, 0x43];
        /// GS ( k, function 068: height of a PDF417 row in module widths.
        Pdf417RowHeight(Ranged<2, 8>) = [GS, b'(', b'k', 0x03, 0x00, 0x30, 0x44];
        /// GS ( k, function 069: error correction of PDF417.
        Pdf417ErrorCorrection(Pdf417ErrorCorrection) = [GS, b'(', b'k', 0x04, 0x00, 0x30, 0x45];
        /// GS ( k, function 070: standard or truncated PDF417.
        Pdf417Form(Pdf417Form) = [GS, b'(', b'k', 0x03, 0x00, 0x30, 0x46];
        /// GS ( k, function 080: stores the content of a PDF417.
        Pdf417Store(SymbolData<0x30>) = [GS, b'(', b'k'];
        /// GS ( k, function 081: prints the stored PDF417.
        Pdf417Print = [GS, b'(', b'k', 0x03, 0x00, 0x30, 0x51, 0x30];
        /// GS ( k, function 082: asks how large the stored PDF417 is.
        Pdf417Size = [GS, b'(', b'k', 0x03, 0x00, 0x30, 0x52, 0x30];
        /// GS ( k, function 265: mode of MaxiCode.
        MaxiCodeMode(MaxiCodeMode) = [GS, b'(', b'k', 0x03, 0x00, 0x32, 0x41];
        /// GS ( k, function 280: stores the content of a MaxiCode.
        MaxiCodeStore(SymbolData<0x32>) = [GS, b'(', b'k'];
        /// GS ( k, function 281: prints the stored MaxiCode.
        MaxiCodePrint = [GS, b'(', b'k', 0x03, 0x00, 0x32, 0x51, 0x30];
        /// GS ( k, function 282: asks how large the stored MaxiCode is.
        MaxiCodeSize = [GS, b'(', b'k', 0x03, 0x00, 0x32, 0x52, 0x30];
        /// GS ( k, function 367: dots of a stacked GS1 DataBar's module.
        DataBarModuleWidth(Ranged<2, 8>) = [GS, b'(', b'k', 0x03, 0x00, 0x33, 0x43];
        /// GS ( k, function 371: widest GS1 DataBar Expanded Stacked in dots; 0 lets the printer choose.
        DataBarMaximumWidth(u16) = [GS, b'(', b'k', 0x04, 0x00, 0x33, 0x47];
        /// GS ( k, function 380: stores the content of a stacked GS1 DataBar.
        DataBarStore(SymbolData<0x33>) = [GS, b'(', b'k'];
        /// GS ( k, function 381: prints the stored GS1 DataBar.
        DataBarPrint = [GS, b'(', b'k', 0x03, 0x00, 0x33, 0x51, 0x30];
        /// GS ( k, function 382: asks how large the stored GS1 DataBar is.
        DataBarSize = [GS, b'(', b'k', 0x03, 0x00, 0x33, 0x52, 0x30];
        /// GS ( k, function 467: dots of a composite symbol's module.
        CompositeModuleWidth(Ranged<2, 8>) = [GS, b'(', b'k', 0x03, 0x00, 0x34, 0x43];
        /// GS ( k, function 471: widest GS1 DataBar Expanded Stacked of a composite symbol in dots.
        CompositeMaximumWidth(u16) = [GS, b'(', b'k', 0x04, 0x00, 0x34, 0x47];
        /// GS ( k, function 472: font of a composite symbol's readable text; 48 for none.
        CompositeHriFont(u8) = [GS, b'(', b'k', 0x03, 0x00, 0x34, 0x48];
        /// GS ( k, function 480: stores the content of a composite symbol's part.
        CompositeStore(SymbolData<0x34>) = [GS, b'(', b'k'];
        /// GS ( k, function 481: prints the stored composite symbol.
        CompositePrint = [GS, b'(', b'k', 0x03, 0x00, 0x34, 0x51, 0x30];
        /// GS ( k, function 482: asks how large the stored composite symbol is.
        CompositeSize = [GS, b'(', b'k', 0x03, 0x00, 0x34, 0x52, 0x30];
        /// GS ( k, function 566: kind and layers of Aztec.
        AztecLayers(AztecLayers) = [GS, b'(', b'k', 0x04, 0x00, 0x35, 0x42];
        /// GS ( k, function 567: dots of an Aztec module.
        AztecModuleSize(Ranged<2, 16>) = [GS, b'(', b'k', 0x03, 0x00, 0x35, 0x43];
        /// GS ( k, function 569: error correction of Aztec in percent.
        AztecErrorCorrection(Ranged<5, 95>) = [GS, b'(', b'k', 0x03, 0x00, 0x35, 0x45];
        /// GS ( k, function 580: stores the content of an Aztec code.
        AztecStore(SymbolData<0x35>) = [GS, b'(', b'k'];
        /// GS ( k, function 581: prints the stored Aztec code.
        AztecPrint = [GS, b'(', b'k', 0x03, 0x00, 0x35, 0x51, 0x30];
        /// GS ( k, function 582: asks how large the stored Aztec code is.
        AztecSize = [GS, b'(', b'k', 0x03, 0x00, 0x35, 0x52, 0x30];
        /// GS ( k, function 666: shape and size of DataMatrix (ECC 200).
        DataMatrixShape(DataMatrixShape) = [GS, b'(', b'k', 0x05, 0x00, 0x36, 0x42];
        /// GS ( k, function 667: dots of a DataMatrix module.
        DataMatrixModuleSize(Ranged<2, 16>) = [GS, b'(', b'k', 0x03, 0x00, 0x36, 0x43];
        /// GS ( k, function 680: stores the content of a DataMatrix.
        DataMatrixStore(SymbolData<0x36>) = [GS, b'(', b'k'];
        /// GS ( k, function 681: prints the stored DataMatrix.
        DataMatrixPrint = [GS, b'(', b'k', 0x03, 0x00, 0x36, 0x51, 0x30];
        /// GS ( k, function 682: asks how large the stored DataMatrix is.
        DataMatrixSize = [GS, b'(', b'k', 0x03, 0x00, 0x36, 0x52, 0x30];
    }
}

choice! {
    /// Is a form of PDF417.
    Pdf417Form {
        /// With both row indicators.
        Standard = 0x00;
        /// Without the right row indicator.
        Truncated = 0x01;
    }
}

choice! {
    /// Is a mode of MaxiCode (ISO/IEC 16023).
    MaxiCodeMode {
        /// Mode 2: numeric postcode.
        NumericPostcode = 50;
        /// Mode 3: alphanumeric postcode.
        AlphanumericPostcode = 51;
        /// Mode 4: any content.
        Standard = 52;
        /// Mode 5: any content, full error correction.
        FullErrorCorrection = 53;
        /// Mode 6: programs a reader.
        ReaderProgramming = 54;
    }
}

/// Is how many rows a PDF417 has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Pdf417Rows {
    /// The printer chooses.
    Automatic,
    /// From 3 to 90.
    Rows(Ranged<3, 90>),
}

impl Parameter for Pdf417Rows {
    fn emit(&self, out: &mut Vec<u8>) {
        out.push(match self {
            Self::Automatic => 0,
            Self::Rows(rows) => rows.get(),
        });
    }

    fn decode(bytes: &[u8]) -> Option<Self> {
        match bytes {
            [0] => Some(Self::Automatic),
            _ => Ranged::decode(bytes).map(Self::Rows),
        }
    }
}

/// Is the error correction of a PDF417.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Pdf417ErrorCorrection {
    /// Level 0 to 8: 2 to 512 code words.
    Level(Ranged<0, 8>),
    /// 1 to 40 tenths of the data's code words.
    Ratio(Ranged<1, 40>),
}

impl Parameter for Pdf417ErrorCorrection {
    fn emit(&self, out: &mut Vec<u8>) {
        match self {
            Self::Level(level) => out.extend([48, 48 + level.get()]),
            Self::Ratio(tenths) => out.extend([49, tenths.get()]),
        }
    }

    fn decode(bytes: &[u8]) -> Option<Self> {
        match bytes {
            [48, level] => Some(Self::Level(Ranged::new(level.checked_sub(48)?).ok()?)),
            [49, tenths] => Some(Self::Ratio(Ranged::new(*tenths).ok()?)),
            _ => None,
        }
    }
}

/// Is the kind of an Aztec code and its data layers; 0 lets the printer choose.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum AztecLayers {
    /// Full range, up to 32 layers.
    Full(Ranged<0, 32>),
    /// Compact, up to 4 layers.
    Compact(Ranged<0, 4>),
}

impl Parameter for AztecLayers {
    fn emit(&self, out: &mut Vec<u8>) {
        match self {
            Self::Full(layers) => out.extend([0, layers.get()]),
            Self::Compact(layers) => out.extend([1, layers.get()]),
        }
    }

    fn decode(bytes: &[u8]) -> Option<Self> {
        match bytes {
            [0 | 48, layers] => Some(Self::Full(Ranged::new(*layers).ok()?)),
            [1 | 49, layers] => Some(Self::Compact(Ranged::new(*layers).ok()?)),
            _ => None,
        }
    }
}

/// Is the shape of a DataMatrix, with its size in modules; 0 lets the printer choose.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum DataMatrixShape {
    /// Square.
    Square(u8),
    /// Rectangular.
    Rectangle {
        /// Rows: 0, 8, 12 or 16.
        rows: u8,
        /// Columns: 0, 18, 26, 32, 36 or 48.
        columns: u8,
    },
}

impl DataMatrixShape {
    /// Sizes of square symbols (ISO/IEC 16022, table 7).
    const SQUARES: [u8; 25] = [
        0, 10, 12, 14, 16, 18, 20, 22, 24, 26, 32, 36, 40, 44, 48, 52, 64, 72, 80, 88, 96, 104,
        120, 132, 144,
    ];
    /// Sizes of rectangular symbols.
    const RECTANGLES: [(u8, u8); 10] = [
        (0, 0),
        (8, 0),
        (8, 18),
        (8, 32),
        (12, 0),
        (12, 26),
        (12, 36),
        (16, 0),
        (16, 36),
        (16, 48),
    ];

    fn exists(self) -> bool {
        match self {
            Self::Square(size) => Self::SQUARES.contains(&size),
            Self::Rectangle { rows, columns } => Self::RECTANGLES.contains(&(rows, columns)),
        }
    }
}

impl Parameter for DataMatrixShape {
    fn emit(&self, out: &mut Vec<u8>) {
        match self {
            Self::Square(size) => out.extend([0, *size, *size]),
            Self::Rectangle { rows, columns } => out.extend([1, *rows, *columns]),
        }
    }

    fn decode(bytes: &[u8]) -> Option<Self> {
        let shape = match bytes {
            [0 | 48, rows, columns] if rows == columns => Self::Square(*rows),
            [1 | 49, rows, columns] => Self::Rectangle { rows: *rows, columns: *columns },
            _ => return None,
        };
        shape.exists().then_some(shape)
    }
}
