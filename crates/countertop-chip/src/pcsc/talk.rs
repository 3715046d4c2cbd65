//! Asking the talking thread, with a deadline for each request.

use core::future::Future;
use core::time::Duration;
use std::sync::mpsc;
use std::thread;

use countertop_device::{CardProtocol, DeviceError, DeviceErrorKind, Sensitive};
use tokio::sync::oneshot;

use super::place::Place;
use super::settings::Deadlines;
use super::thread::Thread;

/// Takes the answer; closed when the caller has given up.
pub(super) type Reply<T> = oneshot::Sender<Result<T, DeviceError>>;

/// Asks the talking thread. Clones ask the same thread; it ends with the last of them.
#[derive(Debug, Clone)]
pub(super) struct Talker {
    requests: mpsc::Sender<Request>,
    device: String,
    deadlines: Deadlines,
}

/// Is a card that was powered.
#[derive(Debug)]
pub(super) struct Powered {
    pub(super) session: Session,
    pub(super) protocol: CardProtocol,
    pub(super) answer_to_reset: Vec<u8>,
}

/// Stands for the card in the thread, which is powered down when this is dropped.
#[derive(Debug)]
pub(super) struct Session {
    pub(super) number: u64,
    pub(super) requests: mpsc::Sender<Request>,
}

/// Is what the thread is asked to do.
#[derive(Debug)]
pub(super) enum Request {
    Find { action: &'static str, reply: Reply<String> },
    Locate { name: String, action: &'static str, reply: Reply<Place> },
    Connect { requests: mpsc::Sender<Self>, reply: Reply<Powered> },
    Transmit { session: u64, command: Sensitive, reply: Reply<Sensitive> },
    Disconnect { session: u64, reply: Option<Reply<()>> },
}

impl Talker {
    /// Starts the thread for the reader whose name starts with `prefix`. Performs no I/O.
    pub(super) fn start(
        prefix: String,
        device: String,
        deadlines: Deadlines,
    ) -> Result<Self, DeviceError> {
        let (requests, received) = mpsc::channel();
        let thread = Thread::new(prefix, device.clone());
        thread::Builder::new()
            .name("pcsc-talk".into())
            .spawn(move || thread.run(&received))
            .map_err(|error| DeviceError::from_io(error, &device, "start a thread"))?;
        Ok(Self { requests, device, deadlines })
    }

    pub(super) fn device(&self) -> &str {
        &self.device
    }

    pub(super) fn deadlines(&self) -> Deadlines {
        self.deadlines
    }

    /// Returns the reader's whole name.
    pub(super) fn find(
        &self,
        action: &'static str,
    ) -> impl Future<Output = Result<String, DeviceError>> + Send {
        self.ask(self.deadlines.connect, action, move |reply| Request::Find { action, reply })
    }

    /// Returns where the reader is that was found. From the first time on it has to be the same
    /// one: a twin that takes its name is another reader.
    pub(super) fn locate(
        &self,
        name: String,
        action: &'static str,
    ) -> impl Future<Output = Result<Place, DeviceError>> + Send {
        self.ask(self.deadlines.connect, action, move |reply| Request::Locate {
            name,
            action,
            reply,
        })
    }

    /// Powers the card that is in.
    pub(super) fn connect(&self) -> impl Future<Output = Result<Powered, DeviceError>> + Send {
        let requests = self.requests.clone();
        self.ask(self.deadlines.connect, "connect", |reply| Request::Connect { requests, reply })
    }

    /// Sends a command to the card of `session`.
    pub(super) fn transmit(
        &self,
        session: &Session,
        command: &[u8],
    ) -> impl Future<Output = Result<Sensitive, DeviceError>> + Send {
        let (session, command) = (session.number, Sensitive::from(command));
        self.ask(self.deadlines.transmit, "transmit", move |reply| Request::Transmit {
            session,
            command,
            reply,
        })
    }

    /// Powers the card of `session` down.
    pub(super) fn disconnect(
        &self,
        session: &Session,
    ) -> impl Future<Output = Result<(), DeviceError>> + Send {
        let session = session.number;
        self.ask(self.deadlines.connect, "disconnect", move |reply| Request::Disconnect {
            session,
            reply: Some(reply),
        })
    }

    fn ask<T: Send>(
        &self,
        deadline: Duration,
        action: &'static str,
        request: impl FnOnce(Reply<T>) -> Request,
    ) -> impl Future<Output = Result<T, DeviceError>> + Send {
        let (reply, answer) = oneshot::channel();
        // A thread that has ended drops the reply, which the wait below sees.
        let _ = self.requests.send(request(reply));
        let device = self.device.clone();
        async move {
            match tokio::time::timeout(deadline, answer).await {
                Ok(Ok(answer)) => answer,
                Ok(Err(_)) => Err(DeviceError::new(DeviceErrorKind::Other, device, action)),
                Err(_) => Err(DeviceError::new(DeviceErrorKind::TimedOut, device, action)
                    .with_help("take the card out; if that does not help, replug the reader")),
            }
        }
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        // The thread outlives its sessions; one that has panicked has dropped the card already.
        let _ = self.requests.send(Request::Disconnect { session: self.number, reply: None });
    }
}
