//! The reports of one device.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read as _, Write as _};
use std::os::unix::fs::{FileTypeExt as _, OpenOptionsExt as _};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use countertop_device::{DeviceError, DeviceErrorKind, async_trait};
use countertop_ioctl::hidraw as requests;
use rustix::fs::OFlags;
use tokio::io::unix::AsyncFd;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

use crate::hid::HidLink;
use crate::node;

use super::feature::Features;

/// The longest report that the kernel takes (`HID_MAX_BUFFER_SIZE`).
const LONGEST_REPORT: usize = 16_384;

/// Is a HID device's reports, in both directions.
///
/// A read gives one input report, and the rest of one that is longer than the buffer is lost: 64
/// bytes hold any report of a full-speed device, 16,384 the longest that the kernel takes. Reports
/// of devices with numbered reports begin with their number. A write sends one output report, whose
/// first byte is its number, or 0x00 for devices without numbers (Linux, hidraw.rst).
#[derive(Debug)]
pub struct HidrawStream {
    node: AsyncFd<Arc<File>>,
    features: Features,
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
    HidrawStream::new(file.map_err(fail)?).map_err(|error| {
        DeviceError::new(DeviceErrorKind::InvalidInput, device.clone(), ACTION).with_source(error)
    })
}

impl HidrawStream {
    #[expect(
        deprecated,
        reason = "its replacement is unsafe to call and asks what a File always keeps: one descriptor"
    )]
    pub(super) fn new(file: File) -> io::Result<Self> {
        Ok(Self { node: AsyncFd::new(Arc::new(file))?, features: Features::default() })
    }
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
            match guard.try_io(|node| node.get_ref().as_ref().read(target)) {
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
            if let Ok(result) = guard.try_io(|node| node.get_ref().as_ref().write(report)) {
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

#[async_trait]
impl HidLink for HidrawStream {
    fn report_descriptor(&self) -> io::Result<Vec<u8>> {
        requests::report_descriptor(self.node.get_ref())
    }

    fn try_report(&mut self, report: &mut Vec<u8>) -> io::Result<bool> {
        match read_whole(self.node.get_ref(), report) {
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => Ok(false),
            result => result.map(|()| true),
        }
    }

    async fn next_report(&mut self, report: &mut Vec<u8>) -> io::Result<()> {
        loop {
            let mut guard = self.node.readable().await?;
            if let Ok(result) = guard.try_io(|node| read_whole(node.get_ref(), report)) {
                return result;
            }
        }
    }

    async fn get_feature(&mut self, report: &mut Vec<u8>) -> io::Result<()> {
        let mut buffer = report.clone();
        let request = move |file: &File| {
            let count = requests::get_feature(file, &mut buffer)?;
            buffer.truncate(count);
            Ok(buffer)
        };
        *report = self.features.run(self.node.get_ref(), request).await?;
        Ok(())
    }

    async fn send_feature(&mut self, report: &[u8]) -> io::Result<()> {
        let report = report.to_vec();
        let request = move |file: &File| requests::send_feature(file, &report).map(|()| report);
        self.features.run(self.node.get_ref(), request).await.map(drop)
    }
}

/// Reads one report of whatever length.
fn read_whole(mut file: &File, report: &mut Vec<u8>) -> io::Result<()> {
    report.resize(LONGEST_REPORT, 0);
    let read = file.read(report);
    report.truncate(*read.as_ref().unwrap_or(&0));
    match read? {
        0 => Err(io::ErrorKind::UnexpectedEof.into()),
        _count => Ok(()),
    }
}
