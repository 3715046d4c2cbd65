//! HID devices: input reports that come by themselves, and feature reports that are asked for.

mod memory;

use core::fmt;
use core::time::Duration;
use std::io;

use countertop_device::{DeviceError, DeviceErrorKind, async_trait};
use tokio::time::timeout;

use crate::node::io_error;

pub use memory::{HidRequest, MemoryHid, pair};

/// Carries the reports of one HID device (HID 1.11, section 7).
///
/// Input and output reports of devices with numbered reports begin with their number. Feature
/// reports always do: 0x00 stands for the one report of a device without numbers.
#[async_trait]
pub trait HidLink: Send + fmt::Debug {
    /// Returns the report descriptor (HID 1.11, section 6.2.2).
    ///
    /// # Errors
    ///
    /// When the device is gone.
    fn report_descriptor(&self) -> io::Result<Vec<u8>>;

    /// Puts an input report that has come already into `report`; `false` when none has.
    ///
    /// # Errors
    ///
    /// When the device is gone.
    fn try_report(&mut self, report: &mut Vec<u8>) -> io::Result<bool>;

    /// Waits for the next input report and puts it into `report`.
    ///
    /// # Errors
    ///
    /// When the device is gone; a call that waits ends at once.
    ///
    /// # Cancel safety
    ///
    /// Cancel safe: no report is lost.
    async fn next_report(&mut self, report: &mut Vec<u8>) -> io::Result<()>;

    /// Gets the feature report whose number is the first byte of `report`, at most as long as
    /// `report`, and puts it there with its number.
    ///
    /// # Errors
    ///
    /// [`InvalidData`](io::ErrorKind::InvalidData) where the device refuses; else as
    /// [`next_report`](Self::next_report).
    ///
    /// # Cancel safety
    ///
    /// The device may go on with an exchange that was dropped; the next one waits for its end.
    async fn get_feature(&mut self, report: &mut Vec<u8>) -> io::Result<()>;

    /// Sends a feature report, its number first.
    ///
    /// # Errors
    ///
    /// As [`get_feature`](Self::get_feature).
    ///
    /// # Cancel safety
    ///
    /// As [`get_feature`](Self::get_feature).
    async fn send_feature(&mut self, report: &[u8]) -> io::Result<()>;
}

/// Is any carrier of HID reports.
pub type BoxHidLink = Box<dyn HidLink>;

/// Bounds [`HidLine::forget`] against a device that never falls silent; the kernel keeps 64 reports.
const FORGET_REPORTS: usize = 256;

/// Is a HID device on which every exchange has a deadline and every error names the device.
#[derive(Debug)]
pub struct HidLine {
    link: BoxHidLink,
    device: String,
}

impl HidLine {
    /// Creates a line to the device that people know as `device`.
    pub fn new(link: BoxHidLink, device: impl Into<String>) -> Self {
        Self { link, device: device.into() }
    }

    /// Returns the device's name.
    #[must_use]
    pub fn device(&self) -> &str {
        &self.device
    }

    /// Returns the report descriptor; asks the kernel, not the device.
    ///
    /// # Errors
    ///
    /// [`Disconnected`](DeviceErrorKind::Disconnected) when the device is gone.
    pub fn report_descriptor(&self) -> Result<Vec<u8>, DeviceError> {
        let descriptor = self.link.report_descriptor();
        descriptor.map_err(|error| self.io_error(error, "read report descriptor"))
    }

    /// Waits for the next input report, however long it takes, and puts it into `report`.
    ///
    /// # Errors
    ///
    /// [`Disconnected`](DeviceErrorKind::Disconnected) when the device is gone.
    ///
    /// # Cancel safety
    ///
    /// Cancel safe: no report is lost.
    pub async fn next_report(
        &mut self,
        report: &mut Vec<u8>,
        action: &'static str,
    ) -> Result<(), DeviceError> {
        let read = self.link.next_report(report).await;
        read.map_err(|error| self.io_error(error, action))
    }

    /// Puts an input report that has come already into `report`; `false` when none has.
    ///
    /// # Errors
    ///
    /// As [`next_report`](Self::next_report).
    pub fn try_report(
        &mut self,
        report: &mut Vec<u8>,
        action: &'static str,
    ) -> Result<bool, DeviceError> {
        self.link.try_report(report).map_err(|error| io_error(error, &self.device, action))
    }

    /// Drops the input reports that have come already.
    ///
    /// # Errors
    ///
    /// As [`next_report`](Self::next_report).
    pub fn forget(
        &mut self,
        report: &mut Vec<u8>,
        action: &'static str,
    ) -> Result<(), DeviceError> {
        for _ in 0..FORGET_REPORTS {
            if !self.try_report(report, action)? {
                break;
            }
        }
        Ok(())
    }

    /// Gets feature report `number`, of `length` bytes at the most, and returns it without its
    /// number.
    ///
    /// # Errors
    ///
    /// [`TimedOut`](DeviceErrorKind::TimedOut) and
    /// [`Disconnected`](DeviceErrorKind::Disconnected) as they say,
    /// [`Protocol`](DeviceErrorKind::Protocol) where the device refuses.
    ///
    /// # Cancel safety
    ///
    /// The device may go on with an exchange that was dropped; the next one waits for its end.
    pub async fn get_feature(
        &mut self,
        number: u8,
        length: usize,
        deadline: Duration,
        action: &'static str,
    ) -> Result<Vec<u8>, DeviceError> {
        let mut report = vec![0; length.saturating_add(1)];
        report[0] = number;
        let got = timeout(deadline, self.link.get_feature(&mut report)).await;
        self.judge(got, action)?;
        report.drain(..report.len().min(1));
        Ok(report)
    }

    /// Sends `data` as feature report `number`.
    ///
    /// # Errors
    ///
    /// As [`get_feature`](Self::get_feature).
    ///
    /// # Cancel safety
    ///
    /// As [`get_feature`](Self::get_feature).
    pub async fn send_feature(
        &mut self,
        number: u8,
        data: &[u8],
        deadline: Duration,
        action: &'static str,
    ) -> Result<(), DeviceError> {
        let report = [&[number], data].concat();
        let sent = timeout(deadline, self.link.send_feature(&report)).await;
        self.judge(sent, action)
    }

    /// Creates an error of this device.
    #[must_use]
    pub fn error(&self, kind: DeviceErrorKind, action: &'static str) -> DeviceError {
        DeviceError::new(kind, self.device.as_str(), action)
    }

    fn judge(
        &self,
        result: Result<io::Result<()>, tokio::time::error::Elapsed>,
        action: &'static str,
    ) -> Result<(), DeviceError> {
        match result {
            Ok(result) => result.map_err(|error| self.io_error(error, action)),
            Err(_elapsed) => Err(self.error(DeviceErrorKind::TimedOut, action)),
        }
    }

    fn io_error(&self, error: io::Error, action: &'static str) -> DeviceError {
        io_error(error, &self.device, action)
    }
}
