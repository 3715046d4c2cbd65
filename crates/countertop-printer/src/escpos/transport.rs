//! The line to a printer: writing, answers, reconnection.

use core::error::Error as _;
use core::time::Duration;
use std::collections::VecDeque;
use std::sync::Arc;

use countertop_device::{DeviceError, DeviceErrorKind, PrinterStatus, Selector, Settings};
use countertop_transport::{BoxLink, LineWriter, PrinterPort, memory, split};
use countertop_wire::escpos::{ProcessId, Reply};
use tokio::sync::watch;

use super::EscPosSettings;
use super::backlog::Backlog;
use super::events::Told;
use super::held::Held;
use super::layout::MAX_COMMAND;
use super::probe::Barrier;
use super::reader::Ear;
use super::silence::Silence;
use crate::journal::JobJournal;

/// Is how to call a printer again that hung up.
#[derive(Debug)]
pub(super) struct Connector {
    pub(super) selector: Selector,
    pub(super) settings: Settings,
}

/// Is the line to a printer and what is known of it.
#[derive(Debug)]
pub(super) struct Session {
    pub(super) writer: LineWriter,
    pub(super) ear: Ear,
    connector: Option<Connector>,
    /// How to ask a printer on USB past its data.
    pub(super) port: Option<PrinterPort>,
    /// Replies that came while another was awaited.
    pub(super) waiting: VecDeque<Reply>,
    pub(super) silence: Silence,
    /// What the printer may not have received.
    pub(super) backlog: Backlog,
    pub(super) settings: Arc<EscPosSettings>,
    /// Everybody who watches the printer's state hears it here.
    pub(super) told: Arc<watch::Sender<Told>>,
    /// Whether a command may have been cut off, so that the printer waits for its rest.
    pub(super) broken: bool,
    /// Whether nothing ever comes back: a file is on the other end.
    pub(super) one_way: bool,
    /// Whether the link is gone.
    pub(super) lost: bool,
    /// Whether the printer has ever answered; one that has, and falls silent, is in trouble.
    pub(super) answers: bool,
    /// Replies to GS r that are still to come.
    pub(super) owed: u32,
    /// The process IDs that came back while no job waited for them.
    pub(super) came_back: Vec<ProcessId>,
    /// Number of the last process ID.
    pub(super) marks: u32,
    /// How the printer confirms, as far as seen.
    pub(super) barrier: Option<Barrier>,
    /// Number of the link, for one that was called again is another.
    pub(super) link: u32,
    /// Whether the printer was told on this link to send its status by itself.
    pub(super) asb: bool,
    /// The last job, when it has not come to its end.
    pub(super) held: Option<Held>,
    pub(super) journal: Option<Box<dyn JobJournal>>,
    /// The state that a watcher was last told.
    pub(super) seen: Option<PrinterStatus>,
}

impl Session {
    pub(super) fn new(link: BoxLink, device: String, settings: Arc<EscPosSettings>) -> Self {
        let told = Arc::new(watch::channel(Told::default()).0);
        let (reader, writer) = split(link, device);
        let ear = Ear::new(reader, Arc::clone(&told), settings.drawer_open_high);
        Self {
            writer,
            ear,
            connector: None,
            port: None,
            waiting: VecDeque::new(),
            silence: Silence::default(),
            backlog: Backlog::default(),
            settings,
            told,
            broken: false,
            one_way: false,
            lost: false,
            answers: false,
            owed: 0,
            came_back: Vec::new(),
            marks: super::probe::first_mark(),
            barrier: None,
            link: 0,
            asb: false,
            held: None,
            journal: None,
            seen: None,
        }
    }

    pub(super) fn with_connector(
        mut self,
        connector: Connector,
        port: Option<PrinterPort>,
    ) -> Self {
        self.one_way = matches!(connector.selector, Selector::File(_));
        self.connector = Some(connector);
        self.port = port;
        self
    }

    pub(super) fn device(&self) -> &str {
        self.writer.device()
    }

    pub(super) fn error(&self, kind: DeviceErrorKind, action: &'static str) -> DeviceError {
        self.writer.error(kind, action)
    }

    /// Tells whether the link is gone.
    pub(super) fn is_lost(&mut self) -> bool {
        self.lost |= self.ear.has_ended();
        self.lost
    }

    /// Writes commands; a failure leaves the mark that one of them may be cut off. A job of which a
    /// block is half sent cannot go on afterwards.
    pub(super) async fn write(
        &mut self,
        bytes: &[u8],
        action: &'static str,
    ) -> Result<(), DeviceError> {
        self.ear.listen();
        if let Some(held) = &mut self.held {
            held.interrupted();
        }
        let broken = core::mem::replace(&mut self.broken, true);
        for chunk in bytes.chunks(MAX_COMMAND) {
            let deadline = self.settings.write_timeout;
            let written = self.writer.write_counted(chunk, &mut 0, deadline, action).await;
            self.silence.broken();
            self.note_loss(written)?;
        }
        self.broken = broken;
        Ok(())
    }

    /// Notes that the link is gone: an error of the operating system ends it for good.
    pub(super) fn note_loss<T>(
        &mut self,
        result: Result<T, DeviceError>,
    ) -> Result<T, DeviceError> {
        if let Err(error) = &result {
            self.lost |= error.kind() == DeviceErrorKind::Disconnected || error.source().is_some();
        }
        result
    }

    /// Waits for the next reply other than flow control.
    pub(super) async fn next_reply(
        &mut self,
        deadline: Duration,
        action: &'static str,
    ) -> Result<Reply, DeviceError> {
        match self.waiting.pop_front() {
            Some(reply) => Ok(reply),
            None => self.read_reply(deadline, action).await,
        }
    }

    /// Reads as [`next_reply`](Self::next_reply) does, past those that wait.
    pub(super) async fn read_reply(
        &mut self,
        deadline: Duration,
        action: &'static str,
    ) -> Result<Reply, DeviceError> {
        match self.ear.next_within(deadline).await {
            Ok(Some(reply)) => {
                self.heard();
                Ok(reply)
            }
            Ok(None) => {
                self.lost = true;
                Err(self.ear.end(self.writer.device(), action))
            }
            Err(_elapsed) => Err(self.error(DeviceErrorKind::TimedOut, action)),
        }
    }

    /// Notes that the printer has answered something.
    pub(super) fn heard(&mut self) {
        self.answers = true;
        self.silence.broken();
    }

    /// Calls a printer again, by the way it was opened; between jobs only.
    pub(super) async fn reconnect(&mut self, cause: DeviceError) -> Result<(), DeviceError> {
        let Some(connector) = &self.connector else { return Err(cause) };
        let (selector, settings) = (connector.selector.clone(), connector.settings.clone());
        // Most devices can be open once only, so the old link goes first.
        self.attach(memory::pair().0, None);
        self.lost = true;
        let (link, port) = match countertop_transport::open_printer(&selector, &settings).await {
            // It was there before: it is not a matter of the selector.
            Err(error) if error.kind() == DeviceErrorKind::NotFound => return Err(cause),
            opened => opened?,
        };
        self.attach(link, port);
        Ok(())
    }

    fn attach(&mut self, link: BoxLink, port: Option<PrinterPort>) {
        let (reader, writer) = split(link, self.device().to_owned());
        self.ear = Ear::new(reader, Arc::clone(&self.told), self.settings.drawer_open_high);
        self.writer = writer;
        self.port = port;
        self.waiting.clear();
        self.silence = Silence::default();
        self.backlog.cleared();
        // What is owed is still owed: a printer that stayed on may answer on the new link.
        self.link += 1;
        (self.lost, self.asb) = (false, false);
    }
}
