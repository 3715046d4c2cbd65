//! ESC/POS printers.

mod backlog;
mod blocks;
mod commands;
mod drawer;
mod driver;
mod effect;
mod events;
mod health;
mod held;
mod job;
mod job_settings;
mod layout;
mod listing;
mod models;
mod port;
mod probe;
mod proof;
mod reader;
mod record;
mod run;
mod settings;
mod silence;
mod status;
mod transport;
mod watch;

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
pub use events::{PrinterEvent, PrinterEvents};
pub use layout::{Layout, LayoutError, Note, encode, encode_job, lay_out};
pub use settings::{Confirmation, EscPosSettings};
use transport::Session;

use crate::journal::{JobJournal, JobRecord};

/// Prints on an ESC/POS printer over any link: anything that reads and writes.
///
/// [`print`](ReceiptPrinter::print) asks for the printer's state before the first byte. The job goes
/// out in blocks of whole lines, each with a process ID behind it (GS ( H, function 48), which the
/// printer sends back when everything before it is on paper; printers that have none are asked with
/// GS r. The next blocks are sent meanwhile, as many as the printer's buffer takes. A printer that
/// answers nothing is printed on blindly, and the outcome says so.
///
/// [`resume`](ReceiptPrinter::resume) brings a job that broke off to its end: it goes on behind what
/// is on paper where that is proven, which it is when the paper ran out and the printer stayed on,
/// and else prints it whole and marked as a copy. It knows the last job; with a
/// [journal](Self::with_journal) the next program knows its outcome.
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

    /// Remembers jobs in `journal`, so that a program that ended in the middle of one finds it.
    #[must_use]
    pub fn with_journal(self, journal: Box<dyn JobJournal>) -> Self {
        let mut session = self.session;
        if let Some(session) = Arc::get_mut(&mut session) {
            session.get_mut().journal = Some(journal);
        }
        Self { session, ..self }
    }

    /// Returns the last job of the journal that did not come to its end; `None` without a journal.
    ///
    /// # Cancel safety
    ///
    /// Cancel safe.
    pub async fn unfinished(&self) -> Option<JobRecord> {
        let session = self.session.lock().await;
        session.journal.as_ref()?.last().filter(JobRecord::is_open)
    }

    /// Prints a job that is encoded already; see [`print`](ReceiptPrinter::print).
    ///
    /// # Errors
    ///
    /// As [`print`](ReceiptPrinter::print).
    ///
    /// # Cancel safety
    ///
    /// Not cancel safe: part of the job may be on paper.
    pub async fn print_job(&mut self, job: &EncodedJob) -> Result<PrintOutcome, DeviceError> {
        self.session.lock().await.print(job).await
    }

    /// Brings a job to its end that ended with `outcome`; see [`resume`](ReceiptPrinter::resume).
    /// `copy` prints the mark of what is printed again.
    ///
    /// # Errors
    ///
    /// As [`resume`](ReceiptPrinter::resume).
    ///
    /// # Cancel safety
    ///
    /// Not cancel safe: part of the job may be on paper.
    pub async fn resume_job(
        &mut self,
        job: &EncodedJob,
        outcome: PrintOutcome,
        copy: &EncodedJob,
    ) -> Result<PrintOutcome, DeviceError> {
        self.session.lock().await.resume(job, outcome, copy).await
    }

    /// Returns what tells of each change of the printer's state from now on. Sends nothing.
    ///
    /// # Cancel safety
    ///
    /// Cancel safe.
    pub async fn events(&self) -> PrinterEvents {
        PrinterEvents { told: self.session.lock().await.told.subscribe() }
    }

    fn encode(&self, document: &Document) -> Result<EncodedJob, DeviceError> {
        let layout = lay_out(document, &self.settings).map_err(|error| {
            let device = self.info.selector.to_string();
            DeviceError::new(DeviceErrorKind::InvalidInput, device, "print").with_source(error)
        })?;
        for note in &layout.notes {
            tracing::info!(device = %self.info.selector, "{note}");
        }
        Ok(layout.job)
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
        let job = self.encode(document)?;
        self.print_job(&job).await
    }

    async fn resume(
        &mut self,
        document: &Document,
        outcome: PrintOutcome,
        copy: &Document,
    ) -> Result<PrintOutcome, DeviceError> {
        let (job, copy) = (self.encode(document)?, self.encode(copy)?);
        self.resume_job(&job, outcome, &copy).await
    }

    async fn status(&mut self) -> Result<PrinterStatus, DeviceError> {
        let mut session = self.session.lock().await;
        match session.any_state("read status").await? {
            Some(state) => {
                // It is news to nobody any more.
                session.seen = Some(state.clone());
                Ok(state)
            }
            None => Err(session.error(DeviceErrorKind::TimedOut, "read status").with_help(
                "the printer answers no status request; check the cable and the line settings, or \
                 print without status if it is of a kind that has none",
            )),
        }
    }

    async fn status_changed(&mut self) -> Result<PrinterStatus, DeviceError> {
        watch::status_changed(&self.session).await
    }
}
