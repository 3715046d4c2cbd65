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

    /// Brings a document to its end whose printing ended with `outcome`, so that no line is lost and
    /// none is on paper twice without a mark.
    ///
    /// Where it is proven what is on paper, printing goes on behind it. Where it is not, `copy` is
    /// printed, which tells people that what follows is printed again, and then the whole document.
    /// This default cannot prove anything.
    ///
    /// # Errors
    ///
    /// As [`print`](Self::print); then nothing has changed, and `outcome` still holds.
    ///
    /// # Cancel safety
    ///
    /// Not cancel safe, as [`print`](Self::print).
    async fn resume(
        &mut self,
        document: &Document,
        outcome: PrintOutcome,
        copy: &Document,
    ) -> Result<PrintOutcome, DeviceError> {
        match outcome {
            PrintOutcome::Confirmed | PrintOutcome::Processed => Ok(outcome),
            PrintOutcome::NotStarted => self.print(document).await,
            PrintOutcome::Partial { .. } | PrintOutcome::Unknown => {
                self.print(&copy.followed_by(document)).await
            }
        }
    }

    /// Asks for the printer's state.
    ///
    /// # Cancel safety
    ///
    /// Not cancel safe: the next call resynchronises the line.
    async fn status(&mut self) -> Result<PrinterStatus, DeviceError>;

    /// Waits until the printer's state is another one than was last told, and returns it. What
    /// changed between two calls is told by the second.
    ///
    /// # Errors
    ///
    /// [`Disconnected`](crate::DeviceErrorKind::Disconnected) when the printer goes; the next call
    /// looks whether it is back.
    ///
    /// # Cancel safety
    ///
    /// Cancel safe while it waits; the first call asks the printer to tell, which is not.
    async fn status_changed(&mut self) -> Result<PrinterStatus, DeviceError>;
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
///
/// A job goes to the printer in blocks of whole lines. What is known to be on paper is known by the
/// printer's own word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum PrintOutcome {
    /// The printer confirmed that everything is printed.
    Confirmed,
    /// The printer confirmed that it has processed everything and reports no fault; it is of a
    /// kind that cannot say when the last line is on paper.
    Processed,
    /// It broke off before the printer got anything of it: it can be printed as if for the first
    /// time.
    NotStarted,
    /// It broke off. Of what follows the last block that is known to be on paper, something may be
    /// on paper too.
    Partial {
        /// How many blocks, from the first on, are known to be on paper.
        last_block: u32,
    },
    /// Everything was sent to a printer that confirms nothing, and no trouble was seen; it may or
    /// may not be on paper.
    Unknown,
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
