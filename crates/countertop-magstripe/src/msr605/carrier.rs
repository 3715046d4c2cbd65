//! What carries the protocol: a line, or the reports of a HID device.

use core::fmt;
use core::time::Duration;

use async_trait::async_trait;
use countertop_device::{DeviceError, DeviceErrorKind};
use countertop_transport::Line;

/// Carries bytes to the reader and back, each time within a deadline.
#[async_trait]
pub(crate) trait Carrier: Send + fmt::Debug {
    /// Writes all `bytes`.
    async fn write(
        &mut self,
        bytes: &[u8],
        deadline: Duration,
        action: &'static str,
    ) -> Result<(), DeviceError>;

    /// Appends at least one byte to `buffer`. Cancel safe.
    async fn read_some(
        &mut self,
        buffer: &mut Vec<u8>,
        deadline: Duration,
        action: &'static str,
    ) -> Result<usize, DeviceError>;

    /// Appends at least one byte to `buffer`, however long it takes. Cancel safe.
    async fn read_some_forever(
        &mut self,
        buffer: &mut Vec<u8>,
        action: &'static str,
    ) -> Result<usize, DeviceError>;

    /// Reads and discards until nothing came for `quiet`. Cancel safe.
    async fn drain(&mut self, quiet: Duration);

    /// Creates an error of this device.
    fn error(&self, kind: DeviceErrorKind, action: &'static str) -> DeviceError;
}

#[async_trait]
impl Carrier for Line {
    async fn write(
        &mut self,
        bytes: &[u8],
        deadline: Duration,
        action: &'static str,
    ) -> Result<(), DeviceError> {
        self.write(bytes, deadline, action).await
    }

    async fn read_some(
        &mut self,
        buffer: &mut Vec<u8>,
        deadline: Duration,
        action: &'static str,
    ) -> Result<usize, DeviceError> {
        self.read_some(buffer, deadline, action).await
    }

    async fn read_some_forever(
        &mut self,
        buffer: &mut Vec<u8>,
        action: &'static str,
    ) -> Result<usize, DeviceError> {
        self.read_some_forever(buffer, action).await
    }

    async fn drain(&mut self, quiet: Duration) {
        self.drain(quiet).await;
    }

    fn error(&self, kind: DeviceErrorKind, action: &'static str) -> DeviceError {
        self.error(kind, action)
    }
}
