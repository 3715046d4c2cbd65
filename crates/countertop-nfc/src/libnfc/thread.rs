//! The thread of a device, and the way to it.

use std::sync::Arc;
use std::sync::mpsc::{self, Sender};

use countertop_device::{
    CardProtocol, ContactlessTarget, DeviceError, DeviceErrorKind, HealthLevel, HealthReport,
    Sensitive,
};
use countertop_transport::UnplugWatch;
use tokio::sync::oneshot;

use super::attached::Attached;
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
    /// The device may have been unplugged: look.
    Gone,
}

/// Tells sessions of one device apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct SessionId(pub(super) u64);

/// Is the way to a device's thread. The thread ends when the last of them is dropped.
#[derive(Debug, Clone)]
pub(super) struct Handle {
    requests: Sender<Request>,
    device: String,
    /// Asks the thread to look when the device goes; it has a way to the thread too.
    gone: Option<Arc<UnplugWatch>>,
}

/// Is what is known of a device that was opened.
#[derive(Debug)]
pub(super) struct Opened {
    pub(super) model: String,
    pub(super) attached: Option<Attached>,
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
    /// Opens the device on a thread of its own and returns the way to it, and what it is.
    pub(super) async fn start(
        connstring: String,
        device: String,
        timing: Timing,
    ) -> Result<(Self, Opened), DeviceError> {
        let (requests, inbox) = mpsc::channel();
        let mut handle = Self { requests, device: device.clone(), gone: None };
        let name = device.clone();
        let (reply, opened) = oneshot::channel();
        let body = move || match NfcChip::open(&connstring, &name) {
            Err(error) => drop(reply.send(Err(error))),
            Ok(mut chip) => {
                // When nobody takes the reply, the inbox has no sender and the worker ends at once.
                let (model, attached) = (chip.model(), chip.attached().cloned());
                drop(reply.send(Ok(Opened { model, attached })));
                Worker::new(chip, inbox, timing).run();
            }
        };
        std::thread::Builder::new()
            .name(format!("libnfc {device}"))
            .spawn(body)
            .map_err(|error| DeviceError::from_io(error, &device, "open"))?;
        let opened: Opened = handle.answer(opened, "open").await?;
        if let Some(attached) = &opened.attached {
            handle.watch(&attached.node);
        }
        Ok((handle, opened))
    }

    fn watch(&mut self, node: &str) {
        let requests = self.requests.clone();
        // A thread that has ended has closed its device.
        let gone = move || drop(requests.send(Request::Gone));
        match UnplugWatch::start(node, gone) {
            Ok(watch) => self.gone = Some(Arc::new(watch)),
            Err(error) => tracing::warn!(%error, node, "unplugging is noticed with delay"),
        }
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
