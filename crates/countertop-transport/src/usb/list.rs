//! What is plugged in, by what the kernel shows in `/sys`.

use std::fs;
use std::path::Path;

use countertop_device::{Access, DeviceError, DeviceErrorKind, Identity, Selector};

use crate::node;
use crate::sysfs::UsbParent;

/// Is a USB device that is plugged in.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct UsbDevice {
    /// Selects this device by vendor and product.
    pub selector: Selector,
    /// Vendor.
    pub vendor: u16,
    /// Product.
    pub product: u16,
    /// What it calls itself: maker and product.
    pub name: String,
    /// What stays the same over replug and reboot.
    pub identity: Identity,
    /// The place where it is plugged in.
    pub place: Identity,
    /// The kernel's name of the place, such as `1-2.3`, as the setting `port` takes it.
    pub port: String,
    /// The node of the whole device.
    pub node: String,
    /// Whether this process may open it.
    pub access: Access,
    /// Its interfaces; none of a device that is not configured.
    pub interfaces: Vec<UsbInterface>,
}

/// Is an interface of a USB device.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct UsbInterface {
    /// Its number (bInterfaceNumber).
    pub number: u8,
    /// Class, subclass and protocol: a printer has `(7, 1, 1)` or `(7, 1, 2)`.
    pub class: (u8, u8, u8),
    /// The driver that holds it: one of the kernel, or `usbfs` for a program.
    pub driver: Option<String>,
    /// The node of a printer that the kernel's usblp holds.
    pub usblp: Option<String>,
}

impl UsbDevice {
    /// Returns the interface of a printer that takes plain bytes, where there is one.
    #[must_use]
    pub fn printer(&self) -> Option<&UsbInterface> {
        self.interfaces.iter().find(|it| matches!(it.class, (0x07, 0x01, 0x01 | 0x02)))
    }
}

/// Lists the USB devices that are plugged in, without hubs.
///
/// # Errors
///
/// When the kernel's list cannot be read. A machine without a USB bus has none.
pub fn list() -> Result<Vec<UsbDevice>, DeviceError> {
    list_in(Path::new("/sys/bus/usb/devices"), Path::new("/dev"))
}

/// Lists as [`list`] does, with the kernel's list at `devices` and the nodes in the folder `nodes`.
///
/// # Errors
///
/// As [`list`].
pub fn list_in(devices: &Path, nodes: &Path) -> Result<Vec<UsbDevice>, DeviceError> {
    if let Err(error) = fs::read_dir(devices)
        && error.kind() != std::io::ErrorKind::NotFound
    {
        let (kind, device) = (DeviceErrorKind::from(error.kind()), devices.display().to_string());
        return Err(DeviceError::new(kind, device, "list").with_source(error));
    }
    Ok(UsbParent::list_in(devices).iter().map(|device| describe(device, nodes)).collect())
}

fn describe(device: &UsbParent, nodes: &Path) -> UsbDevice {
    let node = device.node();
    let seen = nodes.join(node.trim_start_matches("/dev/"));
    let wanted = rustix::fs::Access::READ_OK | rustix::fs::Access::WRITE_OK;
    UsbDevice {
        selector: Selector::Usb { vendor: device.vendor, product: device.product, serial: None },
        vendor: device.vendor,
        product: device.product,
        name: device.name.clone(),
        identity: device.identity(),
        place: device.place(),
        port: device.port(),
        // Without a node there is nothing that this process may open.
        access: node::access(&seen, wanted).unwrap_or(Access::PermissionDenied),
        node,
        interfaces: interfaces(&device.path),
    }
}

/// Reads the interfaces in the folder of a device.
pub(super) fn interfaces(device: &Path) -> Vec<UsbInterface> {
    let Ok(entries) = fs::read_dir(device) else { return Vec::new() };
    let folders = entries.filter_map(|entry| Some(entry.ok()?.path()));
    let mut found: Vec<UsbInterface> = folders.filter_map(|folder| interface(&folder)).collect();
    found.sort_by_key(|interface| interface.number);
    found
}

fn interface(folder: &Path) -> Option<UsbInterface> {
    let byte = |file| {
        let text = fs::read_to_string(folder.join(file)).ok()?;
        u8::from_str_radix(text.trim(), 16).ok()
    };
    let driver = fs::read_link(folder.join("driver")).ok();
    let driver = driver.and_then(|link| Some(link.file_name()?.to_str()?.to_owned()));
    Some(UsbInterface {
        number: byte("bInterfaceNumber")?,
        class: (byte("bInterfaceClass")?, byte("bInterfaceSubClass")?, byte("bInterfaceProtocol")?),
        driver,
        usblp: usblp(folder),
    })
}

/// Finds the node of usblp below an interface.
fn usblp(folder: &Path) -> Option<String> {
    let entries = fs::read_dir(folder.join("usbmisc")).ok()?;
    let mut names = entries.filter_map(|entry| entry.ok()?.file_name().into_string().ok());
    names.find(|name| name.starts_with("lp")).map(|name| format!("/dev/usb/{name}"))
}
