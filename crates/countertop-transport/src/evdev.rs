//! The seam for input devices: keys and pens through the kernel's evdev and the crate evdev, for
//! readers that pose as keyboards and for tablets.
//!
//! Listing reads what the kernel shows in `/sys/class/input`; not a byte goes to a device.

mod find;
mod grab;
mod stream;

use std::fs;
use std::path::Path;

use countertop_device::{Access, DeviceError, DeviceInfo, Identity, Listing, Selector};

use crate::node;
use crate::sysfs::UsbParent;

pub use find::{find, list_models};
pub use grab::open;
pub use stream::EvdevStream;

/// Is an input device that is attached.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct EvdevDevice {
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
    /// Whether it has keys or buttons.
    pub has_keys: bool,
    /// Whether it has axes, such as a pen's.
    pub has_axes: bool,
    /// Whether this process may read its events.
    pub access: Access,
}

impl EvdevDevice {
    /// Returns this device as `driver` lists it.
    #[must_use]
    pub fn listing(&self, driver: &str, model: &str) -> Listing {
        let info = DeviceInfo::new(self.selector.clone(), driver, model);
        let info = info.with_identity(self.identity.clone(), self.place.clone());
        Listing::new(info, self.access).with_node(&self.node)
    }
}

/// Lists the input devices that are attached.
///
/// # Errors
///
/// When the kernel's list cannot be read.
pub fn list() -> Result<Vec<EvdevDevice>, DeviceError> {
    list_in(Path::new("/sys/class/input"), Path::new("/dev/input"))
}

/// Lists as [`list`] does, with the kernel's list at `class` and the nodes in the folder `nodes`.
///
/// # Errors
///
/// As [`list`].
pub fn list_in(class: &Path, nodes: &Path) -> Result<Vec<EvdevDevice>, DeviceError> {
    let entries = node::entries(class, "event")?;
    Ok(entries.iter().filter_map(|entry| describe(class, nodes, entry)).collect())
}

/// Returns `None` for a device that went away while it was being read.
fn describe(class: &Path, nodes: &Path, entry: &str) -> Option<EvdevDevice> {
    let device = class.join(entry).join("device");
    let read = |file| {
        let text = fs::read_to_string(device.join(file)).ok()?;
        Some(text.trim_end().to_owned())
    };
    let number = |file| u16::from_str_radix(&read(file)?, 16).ok();
    let some = |file| read(file).filter(|text| !text.is_empty());
    let node = nodes.join(entry);
    let (vendor, product) = (number("id/vendor")?, number("id/product")?);
    // Devices of Bluetooth, uhid and uinput have no USB parent; the kernel names a place for some.
    let usb = UsbParent::of(&device).map(|usb| usb.place());
    let place = usb.or_else(|| Some(Identity::from_place(vendor, product, &some("phys")?)));
    let serial = some("uniq").map(|it| Identity::from_serial_number(vendor, product, &it));
    let types = read("capabilities/ev")?;
    Some(EvdevDevice {
        access: node::access(&node, rustix::fs::Access::READ_OK)?,
        selector: Selector::Evdev(node.display().to_string()),
        name: read("name")?,
        vendor,
        product,
        identity: serial.or_else(|| place.clone()),
        place,
        node: node.display().to_string(),
        has_keys: has_type(&types, evdev::EventType::KEY),
        has_axes: has_type(&types, evdev::EventType::ABSOLUTE),
    })
}

/// Looks for a type in a bit map of event types: words in hexadecimal, the lowest last.
fn has_type(types: &str, wanted: evdev::EventType) -> bool {
    let lowest = types.rsplit(' ').next().and_then(|word| u64::from_str_radix(word, 16).ok());
    lowest.is_some_and(|word| word & 1 << wanted.0 != 0)
}

#[cfg(test)]
mod tests;
