//! The driver `libnfc`: what the system's libnfc can drive (PN532 on a serial line, I²C or SPI,
//! PN53x and ACR122 on USB).
//!
//! | setting | default | means |
//! |---|---|---|
//! | `poll_ms` | 100 | pause between two searches for a card, while somebody waits |
//! | `transmit_timeout_ms` | 3000 | for one command to a card |
//! | `hold_ms` | 5000 | how long a card that was found is kept for [`connect`] |
//! | `presentation_timeout_ms` | 10000 | how long the interactive health check waits for a card |
//!
//! Each device has a thread of its own, because libnfc blocks. Its `abort_command` cannot be called
//! from another thread safely, so nothing blocks for long instead: a search takes what the chip
//! needs for three requests and 300 ms at the most, and a wait that is dropped ends behind the
//! search that runs. All devices share one context of libnfc, which lives as long as the process.
//!
//! The field is on while somebody waits for a card and while one is held. A device that is closed
//! is left awake with its field off: libnfc itself would put it to sleep. Opening wakes it, in
//! whatever state another program has left it.
//!
//! libnfc keeps a serial line for itself by a mark in the line's settings, which a program that was
//! killed leaves behind. Opening takes it off when no other process has the line open, as far as
//! this one may see; else it fails with [`Busy`](countertop_device::DeviceErrorKind::Busy).
//!
//! [`connect`]: countertop_device::ContactlessReader::connect

mod chip;
mod context;
mod error;
mod mark;
mod open;
mod reader;
mod session;
mod settings;
mod target;
mod thread;
mod worker;

use async_trait::async_trait;
use countertop_device::{
    DeviceError, DeviceErrorKind, Driver, Functions, Listing, Selector, Settings,
};

pub use reader::LibnfcReader;
use settings::Timing;
use thread::Handle;

/// The driver's name, as the configuration writes it.
pub(crate) const NAME: &str = "libnfc";

/// Opens contactless readers by their libnfc connection string (`nfc:CONNSTRING`).
#[derive(Debug, Clone, Copy, Default)]
pub struct LibnfcDriver;

impl LibnfcDriver {
    /// Creates the driver. Performs no I/O.
    #[must_use]
    pub const fn new() -> Self {
        Self
    }

    /// Opens the reader that `selector` names.
    ///
    /// # Errors
    ///
    /// [`NotFound`](DeviceErrorKind::NotFound) when nothing answers there,
    /// [`PermissionDenied`](DeviceErrorKind::PermissionDenied),
    /// [`Busy`](DeviceErrorKind::Busy) when it is open already,
    /// [`TakenByKernelDriver`](DeviceErrorKind::TakenByKernelDriver) when the kernel's NFC driver
    /// holds it, [`InvalidInput`](DeviceErrorKind::InvalidInput) for another kind of selector or a
    /// setting that is no number.
    ///
    /// # Cancel safety
    ///
    /// Cancel safe: a reader that nobody takes is closed.
    pub async fn open_reader(
        &self,
        selector: &Selector,
        settings: &Settings,
    ) -> Result<LibnfcReader, DeviceError> {
        let device = selector.to_string();
        let invalid = || DeviceError::new(DeviceErrorKind::InvalidInput, &device, "open");
        let Selector::Nfc(connstring) = selector else {
            return Err(invalid().with_help("a reader of libnfc is named as `nfc:CONNSTRING`"));
        };
        let timing =
            Timing::from_settings(settings).map_err(|error| invalid().with_source(error))?;
        let (handle, model) = Handle::start(connstring.clone(), device, timing).await?;
        Ok(LibnfcReader::new(selector.clone(), model, handle, timing))
    }
}

#[async_trait]
impl Driver for LibnfcDriver {
    fn name(&self) -> &'static str {
        NAME
    }

    /// Lists nothing: libnfc finds serial modules by sending to every serial line, and USB modules
    /// by opening them.
    fn list(&self) -> Result<Vec<Listing>, DeviceError> {
        Ok(Vec::new())
    }

    async fn open(
        &self,
        selector: &Selector,
        settings: &Settings,
    ) -> Result<Functions, DeviceError> {
        let reader = self.open_reader(selector, settings).await?;
        let mut functions = Functions::default();
        functions.contactless = Some(Box::new(reader));
        Ok(functions)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn refuses_other_selectors_and_settings() {
        let driver = LibnfcDriver::new();
        let serial = "serial:/dev/ttyUSB0".parse().unwrap();
        let error = driver.open_reader(&serial, &Settings::new()).await.unwrap_err();
        assert_eq!(error.kind(), DeviceErrorKind::InvalidInput);
        let nfc = "nfc:pn532_uart:/dev/ttyUSB0".parse().unwrap();
        let settings = Settings::new().with("poll_ms", "often");
        let error = driver.open_reader(&nfc, &settings).await.unwrap_err();
        assert_eq!(error.kind(), DeviceErrorKind::InvalidInput);
        assert!(error.to_string().contains("poll_ms"));
    }

    #[test]
    fn lists_nothing() {
        assert!(LibnfcDriver::new().list().unwrap().is_empty());
    }
}
