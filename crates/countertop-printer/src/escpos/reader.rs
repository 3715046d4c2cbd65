//! The one reader of what a printer sends.
//!
//! A task of its own takes the stream apart as it comes: the status that the printer sends by itself
//! (ASB) is told to everybody who watches, all other answers go to whoever has the line. So an answer
//! is never lost between two exchanges, and a printer that hangs up while idle is noticed at once.

use core::time::Duration;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use countertop_device::{DeviceError, DeviceErrorKind, PrinterStatus};
use countertop_transport::LineReader;
use countertop_wire::escpos::{AutomaticStatus, Reply, ReplyParser};
use tokio::sync::{mpsc, watch};
use tokio::task::AbortHandle;
use tokio::time::{Instant, timeout};

use super::events::Told;
use super::status;

const ACTION: &str = "read";

/// Answers that wait to be taken; further ones nobody has asked for, and they are lost.
const WAITING: usize = 256;

/// Is where answers come out.
#[derive(Debug)]
pub(super) struct Ear {
    /// What the task will work with, until there is one.
    unstarted: Option<Task>,
    task: Option<AbortHandle>,
    pub(super) replies: mpsc::Receiver<Reply>,
    /// What the printer said by itself.
    pub(super) automatic: watch::Receiver<Automatic>,
    heard: Arc<Mutex<Heard>>,
}

/// Is the last status that came by itself.
#[derive(Debug, Clone, Default)]
pub(super) struct Automatic {
    /// How many came on this link.
    pub(super) count: u64,
    pub(super) status: PrinterStatus,
}

#[derive(Debug, Default)]
struct Heard {
    parser: ReplyParser,
    last: Option<Instant>,
    end: Option<DeviceError>,
    ended: Option<Instant>,
}

#[derive(Debug)]
struct Task {
    line: LineReader,
    replies: mpsc::Sender<Reply>,
    automatic: watch::Sender<Automatic>,
    told: Arc<watch::Sender<Told>>,
    heard: Arc<Mutex<Heard>>,
    drawer_open_high: bool,
}

impl Ear {
    /// Creates an ear that begins to listen when it is first used. It tells `told` of every status.
    pub(super) fn new(
        line: LineReader,
        told: Arc<watch::Sender<Told>>,
        drawer_open_high: bool,
    ) -> Self {
        let (sender, replies) = mpsc::channel(WAITING);
        let (teller, automatic) = watch::channel(Automatic::default());
        let heard = Arc::<Mutex<Heard>>::default();
        let task = Task {
            line,
            replies: sender,
            automatic: teller,
            told,
            heard: Arc::clone(&heard),
            drawer_open_high,
        };
        Self { unstarted: Some(task), task: None, replies, automatic, heard }
    }

    /// Begins to listen. Within a tokio runtime only, as all that waits for the printer.
    pub(super) fn listen(&mut self) {
        if let Some(task) = self.unstarted.take() {
            self.task = Some(tokio::spawn(task.run()).abort_handle());
        }
    }

    /// Waits for the next answer; `None` when the link has ended.
    pub(super) async fn next(&mut self) -> Option<Reply> {
        self.listen();
        self.replies.recv().await
    }

    /// Waits as [`next`](Self::next) does, within `deadline`.
    ///
    /// # Errors
    ///
    /// When the deadline has passed.
    pub(super) async fn next_within(
        &mut self,
        deadline: Duration,
    ) -> Result<Option<Reply>, tokio::time::error::Elapsed> {
        timeout(deadline, self.next()).await
    }

    /// Returns when something was last heard.
    pub(super) fn last(&self) -> Option<Instant> {
        lock(&self.heard).last
    }

    /// Forgets an answer that was cut off.
    pub(super) fn reset(&self) {
        lock(&self.heard).parser.reset();
    }

    /// Tells whether the link is known to have ended.
    pub(super) fn has_ended(&self) -> bool {
        lock(&self.heard).ended.is_some()
    }

    /// Tells whether the link has ended no longer than `span` ago.
    pub(super) fn has_ended_within(&self, span: Duration) -> bool {
        lock(&self.heard).ended.is_some_and(|ended| ended.elapsed() < span)
    }

    /// Returns why the link has ended, the first time with its cause.
    pub(super) fn end(&self, device: &str, action: &'static str) -> DeviceError {
        let error = DeviceError::new(DeviceErrorKind::Disconnected, device, action);
        match lock(&self.heard).end.take() {
            Some(cause) => error.with_source(cause),
            None => error,
        }
    }
}

impl Drop for Ear {
    fn drop(&mut self) {
        if let Some(task) = &self.task {
            task.abort();
        }
    }
}

impl Task {
    async fn run(mut self) {
        let mut bytes = Vec::new();
        loop {
            bytes.clear();
            if let Err(error) = self.line.read_some(&mut bytes, ACTION).await {
                let mut heard = lock(&self.heard);
                heard.end = Some(error);
                heard.ended = Some(Instant::now());
                drop(heard);
                self.told.send_modify(Told::lose);
                return;
            }
            self.take(&bytes);
        }
    }

    fn take(&self, bytes: &[u8]) {
        let mut heard = lock(&self.heard);
        heard.last = Some(Instant::now());
        heard.parser.feed(bytes);
        while let Some(reply) = heard.parser.next_reply() {
            match reply {
                Reply::FlowOff | Reply::FlowOn => {}
                Reply::AutomaticStatus(status) => self.tell(status),
                // Full when a printer talks unasked; nobody would miss it.
                reply => drop(self.replies.try_send(reply)),
            }
        }
    }

    fn tell(&self, status: AutomaticStatus) {
        let status = status::of_automatic(status, self.drawer_open_high);
        self.told.send_if_modified(|told| told.tell(&status));
        self.automatic.send_modify(|automatic| {
            automatic.count += 1;
            automatic.status = status;
        });
    }
}

fn lock(heard: &Mutex<Heard>) -> MutexGuard<'_, Heard> {
    // Nothing in here panics halfway through a change.
    heard.lock().unwrap_or_else(PoisonError::into_inner)
}
