//! Drivers: what lists devices and opens them.

use core::fmt;

use async_trait::async_trait;
use serde::Serialize;

use crate::{
    CashDrawer, ChipReader, CodeScanner, ContactlessReader, DeviceError, DeviceInfo, PinPad,
    ReceiptPrinter, Selector, Settings, SignaturePad, StripeReader, UsbModel,
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

    /// Returns the models that this driver knows by vendor and product; none where any device of a
    /// class will do.
    fn models(&self) -> &'static [UsbModel] {
        &[]
    }

    /// Returns the kernel's subsystems, as udev names them, whose events change the
    /// [list](Self::list): `usb`, `usbmisc`, `hidraw`, `input`, `tty`.
    fn subsystems(&self) -> &'static [&'static str] {
        &[]
    }

    /// Starts to watch a list that changes without an event of the kernel, such as the readers of a
    /// service. `None` for a driver whose list follows [`subsystems`](Self::subsystems).
    fn watch(&self) -> Option<Box<dyn ListWatch>> {
        None
    }

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

/// Waits for a change of a driver's list, without asking again and again.
#[async_trait]
pub trait ListWatch: Send + fmt::Debug {
    /// Waits until the list may have changed since the last call, or since the watch began.
    ///
    /// # Errors
    ///
    /// When watching is not possible any more. A service that went away is a change, and so is its
    /// return.
    ///
    /// # Cancel safety
    ///
    /// Cancel safe: no change is lost.
    async fn changed(&mut self) -> Result<(), DeviceError>;
}

/// Is a device that a driver sees.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Listing {
    /// Who it is.
    pub info: DeviceInfo,
    /// Whether this process may open it.
    pub access: Access,
    /// The device node, where there is one.
    pub node: Option<String>,
}

impl Listing {
    /// Creates a listing without a device node.
    #[must_use]
    pub fn new(info: DeviceInfo, access: Access) -> Self {
        Self { info, access, node: None }
    }

    /// Adds the device node.
    #[must_use]
    pub fn with_node(mut self, node: impl Into<String>) -> Self {
        self.node = Some(node.into());
        self
    }
}

/// Says whether a device can be opened by this process.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Access {
    /// It can.
    Accessible,
    /// The operating system refuses.
    PermissionDenied,
    /// A driver of the kernel holds it and does not let go by itself.
    TakenByKernelDriver,
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
