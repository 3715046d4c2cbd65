//! The driver `libnfc`: what the system's libnfc can drive (PN532 on a serial line, I²C or SPI,
//! PN53x and ACR122 on USB).
//!
//! | setting | default | means |
//! |---|---|---|
//! | `poll_ms` | 100 | pause between two searches for a card, while somebody waits |
//! | `transmit_timeout_ms` | 3000 | for one command to a card |
//! | `collision` | true | whether a second card is looked for beside one of ISO/IEC 14443-4 type A |
//! | `hold_ms` | 5000 | how long a card that was found is kept for [`connect`] |
//! | `presentation_timeout_ms` | 10000 | how long the interactive health check waits for a card |
//! | `port` | | which of two USB readers without serial number `usb:VID:PID` means, such as `1-2.3` |
//!
//! Each device has a thread of its own, because libnfc blocks. Its `abort_command` cannot be called
//! from another thread safely, so nothing blocks for long instead: a search for one technology takes
//! what the chip needs for three requests and 300 ms at the most, and a wait that is dropped ends
//! behind the round of searches that runs (type A, type B, FeliCa, Topaz). All devices share one context of libnfc, which lives as long as the process.
//!
//! The field is on while somebody waits for a card and while one is held. A device that is closed
//! is left awake with its field off: libnfc itself would put it to sleep. Opening wakes it, in
//! whatever state another program has left it.
//!
//! libnfc keeps a serial line for itself by a mark in the line's settings, which a program that was
//! killed leaves behind. Opening takes it off when no other process has the line open, as far as
//! this one may see; else it fails with [`Busy`](countertop_device::DeviceErrorKind::Busy).
//!
//! A reader that is unplugged is noticed by its node: whoever waits for a card or talks to one gets
//! [`Disconnected`](countertop_device::DeviceErrorKind::Disconnected), and the device is closed, so
//! that its node is free when it is plugged in again. Open it again then; a USB reader has another
//! connection string, and the same identity.
//!
//! [`connect`]: countertop_device::ContactlessReader::connect

mod attached;
mod chip;
mod collision;
mod context;
mod error;
mod mark;
mod models;
mod open;
mod settings;
mod target;
mod thread;
mod worker;

use async_trait::async_trait;
use countertop_device::{
    DeviceError, DeviceErrorKind, DeviceInfo, Driver, Functions, Listing, Selector, Settings,
    UsbModel,
};

use attached::Attached;
use settings::Timing;
use thread::{Opened, start};

use crate::reader::NfcReader;

/// The driver's name, as the configuration writes it.
pub(crate) const NAME: &str = "libnfc";

/// Opens contactless readers by their libnfc connection string (`nfc:CONNSTRING`), USB readers also
/// by vendor and product (`usb:VID:PID[:SERIAL]`).
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
    ) -> Result<NfcReader, DeviceError> {
        let device = selector.to_string();
        let invalid = || DeviceError::new(DeviceErrorKind::InvalidInput, &device, "open");
        let timing =
            Timing::from_settings(settings).map_err(|error| invalid().with_source(error))?;
        let connstring = connstring(selector, settings)?;
        let (handle, opened) = start(connstring, device, timing).await?;
        let Opened { model, attached } = opened;
        let info = DeviceInfo::new(selector.clone(), NAME, model);
        let info = match attached {
            Some(attached) => attached.describe(info),
            None => info,
        };
        Ok(NfcReader::new(info, handle, timing.presentation))
    }
}

/// Returns how libnfc opens what `selector` names.
fn connstring(selector: &Selector, settings: &Settings) -> Result<String, DeviceError> {
    let error = |kind| DeviceError::new(kind, selector.to_string(), "open");
    match selector {
        Selector::Nfc(connstring) => Ok(connstring.clone()),
        Selector::Usb { vendor, product, serial } => {
            let reader =
                Attached::select(*vendor, *product, serial.as_deref(), settings.text("port"));
            Ok(reader.ok_or_else(|| error(DeviceErrorKind::NotFound))?.connstring)
        }
        _ => Err(error(DeviceErrorKind::InvalidInput)
            .with_help("a reader of libnfc is named as `nfc:CONNSTRING` or `usb:VID:PID`")),
    }
}

#[async_trait]
impl Driver for LibnfcDriver {
    fn name(&self) -> &'static str {
        NAME
    }

    /// Lists the USB readers that libnfc knows, and the serial adapters behind which a PN532 may
    /// be, by what the kernel shows. libnfc itself finds modules by sending to every serial line,
    /// and by opening every USB reader.
    fn list(&self) -> Result<Vec<Listing>, DeviceError> {
        let readers = Attached::usb_readers().into_iter().chain(Attached::lines());
        Ok(readers.filter_map(|reader| reader.listing(NAME)).collect())
    }

    fn models(&self) -> &'static [UsbModel] {
        models::ALL
    }

    fn subsystems(&self) -> &'static [&'static str] {
        &["usb", "tty"]
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

    #[tokio::test]
    async fn a_reader_that_is_not_there_is_not_found() {
        for selector in ["usb:04e6:5591:NONE", "nfc:pn53x_usb:250:251", "nfc:acr122_usb:250:251"] {
            let selector = selector.parse().unwrap();
            let opened = LibnfcDriver::new().open_reader(&selector, &Settings::new()).await;
            assert_eq!(opened.unwrap_err().kind(), DeviceErrorKind::NotFound, "{selector}");
        }
    }

    #[test]
    fn this_machine_can_be_listed() {
        LibnfcDriver::new().list().unwrap();
    }
}
