//! A pcscd of our own and a card in its virtual reader.
//!
//! The virtual reader (vpcd) has one TCP port per machine, so that tests hold a lock across
//! processes for as long as they use it.

use std::ffi::OsStr;
use std::fs::File;
use std::io::{self, Read, Write};
use std::net::{Shutdown, SocketAddr, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

use countertop_chip::{PcscDriver, PcscReader};
use countertop_device::{DeviceError, Driver, Listing, Settings};
use rustix::net::sockopt::set_tcp_quickack;
use rustix::process::{Pid, Signal, kill_process};

use crate::lanes;

/// Slot 0 of vpcd.
const VPCD: ([u8; 4], u16) = ([127, 0, 0, 1], 35963);
/// pcscd's socket.
const SOCKET: &str = "/run/pcscd/pcscd.comm";
/// The virtual reader's name in Debian's reader.conf.
pub(crate) const READER: &str = "pcsc:Virtual PCD 00 00";
/// How long anything may take that depends on pcscd's 400 ms look at the slot.
pub(crate) const PATIENCE: Duration = Duration::from_secs(10);

/// Is a running pcscd, started by this test and killed with it.
pub(crate) struct Service {
    child: Child,
    /// The folder of its readers, where that is not the system's.
    configuration: Option<PathBuf>,
    _lock: File,
}

impl Service {
    /// Waits for the turn of this process and starts pcscd.
    ///
    /// Panics with the cure when it cannot: a test of the driver without the service proves nothing.
    pub(crate) fn start() -> Self {
        Self::begin(None)
    }

    /// The same with readers of a configuration of our own.
    pub(crate) fn start_configured(folder: &Path) -> Self {
        Self::begin(Some(folder.to_owned()))
    }

    fn begin(configuration: Option<PathBuf>) -> Self {
        let lock = File::create(std::env::temp_dir().join("countertop-vpcd.lock")).unwrap();
        lock.lock().unwrap();
        assert!(
            std::os::unix::net::UnixStream::connect(SOCKET).is_err(),
            "a pcscd runs already; stop it (`sudo systemctl stop pcscd.socket pcscd`), since this \
             test kills and restarts one of its own"
        );
        Self { child: spawn(configuration.as_deref()), configuration, _lock: lock }
    }

    pub(crate) fn kill(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    pub(crate) fn restart(&mut self) {
        self.kill();
        self.child = spawn(self.configuration.as_deref());
    }

    /// Starts the service anew with all its readers unplugged.
    pub(crate) fn restart_without_readers(&mut self) {
        self.kill();
        let nothing = std::env::temp_dir().join("countertop-no-readers");
        std::fs::create_dir_all(&nothing).unwrap();
        self.child = spawn_with(&["--config".as_ref(), nothing.as_os_str()], |readers| {
            readers.is_ok_and(|readers| readers.is_empty())
        });
    }

    /// Stops the service in the middle of whatever it does, and waits until all of it stands still.
    pub(crate) fn freeze(&self) {
        self.signal(Signal::STOP);
        let end = Instant::now() + PATIENCE;
        while !self.stands_still() {
            assert!(Instant::now() < end, "pcscd does not stop");
            thread::sleep(Duration::from_millis(1));
        }
    }

    fn stands_still(&self) -> bool {
        let tasks = std::fs::read_dir(format!("/proc/{}/task", self.child.id())).unwrap();
        // A thread may end meanwhile.
        let mut statuses = tasks
            .filter_map(|task| std::fs::read_to_string(task.unwrap().path().join("status")).ok());
        statuses.all(|status| status.contains("State:\tT"))
    }

    /// Lets it go on.
    pub(crate) fn thaw(&self) {
        self.signal(Signal::CONT);
    }

    fn signal(&self, signal: Signal) {
        kill_process(Pid::from_child(&self.child), signal).unwrap();
    }

    /// Opens the virtual reader.
    pub(crate) async fn open(&self) -> PcscReader {
        self.open_with(&Settings::new()).await
    }

    pub(crate) async fn open_with(&self, settings: &Settings) -> PcscReader {
        PcscDriver::new().open_reader(&READER.parse().unwrap(), settings).await.unwrap()
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        self.kill();
    }
}

fn spawn(configuration: Option<&Path>) -> Child {
    let Some(folder) = configuration else {
        return spawn_with(&[], |readers| {
            readers.is_ok_and(|readers| readers.iter().any(is_virtual))
        });
    };
    let lanes = lanes::count(folder);
    spawn_with(&["--config".as_ref(), folder.as_os_str()], |readers| {
        readers.is_ok_and(|readers| readers.len() == lanes)
    })
}

fn spawn_with(
    arguments: &[&OsStr],
    is_ready: impl Fn(Result<Vec<Listing>, DeviceError>) -> bool,
) -> Child {
    let mut child = Command::new("/usr/sbin/pcscd")
        .arg("--foreground")
        .args(arguments)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("start pcscd: install pcscd and vsmartcard-vpcd");
    let end = Instant::now() + PATIENCE;
    while !is_ready(PcscDriver::new().list()) {
        let ended = child.try_wait().unwrap();
        assert!(ended.is_none(), "pcscd ended with {ended:?}: run the tests as root");
        assert!(Instant::now() < end, "no virtual reader: install vsmartcard-vpcd");
        // A service that starts has no event to wait for.
        thread::sleep(Duration::from_millis(5));
    }
    child
}

fn is_virtual(reader: &Listing) -> bool {
    reader.info.selector.to_string() == READER
}

/// Is a card in the virtual reader; taken out on drop.
pub(crate) struct RawCard {
    stream: TcpStream,
}

impl RawCard {
    /// Inserts a card with this answer to reset, which answers each command with `answer`; `None`
    /// means that it says nothing.
    pub(crate) fn insert(
        answer_to_reset: impl Into<Vec<u8>>,
        mut answer: impl FnMut(&[u8]) -> Option<Vec<u8>> + Send + 'static,
    ) -> Self {
        let stream = TcpStream::connect(SocketAddr::from(VPCD)).unwrap();
        let mut line = stream.try_clone().unwrap();
        let answer_to_reset = answer_to_reset.into();
        thread::spawn(move || -> io::Result<()> {
            loop {
                let message = receive(&mut line)?;
                match message.as_slice() {
                    [0x04] => send(&mut line, &answer_to_reset)?,
                    // Power off, power on, reset.
                    [_] => {}
                    command => {
                        if let Some(answer) = answer(command) {
                            send(&mut line, &answer)?;
                        }
                    }
                }
            }
        });
        Self { stream }
    }

    /// Inserts a card that tells of the first command and never answers it.
    pub(crate) fn silent() -> (Self, mpsc::Receiver<()>) {
        let (heard, commands) = mpsc::channel();
        let card = Self::insert(ATR_T1, move |_| {
            let _ = heard.send(());
            None
        });
        (card, commands)
    }
}

impl Drop for RawCard {
    fn drop(&mut self) {
        let _ = self.stream.shutdown(Shutdown::Both);
    }
}

pub(crate) fn receive(line: &mut TcpStream) -> io::Result<Vec<u8>> {
    let mut length = [0; 2];
    read(line, &mut length)?;
    let mut message = vec![0; usize::from(u16::from_be_bytes(length))];
    read(line, &mut message)?;
    Ok(message)
}

/// Reads and lets the kernel acknowledge at once: vpcd sends length and content apart, and its second
/// half waits 40 ms for a delayed acknowledgement otherwise.
fn read(line: &mut TcpStream, buffer: &mut [u8]) -> io::Result<()> {
    set_tcp_quickack(&*line, true)?;
    line.read_exact(buffer)
}

pub(crate) fn send(line: &mut TcpStream, message: &[u8]) -> io::Result<()> {
    let length = u16::try_from(message.len()).unwrap();
    line.write_all(&[&length.to_be_bytes(), message].concat())
}

/// T=0 with default parameters and one historical byte.
pub(crate) const ATR_T0: &[u8] = &[0x3B, 0x61, 0x00, 0x00];
/// T=1 with default parameters: TD1 81, TD2 01, historical byte, TCK.
pub(crate) const ATR_T1: &[u8] = &[0x3B, 0x81, 0x81, 0x01, 0x00, 0x00];
