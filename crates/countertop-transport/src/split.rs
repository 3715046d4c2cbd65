//! The two halves of a line, for a device that talks by itself.

use core::pin::Pin;
use core::task::{Context, Poll};
use core::time::Duration;
use std::io;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use countertop_device::{DeviceError, DeviceErrorKind};
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _, ReadBuf};
use tokio::time::timeout;

use crate::BoxLink;

/// Bytes that one read takes at the most.
const CHUNK: usize = 1024;

/// Divides a link to the device that people know as `device` into its directions. The link is closed
/// as soon as the writer is dropped; the reader then sees its end.
#[must_use]
pub fn split(link: BoxLink, device: impl Into<String>) -> (LineReader, LineWriter) {
    let (shared, device) = (Shared(Arc::new(Mutex::new(Some(link)))), device.into());
    let reader = LineReader { link: shared.clone(), device: device.clone() };
    (reader, LineWriter { link: shared, device })
}

/// Is what comes from a device.
#[derive(Debug)]
pub struct LineReader {
    link: Shared,
    device: String,
}

/// Is what goes to a device; every error names the device and what was being done.
#[derive(Debug)]
pub struct LineWriter {
    link: Shared,
    device: String,
}

impl LineReader {
    /// Appends at least one byte to `buffer`, however long it takes, and returns how many.
    ///
    /// # Errors
    ///
    /// [`Disconnected`](DeviceErrorKind::Disconnected) when the device is gone or the writer was
    /// dropped.
    ///
    /// # Cancel safety
    ///
    /// Cancel safe: bytes that were read are in `buffer`, others are still to be read.
    pub async fn read_some(
        &mut self,
        buffer: &mut Vec<u8>,
        action: &'static str,
    ) -> Result<usize, DeviceError> {
        let mut chunk = [0; CHUNK];
        match self.link.read(&mut chunk).await {
            Ok(0) => {
                Err(DeviceError::new(DeviceErrorKind::Disconnected, self.device.as_str(), action))
            }
            Ok(count) => {
                buffer.extend_from_slice(chunk.get(..count).unwrap_or_default());
                Ok(count)
            }
            Err(error) => Err(crate::gone::io_error(error, &self.device, action)),
        }
    }
}

impl LineWriter {
    /// Returns the device's name.
    #[must_use]
    pub fn device(&self) -> &str {
        &self.device
    }

    /// Writes as many of `bytes` as the link takes now, at least one, however long it takes, and
    /// returns how many.
    ///
    /// # Errors
    ///
    /// [`Disconnected`](DeviceErrorKind::Disconnected) when the device is gone.
    ///
    /// # Cancel safety
    ///
    /// Cancel safe: when it is dropped the link has taken none of them.
    pub async fn write_some(
        &mut self,
        bytes: &[u8],
        action: &'static str,
    ) -> Result<usize, DeviceError> {
        match self.link.write(bytes).await {
            Ok(0) if !bytes.is_empty() => Err(self.error(DeviceErrorKind::Disconnected, action)),
            Ok(count) => Ok(count),
            Err(error) => Err(crate::gone::io_error(error, &self.device, action)),
        }
    }

    /// Writes all `bytes` and flushes, within `deadline`, and adds to `taken` how many of them the
    /// link has taken, whatever becomes of the rest.
    ///
    /// # Errors
    ///
    /// [`TimedOut`](DeviceErrorKind::TimedOut) when the device does not take them in time,
    /// [`Disconnected`](DeviceErrorKind::Disconnected) when it is gone.
    ///
    /// # Cancel safety
    ///
    /// `taken` tells how many bytes have left; the rest can be written later.
    pub async fn write_counted(
        &mut self,
        bytes: &[u8],
        taken: &mut usize,
        deadline: Duration,
        action: &'static str,
    ) -> Result<(), DeviceError> {
        let mut rest = bytes;
        let write = async {
            while !rest.is_empty() {
                let count = self.write_some(rest, action).await?;
                rest = rest.get(count..).unwrap_or_default();
                *taken += count;
            }
            self.flush(action).await
        };
        match timeout(deadline, write).await {
            Ok(result) => result,
            Err(_elapsed) => Err(self.error(DeviceErrorKind::TimedOut, action)),
        }
    }

    /// Waits, however long it takes, until the link has nothing left to send.
    ///
    /// # Errors
    ///
    /// [`Disconnected`](DeviceErrorKind::Disconnected) when the device is gone.
    ///
    /// # Cancel safety
    ///
    /// Cancel safe.
    pub async fn flush(&mut self, action: &'static str) -> Result<(), DeviceError> {
        let flushed = self.link.flush().await;
        flushed.map_err(|error| crate::gone::io_error(error, &self.device, action))
    }

    /// Creates an error of this device.
    #[must_use]
    pub fn error(&self, kind: DeviceErrorKind, action: &'static str) -> DeviceError {
        DeviceError::new(kind, self.device.as_str(), action)
    }
}

impl Drop for LineWriter {
    /// Closes the link, whether or not somebody reads.
    fn drop(&mut self) {
        let link = self.link.lock().take();
        drop(link);
    }
}

/// Is a link, until it is closed.
#[derive(Debug, Clone)]
struct Shared(Arc<Mutex<Option<BoxLink>>>);

impl Shared {
    fn lock(&self) -> MutexGuard<'_, Option<BoxLink>> {
        // A link that panicked is closed all the same.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl AsyncRead for Shared {
    fn poll_read(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        match &mut *self.lock() {
            Some(link) => Pin::new(link).poll_read(context, buffer),
            None => Poll::Ready(Ok(())),
        }
    }
}

impl AsyncWrite for Shared {
    fn poll_write(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        data: &[u8],
    ) -> Poll<io::Result<usize>> {
        match &mut *self.lock() {
            Some(link) => Pin::new(link).poll_write(context, data),
            None => Poll::Ready(Err(io::ErrorKind::NotConnected.into())),
        }
    }

    fn poll_flush(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        match &mut *self.lock() {
            Some(link) => Pin::new(link).poll_flush(context),
            None => Poll::Ready(Err(io::ErrorKind::NotConnected.into())),
        }
    }

    fn poll_shutdown(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        match &mut *self.lock() {
            Some(link) => Pin::new(link).poll_shutdown(context),
            None => Poll::Ready(Ok(())),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::memory;

    const SOON: Duration = Duration::from_millis(50);

    #[tokio::test(start_paused = true)]
    async fn what_the_link_took_is_counted_to_the_byte() {
        let (link, mut device) = tokio::io::duplex(100);
        let (_reader, mut writer) = split(Box::new(link), "printer");
        let mut taken = 7;
        let error = writer.write_counted(&[1; 250], &mut taken, SOON, "print").await.unwrap_err();
        assert_eq!((error.kind(), taken), (DeviceErrorKind::TimedOut, 107));
        device.read_exact(&mut [0; 30]).await.unwrap();
        let error = writer.write_counted(&[1; 150], &mut taken, SOON, "print").await.unwrap_err();
        assert_eq!((error.kind(), taken), (DeviceErrorKind::TimedOut, 137));
        drop(device);
        let error = writer.write_counted(&[1; 1], &mut taken, SOON, "print").await.unwrap_err();
        assert_eq!((error.kind(), taken), (DeviceErrorKind::Disconnected, 137));
    }

    #[tokio::test]
    async fn both_directions_move_at_once() {
        let (link, mut device) = memory::pair();
        let (mut reader, mut writer) = split(link, "printer");
        let mut seen = Vec::new();
        let reading = reader.read_some(&mut seen, "read");
        let device = async {
            let mut question = [0; 3];
            device.read_exact(&mut question).await.unwrap();
            device.write_all(&question).await.unwrap();
        };
        let mut taken = 0;
        let writing = writer.write_counted(b"ask", &mut taken, SOON, "write");
        let (read, (), wrote) = tokio::join!(reading, device, writing);
        wrote.unwrap();
        assert_eq!((read.unwrap(), taken, seen.as_slice()), (3, 3, &b"ask"[..]));
    }

    #[tokio::test]
    async fn the_link_closes_with_its_writer() {
        let (link, mut device) = memory::pair();
        let (mut reader, writer) = split(link, "printer");
        drop(writer);
        assert_eq!(device.read(&mut [0; 1]).await.unwrap(), 0);
        let error = reader.read_some(&mut Vec::new(), "read").await.unwrap_err();
        assert_eq!(error.kind(), DeviceErrorKind::Disconnected);
    }
}
