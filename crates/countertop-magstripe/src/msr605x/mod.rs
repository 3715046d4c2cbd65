//! Driver `msr605x`: the MSR605X, in read mode.
//!
//! | setting | default | means |
//! |---|---|---|
//! | `exchange_ms` | 1000 | deadline of a command and its answer |
//! | `swipe_ms` | 2000 | deadline from the first report of a swipe to its last |
//! | `quiet_ms` | 50 | silence after which the reader counts as idle |
//!
//! Behind its HID reports the reader is an MSR605, and the driver is [`Msr605`]. It is never told to
//! write or erase.

mod error;
mod models;
mod transport;

use async_trait::async_trait;
use countertop_device::{
    DeviceError, DeviceErrorKind, DeviceInfo, Driver, Functions, Listing, Selector, Settings,
    UsbModel,
};
use countertop_transport::hid::{BoxHidLink, HidLine};
use countertop_transport::hidraw;
use countertop_wire::msr605x::is_msr605x;

use crate::msr605::Msr605;

pub use models::MODELS;
use transport::PacketLine;

/// The driver's name in the configuration.
pub const NAME: &str = "msr605x";

/// Opens the HID device that `selector` names and greets the reader.
///
/// # Errors
///
/// What opening the node met; [`InvalidInput`](DeviceErrorKind::InvalidInput) for a device that is no
/// MSR605X, to which nothing is sent; [`TimedOut`](DeviceErrorKind::TimedOut) for one that does not
/// answer.
///
/// # Cancel safety
///
/// Cancel safe: the device is closed.
pub async fn open(selector: &Selector, settings: &Settings) -> Result<Msr605, DeviceError> {
    let Selector::Hidraw(node) = selector else {
        let kind = DeviceErrorKind::InvalidInput;
        return Err(DeviceError::new(kind, selector.to_string(), "open")
            .with_help("name the reader's node, such as hidraw:/dev/hidraw0"));
    };
    let link = Box::new(hidraw::open(node)?);
    let mut info = info(selector.clone());
    let attached = hidraw::list()?.into_iter().find(|device| device.selector == *selector);
    if let Some(device) = attached {
        info = info.with_identity(device.identity, device.place);
    }
    greet(link, info, settings).await
}

/// Greets the reader at the other end of `link`.
///
/// # Errors
///
/// As [`open`].
///
/// # Cancel safety
///
/// As [`open`].
pub async fn new(
    link: BoxHidLink,
    selector: Selector,
    settings: &Settings,
) -> Result<Msr605, DeviceError> {
    greet(link, info(selector), settings).await
}

fn info(selector: Selector) -> DeviceInfo {
    DeviceInfo::new(selector, NAME, "MSR605X")
}

async fn greet(
    link: BoxHidLink,
    info: DeviceInfo,
    settings: &Settings,
) -> Result<Msr605, DeviceError> {
    let line = HidLine::new(link, info.selector.to_string());
    if !is_msr605x(&line.report_descriptor()?) {
        return Err(error::no_reader(&line));
    }
    Msr605::over(Box::new(PacketLine::new(line)), info, settings).await
}

/// Opens MSR605X readers.
#[derive(Debug, Clone, Copy, Default)]
pub struct Msr605xDriver;

#[async_trait]
impl Driver for Msr605xDriver {
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
        let reader = open(selector, settings).await?;
        let mut functions = Functions::default();
        functions.stripe = Some(Box::new(reader));
        Ok(functions)
    }
}
