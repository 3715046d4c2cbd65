//! Drivers: what lists devices and opens them.

use core::fmt;

use async_trait::async_trait;
use serde::Serialize;

use crate::{
    CashDrawer, ChipReader, CodeScanner, ContactlessReader, DeviceError, DeviceInfo, PinPad,
    ReceiptPrinter, Selector, Settings, SignaturePad, StripeReader,
};

/// Lists devices without sending a byte, and opens what a selector names.
#[async_trait]
pub trait Driver: Send + Sync + fmt::Debug {
    /// Returns the driver's name, as the configuration writes it.
    fn name(&self) -> &'static str;

    /// Lists what can be seen without sending a byte to any device.
    ///
    /// Devices that only a person can name (a serial line, a network printer) are not listed.
    ///
    /// # Errors
    ///
    /// When the operating system or a service refuses the list itself.
    fn list(&self) -> Result<Vec<Listing>, DeviceError>;

    /// Opens the device that `selector` names.
    ///
    /// # Errors
    ///
    /// [`InvalidInput`](crate::DeviceErrorKind::InvalidInput) for a selector or setting that this
    /// driver cannot use; else what opening met.
    ///
    /// # Cancel safety
    ///
    /// Cancel safe: a device that nobody takes is closed.
    async fn open(
        &self,
        selector: &Selector,
        settings: &Settings,
    ) -> Result<Functions, DeviceError>;
}

/// Is a device that a driver sees.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Listing {
    /// Who it is.
    pub info: DeviceInfo,
    /// Whether this process may open it.
    pub access: Access,
}

/// Says whether a device can be opened by this process.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Access {
    /// It can.
    Accessible,
    /// The operating system refuses.
    PermissionDenied,
}

/// Holds what an opened device can do, each function owned and used on its own.
#[derive(Debug, Default)]
#[non_exhaustive]
pub struct Functions {
    /// Magnetic stripe.
    pub stripe: Option<Box<dyn StripeReader>>,
    /// Contact chip.
    pub chip: Option<Box<dyn ChipReader>>,
    /// Contactless.
    pub contactless: Option<Box<dyn ContactlessReader>>,
    /// Receipt printer.
    pub printer: Option<Box<dyn ReceiptPrinter>>,
    /// Cash drawer.
    pub drawer: Option<Box<dyn CashDrawer>>,
    /// Code scanner.
    pub scanner: Option<Box<dyn CodeScanner>>,
    /// PIN pad.
    pub pin_pad: Option<Box<dyn PinPad>>,
    /// Signature pad.
    pub signature: Option<Box<dyn SignaturePad>>,
}
