//! The bytes of one printer.

use core::pin::Pin;
use core::task::{Context, Poll, ready};
use core::time::Duration;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Read as _, Write as _};
use std::os::unix::fs::{FileTypeExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Weak};

use countertop_device::{DeviceError, DeviceErrorKind};
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::fs::OFlags;
use tokio::io::unix::AsyncFd;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::time::{Sleep, sleep};

use super::gate::Gate;
use crate::printer_port::Ask;
use crate::{PrinterPort, gone, holder};

const ACTION: &str = "open";

/// Bytes of one transfer to the printer: what is unknown when it stops taking bytes.
const TRANSFER: usize = 4096;

/// How long to leave a printer alone that answered with nothing, as some do all the time.
const AFTER_NOTHING: Duration = Duration::from_millis(50);

/// ENODEV: the printer was pulled.
const GONE: i32 = 19;

/// Is the bytes of a printer, in both directions.
///
/// A flush waits until the printer has taken everything. Dropping the stream ends what is blocked and
/// forgets what the printer has not taken. A printer without an answer channel is never read.
#[derive(Debug)]
pub struct UsblpStream {
    node: AsyncFd<Arc<File>>,
    gate: Arc<Gate>,
    pause: Option<Pin<Box<Sleep>>>,
}

/// Opens a printer by its node, for this program alone.
///
/// # Errors
///
/// [`Busy`](DeviceErrorKind::Busy) when another program has it open, with its process where that can be
/// seen, [`NotFound`](DeviceErrorKind::NotFound) and
/// [`PermissionDenied`](DeviceErrorKind::PermissionDenied) as they say,
/// [`InvalidInput`](DeviceErrorKind::InvalidInput) for what is no device that can be waited for.
///
/// # Panics
///
/// Outside a tokio runtime with I/O.
pub fn open(path: &str) -> Result<(UsblpStream, PrinterPort), DeviceError> {
    let device = format!("usblp:{path}");
    let fail = |error| open_error(error, path, &device);
    if !fs::metadata(path).map_err(fail)?.file_type().is_char_device() {
        return Err(DeviceError::new(DeviceErrorKind::InvalidInput, device, ACTION)
            .with_help("name the node of a printer, such as /dev/usb/lp0"));
    }
    let flags = i32::try_from(OFlags::NONBLOCK.bits()).unwrap_or_default();
    let file = OpenOptions::new().read(true).write(true).custom_flags(flags).open(path);
    let file = Arc::new(file.map_err(fail)?);
    let gate = Arc::new(Gate::default());
    let port = Node { file: Arc::downgrade(&file), gate: Arc::clone(&gate), entry: entry(path) };
    let stream = UsblpStream::new(file, gate).map_err(|error| {
        DeviceError::new(DeviceErrorKind::InvalidInput, device.clone(), ACTION).with_source(error)
    })?;
    Ok((stream, PrinterPort::new(Arc::new(port), device)))
}

fn open_error(error: io::Error, path: &str, device: &str) -> DeviceError {
    if error.kind() == io::ErrorKind::ResourceBusy {
        // The list of processes has nodes by their own names, not those of udev's links.
        let node = fs::canonicalize(path).unwrap_or_else(|_| PathBuf::from(path));
        return holder::busy(device, ACTION, &holder::of(Path::new("/proc"), &node));
    }
    gone::io_error(error, device, ACTION)
}

/// Returns the name of the node that `path` leads to: it may be a link of udev.
fn entry(path: &str) -> String {
    let node = fs::canonicalize(path).unwrap_or_default();
    node.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
}

impl UsblpStream {
    #[expect(
        deprecated,
        reason = "its replacement is unsafe to call and asks what a File always keeps: one descriptor"
    )]
    pub(super) fn new(file: Arc<File>, gate: Arc<Gate>) -> io::Result<Self> {
        Ok(Self { node: AsyncFd::new(file)?, gate, pause: None })
    }

    fn poll_pause(&mut self, context: &mut Context<'_>) -> Poll<()> {
        if let Some(pause) = &mut self.pause {
            ready!(pause.as_mut().poll(context));
            self.pause = None;
        }
        Poll::Ready(())
    }
}

impl AsyncRead for UsblpStream {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        loop {
            ready!(self.poll_pause(context));
            let mut guard = ready!(self.node.poll_read_ready(context))?;
            let passing = ready!(self.gate.poll_pass(context));
            let target = buffer.initialize_unfilled();
            let read = guard.try_io(|node| node.get_ref().as_ref().read(target));
            drop(passing);
            match read {
                // An empty packet, not an end.
                Ok(Ok(0)) => self.pause = Some(Box::pin(sleep(AFTER_NOTHING))),
                Ok(Ok(count)) => {
                    buffer.advance(count);
                    return Poll::Ready(Ok(()));
                }
                Ok(Err(error)) => return Poll::Ready(Err(read_error(error))),
                Err(_would_block) => {}
            }
        }
    }
}

/// usblp refuses to read from a printer without an answer channel (EINVAL), even when it was pulled,
/// and being pulled is all that can be waited for on such a printer.
fn read_error(error: io::Error) -> io::Error {
    if error.kind() == io::ErrorKind::InvalidInput {
        return io::Error::from_raw_os_error(GONE);
    }
    error
}

impl AsyncWrite for UsblpStream {
    fn poll_write(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let bytes = bytes.get(..TRANSFER).unwrap_or(bytes);
        loop {
            let mut guard = ready!(self.node.poll_write_ready(context))?;
            let _passing = ready!(self.gate.poll_pass(context));
            if let Ok(result) = guard.try_io(|node| node.get_ref().as_ref().write(bytes)) {
                return Poll::Ready(result);
            }
        }
    }

    fn poll_flush(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        loop {
            let mut guard = ready!(self.node.poll_write_ready(context))?;
            if let Ok(result) = guard.try_io(|node| taken(node.get_ref())) {
                return Poll::Ready(result);
            }
        }
    }

    fn poll_shutdown(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.poll_flush(context)
    }
}

/// Tells whether the printer has taken the last transfer; `WouldBlock` when it has not. What tokio
/// remembers is from before the transfer, so the kernel is asked.
fn taken(file: &File) -> io::Result<()> {
    let mut node = [PollFd::new(file, PollFlags::OUT)];
    poll(&mut node, Some(&Timespec { tv_sec: 0, tv_nsec: 0 }))?;
    let [node] = &node;
    let now = node.revents();
    if now.intersects(PollFlags::HUP | PollFlags::ERR) {
        return Err(io::Error::from_raw_os_error(GONE));
    }
    if now.contains(PollFlags::OUT) { Ok(()) } else { Err(io::ErrorKind::WouldBlock.into()) }
}

/// Is a printer's node, as long as its stream is open.
#[derive(Debug)]
struct Node {
    file: Weak<File>,
    gate: Arc<Gate>,
    entry: String,
}

impl Ask for Node {
    fn port_status(&self) -> io::Result<u8> {
        let file = self.file.upgrade().ok_or_else(|| io::Error::from_raw_os_error(GONE))?;
        let _asking = self.gate.close();
        countertop_ioctl::usblp::port_status(&*file)
    }

    /// Returns what the kernel was told when the printer was plugged in.
    fn device_id(&self) -> io::Result<String> {
        let folder = Path::new("/sys/class/usbmisc").join(&self.entry);
        let id = fs::read_to_string(folder.join("device/ieee1284_id"))?;
        Ok(id.trim_end_matches(['\0', '\n', ' ']).to_owned())
    }
}
