//! `/dev/uhid` itself.

use std::fs::{File, OpenOptions};
use std::io::{self, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;

use rustix::fs::OFlags;

use super::event::{EVENT_SIZE, Event};
use crate::node::AsyncNode;

const NODE: &str = "/dev/uhid";

/// Is an open node, which holds one device.
#[derive(Debug)]
pub(super) struct Node(AsyncNode);

impl Node {
    pub(super) fn open() -> io::Result<Self> {
        let flags = i32::try_from(OFlags::NONBLOCK.bits()).unwrap_or_default();
        let file = OpenOptions::new().read(true).write(true).custom_flags(flags).open(NODE);
        Self::of(file.map_err(explain)?)
    }

    pub(super) fn of(file: File) -> io::Result<Self> {
        AsyncNode::new(file).map(Self)
    }

    /// Waits for the next event.
    pub(super) async fn next(&self) -> io::Result<Event> {
        let mut bytes = vec![0; EVENT_SIZE];
        let count = self.0.read_some(&mut bytes).await?;
        Ok(Event::parse(bytes.get(..count).unwrap_or_default()))
    }

    /// Writes an event, which the kernel takes whole and at once.
    pub(super) fn write(&self, event: &[u8]) -> io::Result<()> {
        self.0.file().as_ref().write(event).map(drop)
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
