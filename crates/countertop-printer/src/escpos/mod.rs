//! ESC/POS printers.

mod blocks;
mod commands;
mod drawer;
mod driver;
mod effect;
mod health;
mod job;
mod layout;
mod listing;
mod models;
mod port;
mod settings;
mod silence;
mod transport;

use std::sync::Arc;

use async_trait::async_trait;
use countertop_device::document::Document;
use countertop_device::{
    Device, DeviceError, DeviceErrorKind, DeviceInfo, HealthLevel, HealthReport, PrintOutcome,
    PrinterCapabilities, PrinterStatus, ReceiptPrinter, Settings,
};
use countertop_transport::BoxLink;
use tokio::sync::Mutex;

pub use blocks::{BLOCK, EncodedJob, JobBlock};
pub use drawer::EscPosDrawer;
pub use driver::EscPosDriver;
pub use layout::{Layout, LayoutError, Note, encode, encode_job, lay_out};
pub use settings::{Confirmation, EscPosSettings};
use transport::Session;

/// Prints on an ESC/POS printer over any link.
///
/// [`print`](ReceiptPrinter::print) asks for the printer's state before the first byte, and after
/// the last one for a process ID (GS ( H, function 48), which the printer sends back when
/// everything before it is on paper; printers that have none are asked with GS r. A printer that
/// answers nothing is printed on blindly, and the outcome says so.
#[derive(Debug)]
pub struct EscPosPrinter {
    info: DeviceInfo,
    settings: Arc<EscPosSettings>,
    session: Arc<Mutex<Session>>,
}

impl EscPosPrinter {
    /// Takes a link to a printer. Sends nothing yet.
    ///
    /// # Errors
    ///
    /// [`InvalidInput`](DeviceErrorKind::InvalidInput) for a setting that cannot be used.
    pub fn open(link: BoxLink, info: DeviceInfo, settings: &Settings) -> Result<Self, DeviceError> {
        let settings = parse_settings(&info, settings)?;
        let session = Session::new(link, info.selector.to_string(), Arc::clone(&settings));
        Ok(Self::with_session(info, settings, session))
    }

    fn with_session(info: DeviceInfo, settings: Arc<EscPosSettings>, session: Session) -> Self {
        Self { info, settings, session: Arc::new(Mutex::new(session)) }
    }

    /// Returns the drawer that is connected to this printer; it shares the printer's line.
    #[must_use]
    pub fn drawer(&self) -> EscPosDrawer {
        EscPosDrawer::new(self.info.clone(), Arc::clone(&self.settings), Arc::clone(&self.session))
    }

    fn encode(&self, document: &Document) -> Result<Vec<u8>, DeviceError> {
        encode(document, &self.settings).map_err(|error| {
            let device = self.info.selector.to_string();
            DeviceError::new(DeviceErrorKind::InvalidInput, device, "print").with_source(error)
        })
    }
}

fn parse_settings(
    info: &DeviceInfo,
    settings: &Settings,
) -> Result<Arc<EscPosSettings>, DeviceError> {
    EscPosSettings::from_settings(settings).map(Arc::new).map_err(|error| {
        let device = info.selector.to_string();
        DeviceError::new(DeviceErrorKind::InvalidInput, device, "open").with_source(error)
    })
}

#[async_trait]
impl Device for EscPosPrinter {
    fn info(&self) -> &DeviceInfo {
        &self.info
    }

    async fn check_health(&mut self, level: HealthLevel) -> Result<HealthReport, DeviceError> {
        match level {
            HealthLevel::Internal => {
                let state = self.session.lock().await.any_state("check health").await?;
                Ok(health::of_state(state))
            }
            HealthLevel::External => self.print_test(health::test_line()).await,
            HealthLevel::Interactive => self.print_test(health::test_receipt()).await,
        }
    }
}

impl EscPosPrinter {
    async fn print_test(&mut self, document: Document) -> Result<HealthReport, DeviceError> {
        match self.print(&document).await {
            Ok(outcome) => Ok(health::of_outcome(outcome)),
            Err(error) => match error.kind() {
                DeviceErrorKind::NeedsAttention(attention) => Ok(health::of_attention(attention)),
                _ => Err(error),
            },
        }
    }
}

#[async_trait]
impl ReceiptPrinter for EscPosPrinter {
    fn capabilities(&self) -> &PrinterCapabilities {
        self.settings.capabilities()
    }

    async fn print(&mut self, document: &Document) -> Result<PrintOutcome, DeviceError> {
        let bytes = self.encode(document)?;
        self.session.lock().await.print(&bytes).await
    }

    async fn status(&mut self) -> Result<PrinterStatus, DeviceError> {
        let mut session = self.session.lock().await;
        match session.any_state("read status").await? {
            Some(state) => Ok(state),
            None => Err(session.error(DeviceErrorKind::TimedOut, "read status").with_help(
                "the printer answers no status request; check the cable and the line settings, or \
                 print without status if it is of a kind that has none",
            )),
        }
    }
}
