//! The seam for HID: raw reports through the kernel's hidraw.
//!
//! Listing reads what the kernel shows in `/sys/class/hidraw` (`HID_ID`, `HID_NAME`, `HID_UNIQ`,
//! `HID_PHYS` of the device's `uevent`); not a byte goes to a device.

use std::fs;
use std::path::Path;

use countertop_device::{Access, DeviceError, DeviceInfo, Identity, Listing, Selector, UsbModel};

use crate::node;
use crate::sysfs::UsbParent;

pub use stream::{HidrawStream, open};

mod feature;
mod stream;

/// Is a HID device that is attached.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct HidrawDevice {
    /// Selects this device by its node.
    pub selector: Selector,
    /// What it calls itself.
    pub name: String,
    /// Vendor, as of USB or Bluetooth.
    pub vendor: u16,
    /// Product.
    pub product: u16,
    /// What stays the same over replug and reboot: made from its serial number, else from its place.
    pub identity: Option<Identity>,
    /// The place where it is plugged in, where that is known.
    pub place: Option<Identity>,
    /// The device node.
    pub node: String,
    /// Whether this process may read and write its reports.
    pub access: Access,
}

impl HidrawDevice {
    /// Returns this device as `driver` lists it.
    #[must_use]
    pub fn listing(&self, driver: &str, model: &str) -> Listing {
        let info = DeviceInfo::new(self.selector.clone(), driver, model);
        let info = info.with_identity(self.identity.clone(), self.place.clone());
        Listing::new(info, self.access).with_node(&self.node)
    }
}

/// Lists the HID devices that are attached.
///
/// # Errors
///
/// When the kernel's list cannot be read.
pub fn list() -> Result<Vec<HidrawDevice>, DeviceError> {
    list_in(Path::new("/sys/class/hidraw"), Path::new("/dev"))
}

/// Lists the devices of `models`, for the driver `driver`.
///
/// # Errors
///
/// As [`list`].
pub fn listings(driver: &str, models: &'static [UsbModel]) -> Result<Vec<Listing>, DeviceError> {
    let known = |device: &HidrawDevice| {
        let model = UsbModel::find(models, device.vendor, device.product)?;
        Some(device.listing(driver, model.name))
    };
    Ok(list()?.iter().filter_map(known).collect())
}

/// Lists as [`list`] does, with the kernel's list at `class` and the nodes in the folder `nodes`.
///
/// # Errors
///
/// As [`list`].
pub fn list_in(class: &Path, nodes: &Path) -> Result<Vec<HidrawDevice>, DeviceError> {
    let entries = node::entries(class, "hidraw")?;
    Ok(entries.iter().filter_map(|entry| describe(class, nodes, entry)).collect())
}

/// Returns `None` for a device that went away while it was being read.
fn describe(class: &Path, nodes: &Path, entry: &str) -> Option<HidrawDevice> {
    let uevent = fs::read_to_string(class.join(entry).join("device/uevent")).ok()?;
    let value = |key| {
        let mut lines = uevent.lines().filter_map(|line| line.split_once('='));
        lines.find_map(|(found, value)| (found == key && !value.is_empty()).then_some(value))
    };
    let (vendor, product) = parse_id(value("HID_ID")?)?;
    let node = nodes.join(entry);
    // Devices of Bluetooth and uhid have no USB parent; the kernel names a place for some of them.
    let usb = UsbParent::of(&class.join(entry).join("device")).map(|usb| usb.place());
    let place = usb.or_else(|| Some(Identity::from_place(vendor, product, value("HID_PHYS")?)));
    let serial = value("HID_UNIQ").map(|it| Identity::from_serial_number(vendor, product, it));
    Some(HidrawDevice {
        access: node::access(&node, rustix::fs::Access::READ_OK | rustix::fs::Access::WRITE_OK)?,
        selector: Selector::Hidraw(node.display().to_string()),
        name: value("HID_NAME").unwrap_or_default().to_owned(),
        vendor,
        product,
        identity: serial.or_else(|| place.clone()),
        place,
        node: node.display().to_string(),
    })
}

/// Parses bus, vendor and product, such as `0003:0000413C:00002113`.
fn parse_id(id: &str) -> Option<(u16, u16)> {
    let mut parts = id.split(':').skip(1).map(|part| u32::from_str_radix(part, 16).ok());
    let mut part = || u16::try_from(parts.next()??).ok();
    Some((part()?, part()?))
}

#[cfg(test)]
mod tests;
