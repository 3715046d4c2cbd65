//! Receipt printers (UnifiedPOS: POSPrinter).

use async_trait::async_trait;

use crate::document::Document;
use crate::{Attention, Device, DeviceError};

/// Prints receipts.
#[async_trait]
pub trait ReceiptPrinter: Device {
    /// Returns what this printer can do. Performs no I/O.
    fn capabilities(&self) -> &PrinterCapabilities;

    /// Prints a document and reports the truth about what reached the paper.
    ///
    /// # Errors
    ///
    /// [`NeedsAttention`](crate::DeviceErrorKind::NeedsAttention) before the first byte when there
    /// is no paper, the cover is open, and the like. What happens after the first byte is a
    /// [`PrintOutcome`].
    ///
    /// # Cancel safety
    ///
    /// Not cancel safe: part of the document may be on paper.
    async fn print(&mut self, document: &Document) -> Result<PrintOutcome, DeviceError>;

    /// Asks for the printer's state.
    ///
    /// # Cancel safety
    ///
    /// Not cancel safe: the next call resynchronises the line.
    async fn status(&mut self) -> Result<PrinterStatus, DeviceError>;
}

/// Says what a printer can do.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct PrinterCapabilities {
    /// Narrow characters in a line; a Chinese character takes two.
    pub columns: u16,
    /// Dots in a line.
    pub dots: u16,
    /// Whether it prints Chinese in Kanji mode.
    pub chinese: bool,
}

impl PrinterCapabilities {
    /// Creates the capabilities of a printer of `columns` narrow characters and `dots` dots a line.
    #[must_use]
    pub fn new(columns: u16, dots: u16, chinese: bool) -> Self {
        Self { columns, dots, chinese }
    }
}

/// Is the truth about a print job.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum PrintOutcome {
    /// The printer confirmed that everything is printed.
    Confirmed,
    /// The printer confirmed that it has processed everything and reports no fault; it is of a
    /// kind that cannot say when the last line is on paper.
    Processed,
    /// Everything was sent and nothing confirmed; it may or may not be on paper.
    Unknown,
    /// It broke off; the beginning may be on paper.
    Partial,
}

/// Is a printer's state.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct PrinterStatus {
    /// What a person has to do, if anything.
    pub attention: Option<Attention>,
    /// Whether the roll will end soon.
    pub paper_near_end: bool,
    /// Whether the drawer's switch says open; `None` when the printer does not tell.
    pub drawer_open: Option<bool>,
}
