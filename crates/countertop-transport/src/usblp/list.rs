//! The printers that usblp holds, by what the kernel shows in `/sys/class/usbmisc`.

use std::fs;
use std::path::Path;

use countertop_device::{Access, DeviceError, Identity, Selector};

use crate::node;
use crate::sysfs::UsbParent;

/// Is a printer that usblp holds.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct UsblpDevice {
    /// Selects this printer by its node.
    pub selector: Selector,
    /// What it calls itself: maker and product.
    pub name: String,
    /// What it calls itself in the terms of IEEE 1284, such as `MFG:EPSON;MDL:TM-T20II;CLS:PRINTER;`.
    /// The kernel has asked when it was plugged in.
    pub ieee1284_id: Option<String>,
    /// Vendor.
    pub vendor: u16,
    /// Product.
    pub product: u16,
    /// What stays the same over replug and reboot, as of the USB device.
    pub identity: Identity,
    /// The place where it is plugged in.
    pub place: Identity,
    /// The device node.
    pub node: String,
    /// Whether this process may open it.
    pub access: Access,
}

/// Lists the printers that usblp holds, by the order of their numbers.
///
/// # Errors
///
/// When the kernel's list cannot be read.
pub fn list() -> Result<Vec<UsblpDevice>, DeviceError> {
    list_in(Path::new("/sys/class/usbmisc"), Path::new("/dev/usb"))
}

/// Lists as [`list`] does, with the kernel's list at `class` and the nodes in the folder `nodes`.
///
/// # Errors
///
/// As [`list`].
pub fn list_in(class: &Path, nodes: &Path) -> Result<Vec<UsblpDevice>, DeviceError> {
    let entries = node::entries(class, "lp")?;
    Ok(entries.iter().filter_map(|entry| describe(class, nodes, entry)).collect())
}

/// Returns `None` for a printer that went away while it was being read.
fn describe(class: &Path, nodes: &Path, entry: &str) -> Option<UsblpDevice> {
    let device = class.join(entry).join("device");
    let usb = UsbParent::of(&device)?;
    let id = fs::read_to_string(device.join("ieee1284_id")).unwrap_or_default();
    let id = id.trim_end_matches(['\0', '\n', ' ']);
    let node = nodes.join(entry);
    let wanted = rustix::fs::Access::READ_OK | rustix::fs::Access::WRITE_OK;
    Some(UsblpDevice {
        access: node::access(&node, wanted)?,
        selector: Selector::Usblp(node.display().to_string()),
        ieee1284_id: (!id.is_empty()).then(|| id.to_owned()),
        identity: usb.identity(),
        place: usb.place(),
        name: usb.name,
        vendor: usb.vendor,
        product: usb.product,
        node: node.display().to_string(),
    })
}
