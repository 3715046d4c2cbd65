//! What the readers of all drivers share: the reader and its sessions are ways to a thread or a task
//! that has the device.

mod handle;
#[expect(clippy::module_inception, reason = "the reader, beside the way to its device")]
mod reader;
mod session;

use countertop_device::{
    CardProtocol, ContactlessTarget, DeviceError, HealthLevel, HealthReport, Sensitive,
};
use tokio::sync::oneshot;

pub(crate) use handle::{Handle, Requests};
pub use reader::NfcReader;

pub(crate) type Reply<T> = oneshot::Sender<Result<T, DeviceError>>;

/// Is what the thread is asked to do.
#[derive(Debug)]
pub(crate) enum Request {
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
    #[cfg(feature = "libnfc")]
    Gone,
}

/// Tells sessions of one device apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct SessionId(pub(crate) u64);

/// Is a session; dropping it ends it.
#[derive(Debug)]
pub(crate) struct SessionHandle {
    pub(crate) handle: Handle,
    pub(crate) id: SessionId,
    pub(crate) protocol: CardProtocol,
    pub(crate) ats: Vec<u8>,
}

impl Drop for SessionHandle {
    fn drop(&mut self) {
        self.handle.tell(Request::Close { session: self.id, reply: None });
    }
}
