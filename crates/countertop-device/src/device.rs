//! What every device can tell of itself.

use core::fmt;

use async_trait::async_trait;
use serde::{Deserialize, Serialize};

use crate::{DeviceError, HealthLevel, HealthReport, Identity, Selector};

/// Is implemented by everything that a driver opens.
#[async_trait]
pub trait Device: Send + fmt::Debug {
    /// Returns who this device is. Performs no I/O.
    fn info(&self) -> &DeviceInfo;

    /// Checks the device's health at one of UnifiedPOS's three levels.
    ///
    /// No level spends money, resets the device, or writes to a port that is not its own.
    ///
    /// # Errors
    ///
    /// Only what keeps the check from being made; a device that is unwell is a value.
    ///
    /// # Cancel safety
    ///
    /// Not cancel safe: the exchange may be half done. The next call resynchronises the line.
    async fn check_health(&mut self, level: HealthLevel) -> Result<HealthReport, DeviceError>;
}

/// Says who a device is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeviceInfo {
    /// The selector that it was opened with.
    pub selector: Selector,
    /// The driver's name, such as `escpos`.
    pub driver: String,
    /// Maker and model as far as known, for people.
    pub model: String,
    /// What stays the same over replug and reboot, where there is such a thing: made from the serial
    /// number, else from the place.
    pub identity: Option<Identity>,
    /// The place where it is plugged in, where that is known. It tells apart two devices that claim
    /// one serial number.
    pub place: Option<Identity>,
}

impl DeviceInfo {
    /// Creates the information of a device without an identity.
    pub fn new(selector: Selector, driver: impl Into<String>, model: impl Into<String>) -> Self {
        let (driver, model) = (driver.into(), model.into());
        Self { selector, driver, model, identity: None, place: None }
    }

    /// Adds what stays the same over replug and reboot.
    #[must_use]
    pub fn with_identity(mut self, identity: Option<Identity>, place: Option<Identity>) -> Self {
        self.identity = identity;
        self.place = place;
        self
    }
}
