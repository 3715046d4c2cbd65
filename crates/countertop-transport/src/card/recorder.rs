//! Recording.

use core::fmt;
use std::io::Write;
use std::sync::{Arc, Mutex, PoisonError};

use async_trait::async_trait;
use countertop_device::{CardProtocol, CardSession, DeviceError, SecurePinEntry, Sensitive};
use countertop_wire::apdu_log::{LogEntry, Octets, Redaction, Redactor};
use tokio::time::Instant;

use super::protocol::{failure, to_log};

/// Writes conversations down, line by line, as they happen.
///
/// What cannot be written is told once to the program's log; the conversation goes on.
#[derive(Clone)]
pub struct Recorder {
    shared: Arc<Mutex<Shared>>,
    redaction: Redaction,
}

struct Shared {
    out: Box<dyn Write + Send>,
    failed: bool,
}

impl Recorder {
    /// Creates a recorder that writes to `out`: a file, a buffer.
    pub fn new(out: impl Write + Send + 'static, redaction: Redaction) -> Self {
        let shared = Shared { out: Box::new(out), failed: false };
        Self { shared: Arc::new(Mutex::new(shared)), redaction }
    }

    /// Writes a comment.
    pub fn comment(&self, text: &str) {
        self.write(&LogEntry::Comment(text.to_owned()));
    }

    /// Records a session from now on.
    #[must_use]
    pub fn record(&self, session: Box<dyn CardSession>) -> RecordingSession {
        let protocol = to_log(session.protocol());
        let answer = Octets::shown(session.answer_to_reset());
        self.write(&LogEntry::Reset { protocol, answer });
        let redactor = Redactor::new(self.redaction, protocol);
        RecordingSession { session, recorder: self.clone(), redactor }
    }

    fn write(&self, entry: &LogEntry) {
        let mut shared = self.shared.lock().unwrap_or_else(PoisonError::into_inner);
        let written = writeln!(shared.out, "{entry}").and_then(|()| shared.out.flush());
        if let Err(error) = written
            && !core::mem::replace(&mut shared.failed, true)
        {
            tracing::warn!(%error, "the conversation with the card is not recorded");
        }
    }
}

impl fmt::Debug for Recorder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Recorder").field("redaction", &self.redaction).finish_non_exhaustive()
    }
}

/// Is a session that is recorded.
#[derive(Debug)]
pub struct RecordingSession {
    session: Box<dyn CardSession>,
    recorder: Recorder,
    redactor: Redactor,
}

#[async_trait]
impl CardSession for RecordingSession {
    fn protocol(&self) -> CardProtocol {
        self.session.protocol()
    }

    fn answer_to_reset(&self) -> &[u8] {
        self.session.answer_to_reset()
    }

    async fn transmit(&mut self, command: &[u8]) -> Result<Sensitive, DeviceError> {
        self.recorder.write(&LogEntry::Command(self.redactor.command(command)));
        let begin = Instant::now();
        let result = self.session.transmit(command).await;
        let took = Some(begin.elapsed());
        self.recorder.write(&match &result {
            Ok(answer) => LogEntry::Answer { answer: self.redactor.answer(answer.expose()), took },
            Err(error) => LogEntry::Failed { failure: failure(error.kind()), took },
        });
        result
    }

    /// Returns the PIN entry of the session that is recorded. What the reader does with the card then
    /// is not seen here, and not recorded.
    async fn secure_pin_entry(&mut self) -> Result<Option<&mut dyn SecurePinEntry>, DeviceError> {
        self.session.secure_pin_entry().await
    }

    async fn close(self: Box<Self>) -> Result<(), DeviceError> {
        self.session.close().await
    }
}
