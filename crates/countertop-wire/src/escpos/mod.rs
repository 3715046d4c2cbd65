//! ESC/POS, in both directions.
//!
//! One table of commands serves the host, which [emits](Command::emit) them, and the printer, which
//! [parses](Parser) them; likewise the printer's answers ([`Reply`], [`ReplyParser`]). Lengths are
//! computed and ranges are typed, so that a command cannot be malformed, and [`Text`] holds no
//! control bytes, so that a customer's name cannot kick the drawer. No parser here panics, whatever
//! bytes come.
//!
//! Source: Epson, ESC/POS Command Reference.
//!
//! ```
//! use countertop_wire::escpos::{Command, Mechanism, Parser, Position, TextEncoder};
//!
//! let mut bytes = Vec::new();
//! Command::from(Mechanism::Initialize).emit(&mut bytes);
//! TextEncoder::new(true).encode("合计 12.00", &mut bytes);
//! Command::from(Position::LineFeed).emit(&mut bytes);
//!
//! let mut parser = Parser::new();
//! parser.feed(&bytes);
//! assert_eq!(parser.next_command(), Some(Mechanism::Initialize.into()));
//! ```

mod character;
mod charset;
mod command;
mod enquiry;
mod framing;
mod mechanism;
mod parser;
mod picture;
mod position;
mod reply;
mod status;
mod symbol;
mod symbol_data;
mod table;
mod text;
mod two_dimensional;

#[cfg(test)]
mod tests;

pub use character::{
    Character, Font, Kanji, KanjiPrintMode, KanjiSpacing, Magnification, PrintMode, Rotation, Size,
    Underline,
};
pub use charset::{code_page_byte, code_page_char, kanji_bytes, kanji_char};
pub use command::{Command, Opaque, OutOfRange, Text};
pub use enquiry::{AsbTriggers, Enquiry, ProcessId, RealTimeStatus, Recovery, StatusKind};
pub use mechanism::{Cut, CutShape, DrawerPin, DrawerPulse, Mechanism, RealTimePulse};
pub use parser::Parser;
pub use picture::{
    ColumnDensity, ColumnImage, Graphics, Image, PrintGraphics, Raster, RasterScale,
};
pub use position::{Align, MotionUnits, PageArea, PageDirection, Position, TabStops};
pub use reply::{Reply, ReplyParser};
pub use status::{AutomaticStatus, ErrorCause, OfflineCause, PaperSensors, PrinterState};
pub use symbol::{
    Barcode, BarcodeSystem, HriPosition, QrContent, QrErrorCorrection, QrModel, QrModuleSize,
    Symbol,
};
pub use symbol_data::SymbolData;
pub use text::{TextEncoder, char_columns, text_columns};
pub use two_dimensional::{
    AztecLayers, DataMatrixShape, MaxiCodeMode, Pdf417ErrorCorrection, Pdf417Form, Pdf417Rows,
    Ranged, TwoDimensional,
};

const DLE: u8 = 0x10;
const ESC: u8 = 0x1B;
const FS: u8 = 0x1C;
const GS: u8 = 0x1D;
