//! The session of a device that is plugged into this computer.

use std::fmt;
use std::io;
use std::os::unix::net::UnixStream as StdStream;
use std::sync::{Arc, Mutex, mpsc};
use std::thread;
use std::time::Duration;

use tokio::net::UnixStream;
use tokio::runtime::{Builder, Runtime};
use tokio::sync::{Notify, oneshot};
use tokio::time::timeout;

use super::VhciPort;
use super::device::Shared;
use super::parting;
use super::serve::session;

/// How long a host may take to read that its requests have failed.
const LAST_WORDS: Duration = Duration::from_millis(500);

/// Is a device's session with the kernel, on a thread of its own. Dropping it pulls the plug, and waits
/// until the host has read that its requests have failed: the program may end behind that, and the thread
/// with it.
///
/// A driver that waits in the kernel for this device may hold up every worker of the runtime that it
/// shares with the device: usblp makes writers wait while it asks for the port status. An answer that
/// waited for one of these workers would never come, and the kernel waits for it without an end.
pub(super) struct Cable {
    pulled: Arc<Notify>,
    /// Ends with the session. Behind a lock only to be shared among threads.
    over: Mutex<mpsc::Receiver<()>>,
    let_go: oneshot::Receiver<io::Result<()>>,
}

impl Cable {
    /// Begins the session over a stream whose other end the kernel has.
    pub(super) fn plug(device: Arc<Shared>, port: VhciPort, stream: StdStream) -> io::Result<Self> {
        let runtime = Builder::new_current_thread().enable_all().build()?;
        let pulled = Arc::new(Notify::new());
        let (letting_go, let_go) = oneshot::channel();
        let (lasting, over) = mpsc::channel();
        let pull = Arc::clone(&pulled);
        thread::Builder::new().name("usb cable".into()).spawn(move || {
            // Nobody may wait for it.
            let _ = letting_go.send(serve(&runtime, &device, port, stream, &pull, lasting));
        })?;
        Ok(Self { pulled, over: Mutex::new(over), let_go })
    }

    /// Pulls the plug, and does not wait.
    pub(super) fn pull(&self) {
        self.pulled.notify_one();
    }

    /// Waits until the kernel has let the device go.
    pub(super) async fn let_go(&mut self) -> io::Result<()> {
        (&mut self.let_go).await.unwrap_or_else(|_| Err(io::Error::other("the cable broke")))
    }
}

/// Speaks with the kernel until the plug is pulled, and waits until the kernel has let the device go; drops
/// `lasting` in between, with the session.
fn serve(
    runtime: &Runtime,
    device: &Arc<Shared>,
    port: VhciPort,
    stream: StdStream,
    pulled: &Notify,
    lasting: mpsc::Sender<()>,
) -> io::Result<()> {
    runtime.block_on(async {
        let stream = UnixStream::from_std(stream)?;
        let mut session = Box::pin(session(Arc::clone(device), stream));
        let pulled = tokio::select! {
            biased;
            () = pulled.notified() => true,
            // How it ended the host knows.
            _ended = &mut session => false,
        };
        let folder = port.folder();
        if pulled {
            // vhci_hcd leaves requests that wait to their drivers when the connection ends, and a driver
            // may wait for them before it lets the device go.
            device.pipes.lock().sever();
            let _ended = timeout(LAST_WORDS, &mut session).await;
        }
        let lost = device.pipes.lock().take_lost();
        drop((session, lasting));
        parting::let_go(port, device.descriptors.bus_speed(), folder, lost).await
    })
}

impl Drop for Cable {
    fn drop(&mut self) {
        self.pull();
        // The thread has a bound of its own, unless it is not scheduled.
        if let Ok(over) = self.over.get_mut() {
            let _ended = over.recv_timeout(2 * LAST_WORDS);
        }
    }
}

impl fmt::Debug for Cable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Cable").finish_non_exhaustive()
    }
}
