//! The PC/SC service for tests that need the virtual reader.

use std::fs::File;
use std::io;
use std::net::TcpStream;
use std::os::unix::net::UnixStream;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

/// Slot 0 of the virtual reader.
pub const VPCD: &str = "127.0.0.1:35963";

/// Where PC/SC programs find the service.
const SOCKET: &str = "/run/pcscd/pcscd.comm";

/// How long vpcd's port may be another program's: the kernel gives it to outgoing connections as well, and
/// keeps it for a minute after one has ended.
const PORT_BUSY: Duration = Duration::from_secs(75);

/// Is a running PC/SC service, and the sole right to its virtual reader until this is dropped.
///
/// A service that runs already is used; else one is started, and ended with this value.
#[derive(Debug)]
pub struct Service {
    started: Option<Child>,
    _lock: File,
}

impl Service {
    /// Waits for the turn of this process and makes sure that the service runs.
    ///
    /// # Errors
    ///
    /// When the service cannot be started; a test that needs it has then failed.
    pub fn start() -> io::Result<Self> {
        let lock = File::create(std::env::temp_dir().join("countertop-vpcd.lock"))?;
        lock.lock()?;
        let mut service = Self { started: None, _lock: lock };
        let end = Instant::now() + PORT_BUSY;
        loop {
            if !runs() {
                service.started = Some(spawn()?);
            }
            match wait_for_virtual_reader() {
                // vpcd listens when the service starts or never.
                Err(_) if service.started.is_some() && Instant::now() < end => service.stop(),
                other => return other.map(|()| service),
            }
        }
    }

    fn stop(&mut self) {
        if let Some(mut child) = self.started.take() {
            // It is ending either way.
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        self.stop();
    }
}

fn runs() -> bool {
    UnixStream::connect(SOCKET).is_ok()
}

fn spawn() -> io::Result<Child> {
    let child = Command::new("/usr/sbin/pcscd")
        .arg("--foreground")
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn();
    child.map_err(|error| io::Error::other(format!("pcscd: {error}; install pcscd, run as root")))
}

fn wait_for_virtual_reader() -> io::Result<()> {
    let end = Instant::now() + Duration::from_secs(10);
    loop {
        if runs() && TcpStream::connect(VPCD).is_ok() {
            return Ok(());
        }
        if Instant::now() > end {
            return Err(io::Error::other(
                "pcscd has no virtual reader: install vsmartcard-vpcd, and see with `ss -tan` who has \
                 port 35963",
            ));
        }
        // A service that starts has no event to wait for.
        thread::sleep(Duration::from_millis(20));
    }
}
