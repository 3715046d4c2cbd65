//! Driver `magtek-hid`: HID stripe readers of MagTek that are not in keyboard emulation.
//!
//! | setting | default | means |
//! |---|---|---|
//! | `exchange_ms` | 1000 | deadline of a command and its answer |
//!
//! The reader is never reset, and no property is ever set. A reader whose head encrypts is told apart
//! when it is opened and at each swipe: [`next_swipe`](StripeReader::next_swipe) fails with
//! [`MagtekError::EncryptedHead`] then. What such a reader sends in the clear is masked, and looks
//! like a card that does not exist; it is never taken for a track.

mod error;
mod models;
mod swipe;
mod transport;

use core::time::Duration;

use async_trait::async_trait;
use countertop_device::{
    Device, DeviceError, DeviceErrorKind, DeviceInfo, Driver, Functions, Health, HealthLevel,
    HealthReport, Listing, Selector, Settings, StripeReader, Swipe, UsbModel,
};
use countertop_transport::hid::{BoxHidLink, HidLine};
use countertop_transport::hidraw;
use countertop_wire::magtek::CardLayout;
use zeroize::{Zeroize as _, Zeroizing};

use crate::timing::invalid;

pub use error::MagtekError;
pub use models::MODELS;

/// The driver's name in the configuration.
pub const NAME: &str = "magtek-hid";

/// Is a HID stripe reader of MagTek.
#[derive(Debug)]
pub struct MagtekHid {
    line: HidLine,
    info: DeviceInfo,
    layout: CardLayout,
    exchange: Duration,
    /// From 3 on the head encrypts; `None` for readers without security levels.
    security_level: Option<u8>,
    report: Zeroizing<Vec<u8>>,
}

impl MagtekHid {
    /// Opens the HID device that `selector` names and asks who it is.
    ///
    /// # Errors
    ///
    /// What opening the node met; [`InvalidInput`](DeviceErrorKind::InvalidInput) for a device that
    /// is no stripe reader in HID mode, [`TimedOut`](DeviceErrorKind::TimedOut) for one that does not
    /// answer. That a head encrypts is no error here, so that the reader can be examined.
    ///
    /// # Cancel safety
    ///
    /// Cancel safe: the device is closed.
    pub async fn open(selector: &Selector, settings: &Settings) -> Result<Self, DeviceError> {
        let Selector::Hidraw(node) = selector else {
            return Err(DeviceError::new(
                DeviceErrorKind::InvalidInput,
                selector.to_string(),
                "open",
            )
            .with_help("name the reader's node, such as hidraw:/dev/hidraw0"));
        };
        let link = Box::new(hidraw::open(node)?);
        let mut reader = Self::new(link, selector.clone(), settings).await?;
        let attached = hidraw::list()?.into_iter().find(|device| device.selector == *selector);
        if let Some(device) = attached {
            reader.info = reader.info.with_identity(device.identity, device.place);
        }
        Ok(reader)
    }

    /// Asks the reader at the other end of `link` who it is.
    ///
    /// # Errors
    ///
    /// As [`open`](Self::open).
    ///
    /// # Cancel safety
    ///
    /// As [`open`](Self::open).
    pub async fn new(
        link: BoxHidLink,
        selector: Selector,
        settings: &Settings,
    ) -> Result<Self, DeviceError> {
        let exchange = settings.get_or("exchange_ms", 1000);
        let exchange = exchange.map_err(|error| invalid(&selector, error))?;
        let line = HidLine::new(link, selector.to_string());
        let descriptor = line.report_descriptor()?;
        let layout = CardLayout::of(&descriptor).map_err(|why| error::no_reader(&line, why))?;
        let info = DeviceInfo::new(selector, NAME, models::family(&layout));
        let mut reader = Self {
            line,
            info,
            layout,
            exchange: Duration::from_millis(exchange),
            security_level: None,
            report: Zeroizing::default(),
        };
        reader.greet().await?;
        Ok(reader)
    }
}

#[async_trait]
impl Device for MagtekHid {
    fn info(&self) -> &DeviceInfo {
        &self.info
    }

    async fn check_health(&mut self, level: HealthLevel) -> Result<HealthReport, DeviceError> {
        if let Err(error) = self.greet().await {
            return Ok(HealthReport::new(Health::Bad, error.to_string()));
        }
        if let Some(error) = self.encrypted_head() {
            return Ok(HealthReport::new(Health::Bad, error.to_string()));
        }
        match level {
            // The reader has nothing that it could be told to show.
            HealthLevel::Internal | HealthLevel::External => {
                Ok(HealthReport::good("the reader tells its firmware and does not encrypt"))
            }
            HealthLevel::Interactive => {
                let swipe = self.next_swipe().await?;
                let read = (1..=3).filter(|track| swipe.track(*track).is_some()).count();
                let health = if read == 0 { Health::Bad } else { Health::Good };
                Ok(HealthReport::new(health, format!("{read} of 3 tracks read")))
            }
        }
    }
}

#[async_trait]
impl StripeReader for MagtekHid {
    async fn next_swipe(&mut self) -> Result<Swipe, DeviceError> {
        const ACTION: &str = "wait for a swipe";
        if let Some(error) = self.encrypted_head() {
            return Err(error::refused(&self.line, ACTION, error));
        }
        // What came while nobody waited is not this customer's swipe.
        self.line.forget(&mut self.report, ACTION)?;
        loop {
            self.line.next_report(&mut self.report, ACTION).await?;
            let outcome = swipe::judge(&self.layout, &self.report);
            self.report.zeroize();
            if let Some(outcome) = outcome {
                return outcome.map_err(|error| error::refused(&self.line, ACTION, error));
            }
        }
    }
}

/// Opens HID stripe readers of MagTek.
#[derive(Debug, Clone, Copy, Default)]
pub struct MagtekHidDriver;

#[async_trait]
impl Driver for MagtekHidDriver {
    fn name(&self) -> &'static str {
        NAME
    }

    fn list(&self) -> Result<Vec<Listing>, DeviceError> {
        hidraw::listings(NAME, self.models())
    }

    fn models(&self) -> &'static [UsbModel] {
        MODELS
    }

    fn subsystems(&self) -> &'static [&'static str] {
        &["hidraw"]
    }

    async fn open(
        &self,
        selector: &Selector,
        settings: &Settings,
    ) -> Result<Functions, DeviceError> {
        let reader = MagtekHid::open(selector, settings).await?;
        let mut functions = Functions::default();
        functions.stripe = Some(Box::new(reader));
        Ok(functions)
    }
}

#[cfg(test)]
mod tests;
