//! ESC/POS, in both directions.
//!
//! One table of commands serves the host, which [emits](Command::emit) them, and the printer, which
//! [parses](Parser) them; likewise the printer's answers ([`Reply`], [`ReplyParser`]). Lengths are
//! computed and ranges are typed, so that a command cannot be malformed, and [`Text`] holds no
//! control bytes, so that a customer's name cannot kick the drawer. No parser here panics, whatever
//! bytes come.
//!
//! # What has no type
//!
//! Every command that Epson's reference has for receipt printers is framed, so that none is
//! [`Unknown`](Command::Unknown). Those that stay [`Unmodelled`](Command::Unmodelled), with all their bytes,
//! do so on purpose:
//!
//! - FS a, FS b, FS c and the groups FS ( f and FS ( g: readers and scanners of cheques.
//! - Groups ESC (, FS ( and GS ( with letters that are not listed in the families below, and functions
//!   of listed groups that are not: their length says where they end, and what they do depends on one
//!   model's hardware (GS ( G chooses the side of a slip, say).
//! - ESC B, the beeper of other makers, which Epson's reference has not.
//! - Parameters outside of Epson's range: a printer ignores them or prints them as text, by model.
//!
//! Where parameters mean something else on each model (paper layouts, interfaces), they are
//! [`ModelData`].
//!
//! # StarPRNT
//!
//! Star's own language is not a dialect of this table. The same bytes mean other things in it (ESC d
//! cuts, ESC E is emphasis without a parameter, ESC GS begins a third of its commands), lengths are
//! found in other places, and its status has a header of its own length; one table with a switch
//! would be two tables. Star's printers understand ESC/POS when their memory switch says so. A second
//! module beside this one, with the same macros, is the shape that would not bend.
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

mod barcode;
mod beeper;
mod bit_image;
mod character;
mod charset;
mod command;
mod effect;
mod enquiry;
mod framing;
mod graphics;
mod graphics_memory;
mod image;
mod kanji;
mod mechanism;
mod memory;
mod number;
mod page;
mod parser;
mod picture;
mod position;
mod reply;
mod sequence;
mod setup;
mod status;
mod symbol;
mod symbol_data;
mod table;
mod text;
mod two_dimensional;
mod user_character;

#[cfg(test)]
mod tests;

pub use barcode::{Barcode, BarcodeError, BarcodeSystem, Code128, Code128Element};
pub use beeper::{Beep, BeepAtOffline, BeepAtPaper, BeepInTurns, RealTimeBeep};
pub use bit_image::{
    DownloadBitImage, GraphicsMemory, NvBitImage, NvBitImages, NvPrint, VerticalImage,
    WindowsBitmap,
};
pub use character::{Character, Colour, Font, Magnification, PrintMode, Rotation, Size, Underline};
pub use charset::{
    CODE_PAGES, CharacterSets, Encoding, EncodingError, WideSet, code_page, code_page_byte,
    code_page_char, international_char, kanji_bytes, kanji_char,
};
pub use command::{Command, Opaque, OutOfRange, Text};
pub use effect::{CharacterColour, Shadow, ShadowMode};
pub use enquiry::{
    AsbTriggers, Enquiry, OfflineResponse, ProcessId, RealTimeReport, RealTimeStatus, Recovery,
    StatusKind, printer_id,
};
pub use graphics::{ColumnGraphics, Graphics, GraphicsColour, GraphicsTone};
pub use graphics_memory::{Density, GraphicsDefinition, GraphicsPrint, Plane, ReferenceDensity};
pub use image::{Image, PrintGraphics};
pub use kanji::{
    FontPriority, Kanji, KanjiFont, KanjiPrintMode, KanjiSpacing, TextEncoding, Utf8Font,
};
pub use mechanism::{
    BatchPrint, Cut, CutShape, DrawerPin, DrawerPulse, FeedAndCut, Mechanism, OnlineRecovery,
    RealTimePulse, SlipWait, TestPaper, TestPattern, TestPrint,
};
pub use memory::{MemoryRead, MemoryRecord, MemoryWrite, UserMemory};
pub use number::{KeyCode, ModelData, Ranged, Settings};
pub use page::{LineStyle, PageLine, PageRectangle, PrintableArea};
pub use parser::Parser;
pub use picture::{ColumnDensity, ColumnImage, Raster, RasterScale};
pub use position::{Align, MotionUnits, PageArea, PageDirection, Position, TabStops};
pub use reply::{KeyCodeList, Reply, ReplyParser};
pub use sequence::{
    CounterAlign, CounterForm, CounterMode, CounterText, MacroRun, MacroStart, Sequence,
};
pub use setup::{
    BottomLogo, CopyDirection, CopyUserPage, CustomValue, DeleteLogo, LogoPlace, MemorySwitch,
    Pair, RealTimeKind, RealTimeSwitch, Setup, Switch, TopLogo,
};
pub use status::{AutomaticStatus, ErrorCause, OfflineCause, PaperSensors, PrinterState};
pub use symbol::{HriPosition, QrContent, QrErrorCorrection, QrModel, QrModuleSize, Symbol};
pub use symbol_data::{StackedDataBar, SymbolData};
pub use text::{TextEncoder, TextMode, char_columns, text_columns};
pub use two_dimensional::{
    AztecLayers, DataMatrixShape, MaxiCodeMode, Pdf417ErrorCorrection, Pdf417Form, Pdf417Rows,
    TwoDimensional,
};
pub use user_character::{UserCharacters, UserGlyph, UserKanji};

const DLE: u8 = 0x10;
const ESC: u8 = 0x1B;
const FS: u8 = 0x1C;
const GS: u8 = 0x1D;
