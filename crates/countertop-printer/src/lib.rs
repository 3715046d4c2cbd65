//! Driver for ESC/POS receipt printers and the cash drawers behind them.
//!
//! [`EscPosDriver`] opens `usb:`, `usblp:`, `serial:`, `tcp:` and `file:` selectors;
//! [`EscPosPrinter::open`] takes any link.
//!
//! A [document](countertop_device::document) becomes ESC/POS for a printer's [`profile`]
//! ([`lay_out`], [`encode`]), text for people ([`text::render`]) or a picture ([`render`]).
//! [`source`] reads documents from files.
//!
//! A print job tells the truth about the paper: the printer is asked for its state before the first
//! byte, and afterwards whether it has printed everything; see
//! [`PrintOutcome`](countertop_device::PrintOutcome).

mod bidi;
#[cfg(any(feature = "codes", feature = "glyphs"))]
mod draw;
mod escpos;
#[cfg(feature = "escpos-crate")]
mod escpos_crate;
mod gs1;
pub mod image;
mod journal;
pub mod profile;
pub mod render;
pub mod source;
pub mod text;
mod wrap;

pub use escpos::{
    BLOCK, Confirmation, EncodedJob, EscPosDrawer, EscPosDriver, EscPosPrinter, EscPosSettings,
    JobBlock, Layout, LayoutError, Note, PrinterEvent, PrinterEvents, encode, encode_job, lay_out,
};
#[cfg(feature = "escpos-crate")]
pub use escpos_crate::LinkDriver;
pub use journal::{FileJournal, JobDigest, JobJournal, JobRecord};
