//! Which of the devices that are plugged in is meant.

use countertop_device::{DeviceError, DeviceErrorKind, Identity, Selector, Settings};

use crate::sysfs::UsbParent;

/// Is what a selector and the settings `port` and `place` say of a device.
#[derive(Debug, Clone)]
pub(super) struct Wanted {
    pub(super) device: String,
    vendor: u16,
    product: u16,
    serial: Option<String>,
    port: Option<String>,
    place: Option<Identity>,
}

impl Wanted {
    pub(super) fn new(selector: &Selector, settings: &Settings) -> Result<Self, DeviceError> {
        let Selector::Usb { vendor, product, serial } = selector else {
            return Err(DeviceError::new(
                DeviceErrorKind::InvalidInput,
                selector.to_string(),
                "open",
            )
            .with_source("a USB device is selected by usb:VID:PID[:SERIAL]"));
        };
        Ok(Self {
            device: selector.to_string(),
            vendor: *vendor,
            product: *product,
            serial: serial.clone(),
            port: settings.text("port").map(str::to_owned),
            place: settings.text("place").map(|place| Identity(place.to_owned())),
        })
    }

    /// Returns the first of `devices` that is meant.
    pub(super) fn find(&self, devices: Vec<UsbParent>) -> Result<UsbParent, DeviceError> {
        devices.into_iter().find(|device| self.is(device)).ok_or_else(|| self.not_found())
    }

    fn is(&self, device: &UsbParent) -> bool {
        (device.vendor, device.product) == (self.vendor, self.product)
            && (self.serial.is_none() || device.serial == self.serial)
            && self.port.as_ref().is_none_or(|port| *port == device.port())
            && self.place.as_ref().is_none_or(|place| *place == device.place())
    }

    fn not_found(&self) -> DeviceError {
        let error = DeviceError::new(DeviceErrorKind::NotFound, self.device.as_str(), "open");
        match (&self.port, &self.place) {
            (Some(port), _) => error.with_source(format!("nothing of this kind at port {port}")),
            (None, Some(place)) => error.with_source(format!("nothing of this kind at {place}")),
            (None, None) => error,
        }
    }
}
