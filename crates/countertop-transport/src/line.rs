//! A link with a device's name and deadlines.

use core::time::Duration;

use countertop_device::{DeviceError, DeviceErrorKind};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::time::timeout;

use crate::BoxLink;

/// Is a link to a device on which every exchange has a deadline and every error names the device.
#[derive(Debug)]
pub struct Line {
    link: BoxLink,
    device: String,
}

/// Bytes that one read takes at the most.
const CHUNK: usize = 1024;

/// Bounds [`Line::drain`] against a device that never falls silent.
const DRAIN_READS: usize = 256;

impl Line {
    /// Creates a line to the device that people know as `device`.
    pub fn new(link: BoxLink, device: impl Into<String>) -> Self {
        Self { link, device: device.into() }
    }

    /// Returns the device's name.
    #[must_use]
    pub fn device(&self) -> &str {
        &self.device
    }

    /// Writes all `bytes` and flushes, within `deadline`.
    ///
    /// # Errors
    ///
    /// [`TimedOut`](DeviceErrorKind::TimedOut) when the device does not take them in time,
    /// [`Disconnected`](DeviceErrorKind::Disconnected) when it is gone.
    ///
    /// # Cancel safety
    ///
    /// Not cancel safe: some of the bytes may have left.
    pub async fn write(
        &mut self,
        bytes: &[u8],
        deadline: Duration,
        action: &'static str,
    ) -> Result<(), DeviceError> {
        let write = async {
            self.link.write_all(bytes).await?;
            self.link.flush().await
        };
        match timeout(deadline, write).await {
            Ok(result) => result.map_err(|error| self.io_error(error, action)),
            Err(_elapsed) => Err(self.error(DeviceErrorKind::TimedOut, action)),
        }
    }

    /// Appends at least one byte to `buffer` within `deadline` and returns how many.
    ///
    /// # Errors
    ///
    /// As [`write`](Self::write).
    ///
    /// # Cancel safety
    ///
    /// Cancel safe: bytes that were read are in `buffer`, others are still to be read.
    pub async fn read_some(
        &mut self,
        buffer: &mut Vec<u8>,
        deadline: Duration,
        action: &'static str,
    ) -> Result<usize, DeviceError> {
        match timeout(deadline, self.read_some_forever(buffer, action)).await {
            Ok(result) => result,
            Err(_elapsed) => Err(self.error(DeviceErrorKind::TimedOut, action)),
        }
    }

    /// Appends at least one byte to `buffer`, however long it takes, and returns how many.
    ///
    /// # Errors
    ///
    /// [`Disconnected`](DeviceErrorKind::Disconnected) when the device is gone.
    ///
    /// # Cancel safety
    ///
    /// Cancel safe, as [`read_some`](Self::read_some).
    pub async fn read_some_forever(
        &mut self,
        buffer: &mut Vec<u8>,
        action: &'static str,
    ) -> Result<usize, DeviceError> {
        let mut chunk = [0; CHUNK];
        match self.link.read(&mut chunk).await {
            Ok(0) => Err(self.error(DeviceErrorKind::Disconnected, action)),
            Ok(count) => {
                buffer.extend_from_slice(chunk.get(..count).unwrap_or_default());
                Ok(count)
            }
            Err(error) => Err(self.io_error(error, action)),
        }
    }

    /// Reads and discards until nothing came for `quiet`, so that a new exchange starts on a
    /// silent line. Gives up after 256 reads, or when the device is gone.
    ///
    /// # Cancel safety
    ///
    /// Cancel safe.
    pub async fn drain(&mut self, quiet: Duration) {
        let mut discarded = Vec::new();
        for _ in 0..DRAIN_READS {
            discarded.clear();
            if self.read_some(&mut discarded, quiet, "drain").await.is_err() {
                return;
            }
        }
    }

    /// Creates an error of this device.
    #[must_use]
    pub fn error(&self, kind: DeviceErrorKind, action: &'static str) -> DeviceError {
        DeviceError::new(kind, self.device.as_str(), action)
    }

    fn io_error(&self, error: std::io::Error, action: &'static str) -> DeviceError {
        crate::gone::io_error(error, &self.device, action)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::memory;

    const SOON: Duration = Duration::from_millis(50);

    #[tokio::test(start_paused = true)]
    async fn silence_times_out() {
        let (link, _device) = memory::pair();
        let mut line = Line::new(link, "reader");
        let error = line.read_some(&mut Vec::new(), SOON, "read status").await.unwrap_err();
        assert_eq!(error.kind(), DeviceErrorKind::TimedOut);
        assert!(error.to_string().starts_with("reader: read status: no answer in time"));
    }

    #[tokio::test(start_paused = true)]
    async fn a_full_line_times_out() {
        let (link, _device) = memory::pair();
        let mut line = Line::new(link, "reader");
        let error = line.write(&vec![0; 1 << 20], SOON, "print").await.unwrap_err();
        assert_eq!(error.kind(), DeviceErrorKind::TimedOut);
    }

    #[tokio::test]
    async fn a_closed_link_is_disconnected() {
        let (link, device) = memory::pair();
        drop(device);
        let mut line = Line::new(link, "reader");
        let error = line.read_some(&mut Vec::new(), SOON, "read").await.unwrap_err();
        assert_eq!(error.kind(), DeviceErrorKind::Disconnected);
        let error = line.write(&[1], SOON, "write").await.unwrap_err();
        assert_eq!(error.kind(), DeviceErrorKind::Disconnected);
    }

    #[tokio::test(start_paused = true)]
    async fn drains_to_silence() {
        let (link, device) = memory::pair();
        let mut line = Line::new(link, "reader");
        let mut device = Line::new(device, "device");
        device.write(&[1; 3000], SOON, "write").await.unwrap();
        line.drain(SOON).await;
        device.write(&[2], SOON, "write").await.unwrap();
        let mut seen = Vec::new();
        line.read_some(&mut seen, SOON, "read").await.unwrap();
        assert_eq!(seen, [2]);
    }
}
