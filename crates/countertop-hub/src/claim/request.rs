//! The socket on which another program asks for a device.
//!
//! To connect is to ask. The holder answers `kept` or `released` and hangs up.

use core::time::Duration;
use std::io;
use std::os::unix::net::UnixListener as StdListener;
use std::path::{Path, PathBuf};

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{UnixListener, UnixStream};
use tokio::time::timeout;

use super::share;

const KEPT: &[u8] = b"kept\n";
const RELEASED: &[u8] = b"released\n";

/// Is what came of asking.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Answer {
    Kept,
    Released,
    None,
}

/// Asks the holder that listens at `path`, and waits for its answer.
pub(super) async fn ask(path: &Path, wait: Duration) -> Answer {
    let answer = async {
        let mut holder = UnixStream::connect(path).await?;
        let mut answer = Vec::new();
        // A holder that ends says nothing: its lock is free then.
        (&mut holder).take(16).read_to_end(&mut answer).await?;
        io::Result::Ok(answer)
    };
    match timeout(wait, answer).await {
        Ok(Ok(answer)) if answer == KEPT => Answer::Kept,
        // A holder that nobody can ask any more has ended, or its lock shows that it has not.
        Ok(_) => Answer::Released,
        Err(_elapsed) => Answer::None,
    }
}

/// Takes the requests for one device.
#[derive(Debug)]
pub(super) struct Requests {
    path: PathBuf,
    listener: Listener,
}

/// A listener wakes nobody before somebody waits for requests.
#[derive(Debug)]
enum Listener {
    Idle(StdListener),
    Watched(UnixListener),
    Failed,
}

impl Requests {
    pub(super) fn listen(path: PathBuf) -> io::Result<Self> {
        // Of this process id, so it was left behind.
        let _ = std::fs::remove_file(&path);
        let listener = StdListener::bind(&path)?;
        let requests = Self { path, listener: Listener::Idle(listener) };
        share::with_group(&requests.path)?;
        Ok(requests)
    }

    /// Waits for the next request.
    pub(super) async fn next(&mut self) -> ReleaseRequest {
        loop {
            let accepted = match self.watched() {
                Ok(listener) => listener.accept().await,
                Err(error) => Err(error),
            };
            match accepted {
                Ok((stream, _)) => return ReleaseRequest::from(stream),
                Err(error) => {
                    tracing::warn!(%error, "requests for a device cannot be heard any more");
                    self.listener = Listener::Failed;
                    std::future::pending().await
                }
            }
        }
    }

    fn watched(&mut self) -> io::Result<&UnixListener> {
        if let Listener::Idle(listener) = &self.listener {
            listener.set_nonblocking(true)?;
            let listener = UnixListener::from_std(listener.try_clone()?)?;
            self.listener = Listener::Watched(listener);
        }
        match &self.listener {
            Listener::Watched(listener) => Ok(listener),
            Listener::Idle(_) | Listener::Failed => Err(io::ErrorKind::NotConnected.into()),
        }
    }
}

impl Drop for Requests {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.path);
    }
}

/// Is another program's request for a device (Windows: `ReleaseDeviceRequested`).
///
/// Who drops it without an answer keeps the device.
#[derive(Debug)]
pub struct ReleaseRequest {
    stream: Option<UnixStream>,
    pid: Option<u32>,
    program: Option<String>,
}

impl ReleaseRequest {
    /// Returns the process that asks, as the kernel says.
    #[must_use]
    pub fn pid(&self) -> Option<u32> {
        self.pid
    }

    /// Returns that program's name.
    #[must_use]
    pub fn program(&self) -> Option<&str> {
        self.program.as_deref()
    }

    /// Keeps the device.
    pub fn keep(self) {}

    /// Tells that the device was released.
    pub(crate) async fn released(mut self) {
        if let Some(mut stream) = self.stream.take() {
            // Who asked may have given up.
            let _ = stream.write_all(RELEASED).await;
        }
    }
}

impl Drop for ReleaseRequest {
    fn drop(&mut self) {
        if let Some(stream) = &self.stream {
            let _ = stream.try_write(KEPT);
        }
    }
}

impl From<UnixStream> for ReleaseRequest {
    fn from(stream: UnixStream) -> Self {
        let pid = stream.peer_cred().ok().and_then(|peer| peer.pid());
        let pid = pid.and_then(|pid| u32::try_from(pid).ok());
        let program = pid.and_then(|pid| std::fs::read_to_string(format!("/proc/{pid}/comm")).ok());
        let program = program.map(|program| program.trim().to_owned());
        Self { stream: Some(stream), pid, program }
    }
}
