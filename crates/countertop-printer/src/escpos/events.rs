//! Changes of a printer's state, for whoever watches it.

use countertop_device::PrinterStatus;
use tokio::sync::watch;

/// Tells what a printer's state becomes, while others print on it.
///
/// Each subscriber sees the newest state; states that lasted shorter than it took to look are
/// skipped. Printers tell by themselves (ASB) once something was printed on them, or once
/// [`status_changed`](countertop_device::ReceiptPrinter::status_changed) was called; what others ask
/// for is told as well.
#[derive(Debug, Clone)]
pub struct PrinterEvents {
    pub(super) told: watch::Receiver<Told>,
}

/// Is what was last told.
#[derive(Debug, Clone, Default)]
pub(super) struct Told {
    pub(super) status: Option<PrinterStatus>,
    /// Whether the printer is gone.
    pub(super) lost: bool,
}

impl Told {
    /// Notes a state; `false` when it is the one that is known.
    pub(super) fn tell(&mut self, status: &PrinterStatus) -> bool {
        if self.status.as_ref() == Some(status) && !self.lost {
            return false;
        }
        self.status = Some(status.clone());
        self.lost = false;
        true
    }

    /// Notes that the printer is gone.
    pub(super) fn lose(&mut self) {
        self.lost = true;
    }
}

/// Is something that happened to a printer.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum PrinterEvent {
    /// Its state is another one now.
    Status(PrinterStatus),
    /// It hung up, or was pulled.
    Gone,
}

impl PrinterEvents {
    /// Waits for the next change; `None` when the printer was closed here.
    ///
    /// # Cancel safety
    ///
    /// Cancel safe: what happens meanwhile is told by the next call.
    pub async fn next(&mut self) -> Option<PrinterEvent> {
        loop {
            self.told.changed().await.ok()?;
            let told = self.told.borrow_and_update().clone();
            match told {
                Told { lost: true, .. } => return Some(PrinterEvent::Gone),
                Told { status: Some(status), .. } => return Some(PrinterEvent::Status(status)),
                Told { .. } => {}
            }
        }
    }
}
