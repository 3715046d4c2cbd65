//! Input devices that belong to this program alone: keys of what poses as a keyboard, axes of pens.

#[cfg(feature = "wedge")]
mod burst;
mod event;
mod memory;

use core::fmt;
use core::time::Duration;
use std::io;

use countertop_device::{DeviceError, DeviceErrorKind, async_trait};
use tokio::time::timeout;

use crate::gone::io_error;

#[cfg(feature = "wedge")]
pub use burst::BurstReader;
pub use event::{Axis, AxisRange, InputEvent, InputKind, Key, KeyAction};
pub use memory::{MemoryInput, pair};

/// Carries the events of one input device.
#[async_trait]
pub trait InputLink: Send + fmt::Debug {
    /// Returns the range of an axis; `None` where the device has no such axis.
    fn axis(&self, code: u16) -> Option<AxisRange>;

    /// Returns the next event that has come already; `None` when none has.
    ///
    /// # Errors
    ///
    /// When the device is gone.
    fn try_event(&mut self) -> io::Result<Option<InputEvent>>;

    /// Waits for the next event.
    ///
    /// # Errors
    ///
    /// When the device is gone; a call that waits ends at once.
    ///
    /// # Cancel safety
    ///
    /// Cancel safe: no event is lost.
    async fn next_event(&mut self) -> io::Result<InputEvent>;
}

/// Is any carrier of input events.
pub type BoxInputLink = Box<dyn InputLink>;

/// Is an input device whose errors name it.
#[derive(Debug)]
pub struct InputLine {
    link: BoxInputLink,
    device: String,
}

impl InputLine {
    /// Creates a line to the device that people know as `device`.
    pub fn new(link: BoxInputLink, device: impl Into<String>) -> Self {
        Self { link, device: device.into() }
    }

    /// Returns the device's name.
    #[must_use]
    pub fn device(&self) -> &str {
        &self.device
    }

    /// Returns the range of an axis; `None` where the device has no such axis.
    #[must_use]
    pub fn axis(&self, code: u16) -> Option<AxisRange> {
        self.link.axis(code)
    }

    /// Returns the next event that has come already; `None` when none has.
    ///
    /// # Errors
    ///
    /// [`Disconnected`](DeviceErrorKind::Disconnected) when the device is gone.
    pub fn try_event(&mut self, action: &'static str) -> Result<Option<InputEvent>, DeviceError> {
        self.link.try_event().map_err(|error| io_error(error, &self.device, action))
    }

    /// Waits for the next event, for as long as it takes without `patience`; `None` when none came in
    /// time. An event that came in time is never missed, however late this task runs.
    ///
    /// # Errors
    ///
    /// [`Disconnected`](DeviceErrorKind::Disconnected) when the device is gone.
    ///
    /// # Cancel safety
    ///
    /// Cancel safe: no event is lost.
    pub async fn next_event(
        &mut self,
        patience: Option<Duration>,
        action: &'static str,
    ) -> Result<Option<InputEvent>, DeviceError> {
        let event = match patience {
            None => self.link.next_event().await,
            Some(patience) => match timeout(patience, self.link.next_event()).await {
                Ok(event) => event,
                Err(_elapsed) => return self.try_event(action),
            },
        };
        event.map(Some).map_err(|error| io_error(error, &self.device, action))
    }

    /// Creates an error of this device.
    #[must_use]
    pub fn error(&self, kind: DeviceErrorKind, action: &'static str) -> DeviceError {
        DeviceError::new(kind, self.device.as_str(), action)
    }
}
