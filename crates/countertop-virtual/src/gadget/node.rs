//! The device's own side of a gadget: a node of this computer.

use std::fs::{self, File, OpenOptions};
use std::io;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use rustix::fs::OFlags;
use rustix::termios::{OptionalActions, isatty, tcgetattr, tcsetattr};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::time::{Instant, sleep};

use crate::node::AsyncNode;

/// The kernel's list of printer gadgets that are plugged.
pub(super) const PRINTERS: &str = "/sys/class/usb_printer_gadget";

/// How long the node of a gadget may take to appear.
const DEADLINE: Duration = Duration::from_secs(5);
/// Time between two looks for it.
const GLANCE: Duration = Duration::from_millis(5);

/// Returns the printer gadgets that are plugged.
pub(super) fn printers(class: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(class).into_iter().flatten();
    entries.filter_map(|entry| Some(Path::new("/dev").join(entry.ok()?.file_name()))).collect()
}

/// Is the device's own side of a gadget, as a stream of bytes.
///
/// Bytes that nobody reads make the host wait. When the gadget is unplugged a write fails; a read
/// may wait until it is plugged again.
#[derive(Debug)]
pub struct GadgetLink {
    node: AsyncNode,
}

/// Sets what a printer gadget tells past its data.
#[derive(Debug, Clone)]
pub struct GadgetPort(Arc<File>);

impl GadgetPort {
    /// Sets the byte that GET_PORT_STATUS is answered with: 0x08 no error, 0x10 selected, 0x20 paper
    /// empty (USB printer class 1.1, §4.2.2). A gadget whose link is open begins with 0x18.
    ///
    /// # Errors
    ///
    /// When the gadget is no printer.
    pub fn set_status(&self, status: u8) -> io::Result<()> {
        countertop_ioctl::gadget_printer::set_port_status(&*self.0, status)
    }
}

impl GadgetLink {
    pub(super) async fn open(node: &Path) -> io::Result<Self> {
        let end = Instant::now() + DEADLINE;
        let file = loop {
            match open(node) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
                Err(error) if Instant::now() >= end => return Err(error),
                Err(_) => sleep(GLANCE).await,
                Ok(file) => break file,
            }
        };
        Ok(Self { node: AsyncNode::new(file)? })
    }

    /// Returns the hand that sets a printer's port status while the link is in use.
    #[must_use]
    pub fn port(&self) -> GadgetPort {
        GadgetPort(Arc::clone(self.node.file()))
    }
}

fn open(node: &Path) -> io::Result<File> {
    let flags = OFlags::NONBLOCK | OFlags::NOCTTY;
    let flags = i32::try_from(flags.bits()).unwrap_or_default();
    let file = OpenOptions::new().read(true).write(true).custom_flags(flags).open(node)?;
    if isatty(&file) {
        let mut attributes = tcgetattr(&file)?;
        attributes.make_raw();
        tcsetattr(&file, OptionalActions::Now, &attributes)?;
    }
    Ok(file)
}

impl AsyncRead for GadgetLink {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.node).poll_read(context, buffer)
    }
}

impl AsyncWrite for GadgetLink {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.node).poll_write(context, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.node).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.node).poll_shutdown(context)
    }
}
