//! `/dev/uhid` itself.

use std::fs::{File, OpenOptions};
use std::io::{self, Read as _, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;

use rustix::fs::OFlags;
use tokio::io::unix::AsyncFd;

use super::event::{EVENT_SIZE, Event};

const NODE: &str = "/dev/uhid";

/// Is an open node, which holds one device.
#[derive(Debug)]
pub(super) struct Node(AsyncFd<File>);

impl Node {
    pub(super) fn open() -> io::Result<Self> {
        let flags = i32::try_from(OFlags::NONBLOCK.bits()).unwrap_or_default();
        let file = OpenOptions::new().read(true).write(true).custom_flags(flags).open(NODE);
        Self::of(file.map_err(explain)?)
    }

    #[expect(
        deprecated,
        reason = "its replacement is unsafe to call and asks what a File always keeps: one descriptor"
    )]
    pub(super) fn of(file: File) -> io::Result<Self> {
        Ok(Self(AsyncFd::new(file)?))
    }

    /// Waits for the next event.
    pub(super) async fn next(&self) -> io::Result<Event> {
        let mut bytes = vec![0; EVENT_SIZE];
        loop {
            let mut guard = self.0.readable().await?;
            if let Ok(read) = guard.try_io(|node| node.get_ref().read(&mut bytes)) {
                return Ok(Event::parse(bytes.get(..read?).unwrap_or_default()));
            }
        }
    }

    /// Writes an event, which the kernel takes whole and at once.
    pub(super) fn write(&self, event: &[u8]) -> io::Result<()> {
        self.0.get_ref().write(event).map(drop)
    }
}

fn explain(error: io::Error) -> io::Error {
    match error.kind() {
        io::ErrorKind::NotFound => {
            io::Error::new(error.kind(), "there is no /dev/uhid: modprobe uhid")
        }
        io::ErrorKind::PermissionDenied => {
            io::Error::new(error.kind(), "only root may make HID devices by /dev/uhid")
        }
        _ => error,
    }
}
