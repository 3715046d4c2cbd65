//! Asking the talking thread, with a deadline for each request.

use core::time::Duration;
use std::sync::{Arc, Mutex, PoisonError};

use countertop_device::{DeviceError, DeviceErrorKind, Dialogue, Sensitive};
use countertop_wire::pcsc_part10::FeatureList;
use tokio::sync::oneshot;
use tokio::sync::oneshot::error::RecvError;
use tokio::time::error::Elapsed;

use super::place::Place;
use super::progress::Progress;
use super::request::{Awake, Powered, Reply, Request, Requests, Reset, Session};
use super::settings::Deadlines;
use super::subject::Subject;
use super::thread::{self, Line};

/// How many threads may hang in a reader that does not answer, before it is left alone.
const MOST_ABANDONED: usize = 3;
pub(super) const HANGS: &str = "take the card out; if that does not help, replug the reader";

/// Is an answer of the thread, one of a thread that has ended, or none in time.
type Answered<T> = Result<Result<Result<T, DeviceError>, RecvError>, Elapsed>;

/// Asks the talking thread. Clones ask the same thread; it ends with the last of them.
///
/// A thread that does not answer in time hangs in the service or in the reader's driver, and nothing
/// frees it but them. It is abandoned then, with its session, and the next request gets a thread and
/// a context of its own.
#[derive(Debug, Clone)]
pub(super) struct Talker {
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    subject: Arc<Subject>,
    deadlines: Deadlines,
    /// The thread that is asked; none after one was abandoned.
    line: Mutex<Option<Line>>,
}

impl Talker {
    /// Starts the thread for the reader whose name starts with `prefix`. Performs no I/O.
    pub(super) fn start(
        prefix: String,
        device: String,
        deadlines: Deadlines,
    ) -> Result<Self, DeviceError> {
        let subject = Arc::new(Subject::new(prefix, device, deadlines.connect));
        let line = Mutex::new(Some(thread::start(&subject)?));
        Ok(Self { shared: Arc::new(Shared { subject, deadlines, line }) })
    }

    pub(super) fn device(&self) -> &str {
        self.shared.subject.device()
    }

    pub(super) fn deadlines(&self) -> Deadlines {
        self.shared.deadlines
    }

    /// Returns the reader's whole name.
    pub(super) async fn find(&self, action: &'static str) -> Result<String, DeviceError> {
        self.ask(self.deadlines().connect, action, |_, reply| Request::Find { action, reply }).await
    }

    /// Returns where the reader is that was found. From the first time on it has to be the same
    /// one: a twin that takes its name is another reader.
    pub(super) async fn locate(
        &self,
        name: String,
        action: &'static str,
    ) -> Result<Place, DeviceError> {
        let request = |_, reply| Request::Locate { name, action, reply };
        self.ask(self.deadlines().connect, action, request).await
    }

    /// Powers the card that is in.
    pub(super) async fn connect(&self) -> Result<Powered, DeviceError> {
        let request = |requests, reply| Request::Connect { requests, reply };
        self.ask(self.deadlines().connect, "connect", request).await
    }

    /// Sends something to the reader itself, without a card.
    pub(super) async fn control(
        &self,
        code: u32,
        data: Sensitive,
    ) -> Result<Sensitive, DeviceError> {
        let request = |_, reply| Request::Control { session: None, code, data, reply };
        self.ask(self.deadlines().transmit, "control the reader", request).await
    }

    /// Sends a command to the card of `session`.
    pub(super) async fn transmit(
        &self,
        session: &Session,
        command: &[u8],
    ) -> Result<Sensitive, DeviceError> {
        let (number, command) = (session.number, Sensitive::from(command));
        let request = |reply| Request::Transmit { session: number, command, reply };
        self.ask_on(session, self.deadlines().transmit, "transmit", request).await
    }

    /// Lets `dialogue` talk to the card of `session`.
    pub(super) async fn converse(
        &self,
        session: &Session,
        dialogue: Box<dyn Dialogue>,
    ) -> Result<Box<dyn Dialogue>, DeviceError> {
        let limit = self.deadlines().transmit;
        let progress = Arc::new(Progress::new());
        let (reply, mut answer) = oneshot::channel();
        let (number, shared) = (session.number, Arc::clone(&progress));
        session.requests.send(Request::Converse {
            session: number,
            dialogue,
            progress: shared,
            reply,
        });
        let mut end = progress.end(limit);
        loop {
            match tokio::time::timeout_at(end, &mut answer).await {
                // Another command has begun meanwhile.
                Err(_) if progress.end(limit) > end => end = progress.end(limit),
                answer => return self.answered(&session.requests, "transmit", answer),
            }
        }
    }

    /// Resets the card of `session`.
    pub(super) async fn reset(
        &self,
        session: &Session,
        reset: Reset,
    ) -> Result<Awake, DeviceError> {
        let number = session.number;
        let request = |reply| Request::Reset { session: number, reset, reply };
        self.ask_on(session, self.deadlines().connect, "reset the card", request).await
    }

    /// Asks for the features of the reader that has the card of `session`.
    pub(super) async fn features(&self, session: &Session) -> Result<FeatureList, DeviceError> {
        let number = session.number;
        let request = |reply| Request::Features { session: number, reply };
        self.ask_on(session, self.deadlines().connect, "ask for features", request).await
    }

    /// Sends something to the reader that has the card of `session`; `person` is how long a person
    /// may take for a part of it.
    pub(super) async fn control_on(
        &self,
        session: &Session,
        code: u32,
        data: Sensitive,
        person: Duration,
    ) -> Result<Sensitive, DeviceError> {
        let number = Some(session.number);
        let request = |reply| Request::Control { session: number, code, data, reply };
        let deadline = self.deadlines().transmit.saturating_add(person);
        self.ask_on(session, deadline, "control the reader", request).await
    }

    /// Powers the card of `session` down.
    pub(super) async fn disconnect(&self, session: &Session) -> Result<(), DeviceError> {
        let number = session.number;
        let request = |reply| Request::Disconnect { session: number, reply: Some(reply) };
        self.ask_on(session, self.deadlines().connect, "disconnect", request).await
    }

    /// Asks the thread that there is, or a new one.
    async fn ask<T: Send>(
        &self,
        deadline: Duration,
        action: &'static str,
        request: impl FnOnce(Requests, Reply<T>) -> Request + Send,
    ) -> Result<T, DeviceError> {
        let requests = self.requests(action)?;
        let (reply, answer) = oneshot::channel();
        requests.send(request(requests.clone(), reply));
        self.answer(&requests, deadline, action, answer).await
    }

    /// Asks the thread that has the session's card.
    async fn ask_on<T: Send>(
        &self,
        session: &Session,
        deadline: Duration,
        action: &'static str,
        request: impl FnOnce(Reply<T>) -> Request + Send,
    ) -> Result<T, DeviceError> {
        let (reply, answer) = oneshot::channel();
        session.requests.send(request(reply));
        self.answer(&session.requests, deadline, action, answer).await
    }

    async fn answer<T: Send>(
        &self,
        requests: &Requests,
        deadline: Duration,
        action: &'static str,
        answer: oneshot::Receiver<Result<T, DeviceError>>,
    ) -> Result<T, DeviceError> {
        let answer = tokio::time::timeout(deadline, answer).await;
        self.answered(requests, action, answer)
    }

    /// Takes an answer; a thread that gave none in time is abandoned.
    fn answered<T>(
        &self,
        requests: &Requests,
        action: &'static str,
        answer: Answered<T>,
    ) -> Result<T, DeviceError> {
        match answer {
            Ok(Ok(answer)) => answer,
            Ok(Err(_)) => Err(DeviceError::new(DeviceErrorKind::Other, self.device(), action)),
            Err(_) => {
                self.shared.abandon(requests.thread());
                let hung = DeviceError::new(DeviceErrorKind::TimedOut, self.device(), action);
                Err(hung.with_help(HANGS))
            }
        }
    }

    fn requests(&self, action: &'static str) -> Result<Requests, DeviceError> {
        let mut line = self.shared.line.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(line) = &*line {
            return Ok(line.requests.clone());
        }
        if self.shared.subject.hanging() >= MOST_ABANDONED {
            let hangs = DeviceError::new(DeviceErrorKind::Busy, self.device(), action);
            return Err(hangs.with_help(HANGS));
        }
        Ok(line.insert(thread::start(&self.shared.subject)?).requests.clone())
    }
}

impl Shared {
    /// Leaves the thread of this number alone, because it hangs.
    fn abandon(&self, thread: u64) {
        let mut line = self.line.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(line) = line.take_if(|line| line.requests.thread() == thread) {
            let device = self.subject.device();
            tracing::warn!(device, "a call to the reader hangs and is left alone");
            self.subject.abandon(line.ended);
        }
    }
}
