//! The thread of a device, and the way to it.

use std::sync::mpsc::{self, Sender};

use countertop_device::{
    CardProtocol, ContactlessTarget, DeviceError, DeviceErrorKind, HealthLevel, HealthReport,
    Sensitive,
};
use tokio::sync::oneshot;

use super::chip::NfcChip;
use super::settings::Timing;
use super::worker::Worker;

pub(super) type Reply<T> = oneshot::Sender<Result<T, DeviceError>>;

/// Is what the thread is asked to do.
#[derive(Debug)]
pub(super) enum Request {
    /// Wait for a target, until somebody drops the other end.
    Await(Reply<ContactlessTarget>),
    /// A wait may have been dropped: look.
    Interrupt,
    /// Start a session with the target that was found last. The thread itself keeps no way to
    /// itself, so that it notices when nobody does.
    Connect(Handle, Reply<SessionHandle>),
    /// Send a command in a session.
    Transmit { session: SessionId, command: Sensitive, reply: Reply<Sensitive> },
    /// End a session; nobody waits when it was dropped.
    Close { session: SessionId, reply: Option<Reply<()>> },
    /// Check the device.
    CheckHealth(HealthLevel, Reply<HealthReport>),
}

/// Tells sessions of one device apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct SessionId(pub(super) u64);

/// Is the way to a device's thread. The thread ends when the last of them is dropped.
#[derive(Debug, Clone)]
pub(super) struct Handle {
    requests: Sender<Request>,
    device: String,
}

/// Is a session; dropping it ends it.
#[derive(Debug)]
pub(super) struct SessionHandle {
    pub(super) handle: Handle,
    pub(super) id: SessionId,
    pub(super) protocol: CardProtocol,
    pub(super) ats: Vec<u8>,
}

impl Handle {
    /// Opens the device on a thread of its own and returns the way to it, and its model.
    pub(super) async fn start(
        connstring: String,
        device: String,
        timing: Timing,
    ) -> Result<(Self, String), DeviceError> {
        let (requests, inbox) = mpsc::channel();
        let handle = Self { requests, device: device.clone() };
        let name = device.clone();
        let (reply, opened) = oneshot::channel();
        let body = move || match NfcChip::open(&connstring, &name) {
            Err(error) => drop(reply.send(Err(error))),
            Ok(mut chip) => {
                // When nobody takes the reply, the inbox has no sender and the worker ends at once.
                drop(reply.send(Ok(chip.model())));
                Worker::new(chip, inbox, timing).run();
            }
        };
        std::thread::Builder::new()
            .name(format!("libnfc {device}"))
            .spawn(body)
            .map_err(|error| DeviceError::from_io(error, &device, "open"))?;
        let model = handle.answer(opened, "open").await?;
        Ok((handle, model))
    }

    /// Sends a request that nobody waits for.
    pub(super) fn tell(&self, request: Request) {
        // A thread that has ended has closed its device.
        let _ = self.requests.send(request);
    }

    /// Sends a request and waits for its answer.
    pub(super) async fn ask<T>(
        &self,
        action: &'static str,
        request: impl FnOnce(Reply<T>) -> Request,
    ) -> Result<T, DeviceError> {
        let (reply, answer) = oneshot::channel();
        self.tell(request(reply));
        self.answer(answer, action).await
    }

    async fn answer<T>(
        &self,
        answer: oneshot::Receiver<Result<T, DeviceError>>,
        action: &'static str,
    ) -> Result<T, DeviceError> {
        answer.await.unwrap_or_else(|_ended| {
            Err(DeviceError::new(DeviceErrorKind::Disconnected, &self.device, action))
        })
    }
}

impl Drop for SessionHandle {
    fn drop(&mut self) {
        self.handle.tell(Request::Close { session: self.id, reply: None });
    }
}
