//! The session of a device that is plugged into this computer.

use std::fmt;
use std::io;
use std::os::unix::net::UnixStream as StdStream;
use std::sync::Arc;
use std::thread;

use tokio::net::UnixStream;
use tokio::runtime::{Builder, Runtime};
use tokio::sync::{Notify, oneshot};

use super::device::Shared;
use super::serve::session;

/// Is a device's session with the kernel, on a thread of its own. Dropping it pulls the plug.
///
/// A driver that waits in the kernel for this device may hold up every worker of the runtime that it
/// shares with the device: usblp makes writers wait while it asks for the port status. An answer that
/// waited for one of these workers would never come, and the kernel waits for it without an end.
pub(super) struct Cable {
    pulled: Arc<Notify>,
    ended: oneshot::Receiver<()>,
}

impl Cable {
    /// Begins the session over a stream whose other end the kernel has.
    pub(super) fn plug(device: Arc<Shared>, stream: StdStream) -> io::Result<Self> {
        let runtime = Builder::new_current_thread().enable_all().build()?;
        let pulled = Arc::new(Notify::new());
        let (ending, ended) = oneshot::channel();
        let pull = Arc::clone(&pulled);
        thread::Builder::new().name("usb cable".into()).spawn(move || {
            serve(&runtime, device, stream, &pull);
            // Nobody may wait for it.
            let _ = ending.send(());
        })?;
        Ok(Self { pulled, ended })
    }

    /// Pulls the plug, and does not wait.
    pub(super) fn pull(&self) {
        self.pulled.notify_one();
    }

    /// Waits until the session has ended, in whatever way.
    pub(super) async fn ended(&mut self) {
        // Without a sender it has ended too.
        let _ = (&mut self.ended).await;
    }
}

fn serve(runtime: &Runtime, device: Arc<Shared>, stream: StdStream, pulled: &Notify) {
    runtime.block_on(async {
        let Ok(stream) = UnixStream::from_std(stream) else { return };
        tokio::select! {
            biased;
            () = pulled.notified() => {}
            // How it ended the host knows.
            _ended = session(device, stream) => {}
        }
    });
}

impl Drop for Cable {
    fn drop(&mut self) {
        self.pull();
    }
}

impl fmt::Debug for Cable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Cable").finish_non_exhaustive()
    }
}
