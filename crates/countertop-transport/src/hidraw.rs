//! The seam for HID: raw reports through the kernel's hidraw.
//!
//! Listing reads what the kernel shows in `/sys/class/hidraw` (`HID_ID`, `HID_NAME`, `HID_UNIQ`,
//! `HID_PHYS` of the device's `uevent`); not a byte goes to a device.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read as _, Write as _};
use std::os::unix::fs::{FileTypeExt as _, OpenOptionsExt as _};
use std::path::Path;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use countertop_device::{Access, DeviceError, DeviceErrorKind, Identity, Selector};
use rustix::fs::OFlags;
use tokio::io::unix::AsyncFd;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

use crate::node;

/// Is a HID device that is attached.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct HidrawDevice {
    /// Selects this device by its node.
    pub selector: Selector,
    /// What it calls itself.
    pub name: String,
    /// Vendor, as of USB or Bluetooth.
    pub vendor: u16,
    /// Product.
    pub product: u16,
    /// Its serial number, else its place in the topology.
    pub identity: Option<Identity>,
    /// Whether this process may read and write its reports.
    pub access: Access,
}

/// Lists the HID devices that are attached.
///
/// # Errors
///
/// When the kernel's list cannot be read.
pub fn list() -> Result<Vec<HidrawDevice>, DeviceError> {
    list_in(Path::new("/sys/class/hidraw"), Path::new("/dev"))
}

/// As [`list`], with the kernel's list at `class` and the nodes in the folder `nodes`.
///
/// # Errors
///
/// As [`list`].
pub fn list_in(class: &Path, nodes: &Path) -> Result<Vec<HidrawDevice>, DeviceError> {
    let entries = node::entries(class, "hidraw")?;
    Ok(entries.iter().filter_map(|entry| describe(class, nodes, entry)).collect())
}

/// Returns `None` for a device that went away while it was being read.
fn describe(class: &Path, nodes: &Path, entry: &str) -> Option<HidrawDevice> {
    let uevent = fs::read_to_string(class.join(entry).join("device/uevent")).ok()?;
    let value = |key| {
        let mut lines = uevent.lines().filter_map(|line| line.split_once('='));
        lines.find_map(|(found, value)| (found == key && !value.is_empty()).then_some(value))
    };
    let (vendor, product) = parse_id(value("HID_ID")?)?;
    let node = nodes.join(entry);
    Some(HidrawDevice {
        access: node::access(&node, rustix::fs::Access::READ_OK | rustix::fs::Access::WRITE_OK)?,
        selector: Selector::Hidraw(node.display().to_string()),
        name: value("HID_NAME").unwrap_or_default().to_owned(),
        vendor,
        product,
        identity: value("HID_UNIQ").or_else(|| value("HID_PHYS")).map(|id| Identity(id.into())),
    })
}

/// Parses bus, vendor and product, such as `0003:0000413C:00002113`.
fn parse_id(id: &str) -> Option<(u16, u16)> {
    let mut parts = id.split(':').skip(1).map(|part| u32::from_str_radix(part, 16).ok());
    let mut part = || u16::try_from(parts.next()??).ok();
    Some((part()?, part()?))
}

/// Is a HID device's reports, in both directions.
///
/// A read gives one input report, and the rest of one that is longer than the buffer is lost: 64
/// bytes hold any report of a full-speed device, 16,384 the longest that the kernel takes. Reports
/// of devices with numbered reports begin with their number. A write sends one output report, whose
/// first byte is its number, or 0x00 for devices without numbers (Linux, hidraw.rst).
#[derive(Debug)]
pub struct HidrawStream {
    node: AsyncFd<File>,
}

/// Opens a HID device by its node.
///
/// # Errors
///
/// [`NotFound`](DeviceErrorKind::NotFound) and
/// [`PermissionDenied`](DeviceErrorKind::PermissionDenied) as they say,
/// [`InvalidInput`](DeviceErrorKind::InvalidInput) for what is no device that can be waited for.
///
/// # Panics
///
/// Outside a tokio runtime with I/O.
pub fn open(path: &str) -> Result<HidrawStream, DeviceError> {
    const ACTION: &str = "open";
    let device = format!("hidraw:{path}");
    let fail = |error| node::io_error(error, &device, ACTION);
    if !fs::metadata(path).map_err(fail)?.file_type().is_char_device() {
        return Err(DeviceError::new(DeviceErrorKind::InvalidInput, device, ACTION)
            .with_help("name the node of a HID device, such as /dev/hidraw0"));
    }
    let flags = OFlags::NONBLOCK | OFlags::NOCTTY;
    let flags = i32::try_from(flags.bits()).unwrap_or_default();
    let file = OpenOptions::new().read(true).write(true).custom_flags(flags).open(path);
    let node = watch(file.map_err(fail)?);
    let no_device = |error| {
        DeviceError::new(DeviceErrorKind::InvalidInput, device.clone(), ACTION).with_source(error)
    };
    Ok(HidrawStream { node: node.map_err(no_device)? })
}

#[expect(
    deprecated,
    reason = "its replacement is unsafe to call and asks what a File always keeps: one descriptor"
)]
fn watch(file: File) -> io::Result<AsyncFd<File>> {
    AsyncFd::new(file)
}

impl AsyncRead for HidrawStream {
    fn poll_read(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        loop {
            let mut guard = ready!(self.node.poll_read_ready(context))?;
            let target = buffer.initialize_unfilled();
            match guard.try_io(|node| node.get_ref().read(target)) {
                Ok(Ok(count)) => {
                    buffer.advance(count);
                    return Poll::Ready(Ok(()));
                }
                Ok(Err(error)) => return Poll::Ready(Err(error)),
                Err(_would_block) => {}
            }
        }
    }
}

impl AsyncWrite for HidrawStream {
    fn poll_write(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        report: &[u8],
    ) -> Poll<io::Result<usize>> {
        loop {
            let mut guard = ready!(self.node.poll_write_ready(context))?;
            if let Ok(result) = guard.try_io(|node| node.get_ref().write(report)) {
                return Poll::Ready(result);
            }
        }
    }

    fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }
}

#[cfg(test)]
mod tests;
