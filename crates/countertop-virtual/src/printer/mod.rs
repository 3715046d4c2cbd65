//! An ESC/POS printer that draws what it prints.
//!
//! [`VirtualPrinter`] speaks ESC/POS over any stream: [`serve`](VirtualPrinter::serve) over a pty or
//! a link in memory, [`serve_tcp`](VirtualPrinter::serve_tcp) on a port, as network printers do.
//! Each cut ends a [`Page`]: its dots as they would be on paper, its text, and the commands that
//! printed it. [`PrinterControl`] takes out the paper, opens the cover, or looks into the drawer, and
//! the printer's status tells of it; a [`Fault`] comes at a byte, a command or a row of dots.
//! [`serve_control`] lends that hand to other programs. [`preview`] draws bytes without a printer.
//!
//! Latin, Greek and Cyrillic letters come from a font of the program's own, so that a picture is the
//! same on every machine. Chinese ones come from a font of the system, which is read on first use; see
//! [`missing_font`].
//!
//! Not drawn, and noted on the page: QR codes of model 1 (they come as model 2), Windows bitmaps of
//! more than one bit a dot. What Epson's manual does not say: the page of page mode ends where its last
//! dot is. It counts lines, strokes and cuts (GS g 2), but no hours.

mod config;
mod control;
mod draw;
mod engine;
mod fault;
mod listing;
mod output;
mod page;
mod preview;
mod remote;
mod serve;
mod state;

#[cfg(test)]
mod tests;

use std::sync::Arc;

pub use config::{FlowControl, PrinterConfig, PrinterIdentity, Resolution};
pub use control::PrinterControl;
use control::Shared;
pub use draw::Bitmap;
use engine::Engine;
pub use engine::PrinterSnapshot;
pub use fault::{Fault, FaultKind, FaultParseError, FaultTrigger};
pub use listing::{ListedCommand, describe, list_commands};
use output::Output;
pub use page::Page;
pub use preview::{missing_font, preview, preview_as, preview_with};
pub use remote::{obey, serve_control};

/// Is a printer that speaks ESC/POS and prints pictures.
#[derive(Debug)]
pub struct VirtualPrinter {
    shared: Arc<Shared>,
    output: Output,
}

impl VirtualPrinter {
    /// Creates a printer with paper, closed and online.
    #[must_use]
    pub fn new(config: PrinterConfig) -> (Self, PrinterControl) {
        let shared = Arc::new(Shared::new(Engine::new(config)));
        let control = PrinterControl { shared: Arc::clone(&shared) };
        (Self { shared, output: Output::default() }, control)
    }
}
