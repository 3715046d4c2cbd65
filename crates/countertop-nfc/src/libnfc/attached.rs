//! The device behind a connection string, as the kernel shows it.

use std::path::Path;

use countertop_device::{Access, DeviceInfo, Identity, Listing, Selector, UsbModel};
use countertop_transport::sysfs::UsbParent;
use countertop_transport::tty::{self, TtyDevice};

use super::models;

/// Where the kernel lists USB devices.
const USB_DEVICES: &str = "/sys/bus/usb/devices";
/// The speed at which a PN532 wakes up (UM0701-02, 7.2.6).
const BAUD: u32 = 115_200;

/// Is a reader that is plugged in by USB, whole or behind a serial adapter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Attached {
    /// How libnfc opens it.
    pub(super) connstring: String,
    /// Its node.
    pub(super) node: String,
    identity: Identity,
    place: Identity,
    /// The USB device; of a serial line the adapter.
    pub(super) usb: UsbParent,
    /// The adapter's line, unless the reader is a USB device itself.
    tty: Option<TtyDevice>,
}

impl Attached {
    /// Lists the USB readers that libnfc knows.
    pub(super) fn usb_readers() -> Vec<Self> {
        let devices = UsbParent::list_in(Path::new(USB_DEVICES));
        devices.into_iter().filter_map(Self::usb_reader).collect()
    }

    /// Lists the lines of serial adapters behind which a PN532 may be.
    pub(super) fn lines() -> Vec<Self> {
        let lines = tty::list().unwrap_or_default();
        let known = |line: &TtyDevice| {
            UsbModel::find(models::ALL, line.usb.vendor, line.usb.product).is_some()
        };
        lines.into_iter().filter(known).map(Self::line).collect()
    }

    fn usb_reader(usb: UsbParent) -> Option<Self> {
        let driver = models::libnfc_driver(usb.vendor, usb.product)?;
        Some(Self {
            connstring: format!("{driver}:{:03}:{:03}", usb.bus, usb.device),
            node: usb.node(),
            identity: usb.identity(),
            place: usb.place(),
            usb,
            tty: None,
        })
    }

    fn line(line: TtyDevice) -> Self {
        Self {
            connstring: format!("pn532_uart:{}:{BAUD}", line.node),
            node: line.node.clone(),
            identity: line.identity.clone(),
            place: line.place.clone(),
            usb: line.usb.clone(),
            tty: Some(line),
        }
    }

    /// Finds the reader that a connection string names; `None` for one that is not on USB, or not
    /// there.
    pub(super) fn find(connstring: &str) -> Option<Self> {
        match connstring.split(':').collect::<Vec<_>>()[..] {
            [driver @ ("pn53x_usb" | "acr122_usb"), ref address @ ..] => {
                let mut readers = Self::usb_readers().into_iter();
                readers.find(|reader| reader.is_named(driver, address))
            }
            [_, node, ..] if node.starts_with('/') => {
                let node = std::fs::canonicalize(node).ok()?;
                let mut lines = tty::list().ok()?.into_iter();
                lines.find(|line| Path::new(&line.node) == node).map(Self::line)
            }
            _ => None,
        }
    }

    /// Finds the reader of a USB selector; `port` tells apart twins without serial number.
    pub(super) fn select(
        vendor: u16,
        product: u16,
        serial: Option<&str>,
        port: Option<&str>,
    ) -> Option<Self> {
        let fits = |reader: &Self| {
            (reader.usb.vendor, reader.usb.product) == (vendor, product)
                && serial.is_none_or(|serial| reader.usb.serial.as_deref() == Some(serial))
                && port.is_none_or(|port| reader.usb.port() == port)
        };
        Self::usb_readers().into_iter().find(fits)
    }

    /// Tells whether `driver:BUS:DEVICE`, or the beginning of it, is this reader.
    fn is_named(&self, driver: &str, address: &[&str]) -> bool {
        let numbers = [self.usb.bus, self.usb.device];
        let same = |(text, number): (&&str, u8)| text.parse() == Ok(number);
        self.connstring.starts_with(driver) && address.iter().zip(numbers).all(same)
    }

    /// Tells whether the device is still the one that was found.
    pub(super) fn is_there(&self) -> bool {
        let same = |now: UsbParent| (now.bus, now.device) == (self.usb.bus, self.usb.device);
        Path::new(&self.node).exists() && UsbParent::of(&self.usb.path).is_some_and(same)
    }

    /// Returns the driver that holds the reader: one of the kernel, or `usbfs` for a program.
    pub(super) fn holder(&self) -> Option<String> {
        if self.tty.is_some() {
            return None;
        }
        let entries = std::fs::read_dir(&self.usb.path).ok()?.flatten();
        entries.into_iter().find_map(|interface| {
            let driver = std::fs::read_link(interface.path().join("driver")).ok()?;
            interface.path().join("bInterfaceNumber").exists().then_some(())?;
            Some(driver.file_name()?.to_str()?.to_owned())
        })
    }

    /// Tells whether this process may open it.
    pub(super) fn access(&self) -> Access {
        if self.holder().is_some_and(|holder| holder != USBFS) {
            return Access::TakenByKernelDriver;
        }
        let wanted = rustix::fs::Access::READ_OK | rustix::fs::Access::WRITE_OK;
        match rustix::fs::access(&self.node, wanted) {
            Ok(()) => Access::Accessible,
            Err(_) => Access::PermissionDenied,
        }
    }

    /// Adds to `info` who the reader is.
    pub(super) fn describe(&self, info: DeviceInfo) -> DeviceInfo {
        info.with_identity(Some(self.identity.clone()), Some(self.place.clone()))
    }

    /// Returns its row in the driver's list.
    pub(super) fn listing(&self, driver: &str) -> Option<Listing> {
        let model = UsbModel::find(models::ALL, self.usb.vendor, self.usb.product)?;
        let selector = Selector::Nfc(self.connstring.clone());
        let info = self.describe(DeviceInfo::new(selector, driver, model.name));
        Some(Listing::new(info, self.access()).with_node(&self.node))
    }
}

/// The kernel's name for programs that hold an interface.
pub(super) const USBFS: &str = "usbfs";
