//! Who a device is, by what the kernel shows in `/sys`: its USB parent with serial number and place.
//!
//! Reading `/sys` sends nothing to a device; the kernel keeps the descriptors since it was plugged in.

use std::fs;
use std::path::{Path, PathBuf};

use countertop_device::Identity;

/// Is the USB device behind a device node.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct UsbParent {
    /// Vendor (idVendor).
    pub vendor: u16,
    /// Product (idProduct).
    pub product: u16,
    /// Serial number (iSerialNumber), unless it is empty.
    pub serial: Option<String>,
    /// What it calls itself: maker and product.
    pub name: String,
    /// The bus's number; it may be another one after a reboot.
    pub bus: u8,
    /// The device's number on the bus; it is another one after a replug.
    pub device: u8,
    /// The number of the interface behind the node, unless the node is the whole device's.
    pub interface: Option<u8>,
    /// The device's folder in `/sys`.
    pub path: PathBuf,
    place: String,
}

impl UsbParent {
    /// Finds the USB device behind `device`, a folder or link in `/sys` such as
    /// `/sys/class/hidraw/hidraw0/device`. `None` when there is none, or it went away meanwhile.
    #[must_use]
    pub fn of(device: &Path) -> Option<Self> {
        let path = fs::canonicalize(device).ok()?;
        let interface = path.ancestors().find_map(|it| hexadecimal(it, "bInterfaceNumber"));
        let usb = path.ancestors().find(|it| it.join("idVendor").is_file())?;
        Self::read(usb, interface.and_then(|number| u8::try_from(number).ok()))
    }

    /// Lists the USB devices that are plugged in, by the kernel's list at `devices`, which is
    /// `/sys/bus/usb/devices`. Hubs are left out.
    #[must_use]
    pub fn list_in(devices: &Path) -> Vec<Self> {
        let Ok(entries) = fs::read_dir(devices) else { return Vec::new() };
        let whole = |name: &str| !name.contains(':') && !name.starts_with("usb");
        let mut found: Vec<Self> = entries
            .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
            .filter(|name| whole(name))
            .filter_map(|name| Self::read(&fs::canonicalize(devices.join(name)).ok()?, None))
            .filter(|device| hexadecimal(&device.path, "bDeviceClass") != Some(HUB_CLASS))
            .collect();
        found.sort_by(|a, b| a.path.cmp(&b.path));
        found
    }

    fn read(path: &Path, interface: Option<u8>) -> Option<Self> {
        let vendor = hexadecimal(path, "idVendor")?;
        let product = hexadecimal(path, "idProduct")?;
        let number = |file| text(path, file)?.parse().ok();
        let words = [text(path, "manufacturer"), text(path, "product")];
        let name = words.into_iter().flatten().collect::<Vec<_>>().join(" ");
        Some(Self {
            vendor,
            product,
            serial: text(path, "serial"),
            name: if name.is_empty() { format!("{vendor:04x}:{product:04x}") } else { name },
            bus: number("busnum")?,
            device: number("devnum")?,
            interface,
            place: place(path)?,
            path: path.to_owned(),
        })
    }

    /// Returns what stays the same over replug and reboot: made from the serial number, else from
    /// the place.
    #[must_use]
    pub fn identity(&self) -> Identity {
        match &self.serial {
            Some(serial) => Identity::from_serial_number(self.vendor, self.product, serial),
            None => self.place(),
        }
    }

    /// Returns the place where it is plugged in.
    #[must_use]
    pub fn place(&self) -> Identity {
        Identity::from_place(self.vendor, self.product, &self.place)
    }

    /// Returns the kernel's name of the place, such as `1-2.3`: bus and ports. The bus's number may
    /// be another one after a reboot; [`place`](Self::place) does not depend on it.
    #[must_use]
    pub fn port(&self) -> String {
        self.path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
    }

    /// Returns the node of the whole device.
    #[must_use]
    pub fn node(&self) -> String {
        format!("/dev/bus/usb/{:03}/{:03}", self.bus, self.device)
    }
}

/// bDeviceClass of hubs (USB 2.0, 11.23.1).
const HUB_CLASS: u16 = 0x09;

/// Names a place without the bus's number, which the kernel gives out in the order of discovery:
/// controller, speed of the root hub (a port of USB 3 has two), ports. So does udev's `ID_PATH`.
fn place(device: &Path) -> Option<String> {
    let ports = device.file_name()?.to_str()?.split_once('-')?.1;
    let root = device.ancestors().find(|it| {
        let name = it.file_name().and_then(|name| name.to_str());
        name.is_some_and(|name| name.starts_with("usb") && !name.contains('-'))
    })?;
    let controller = root.parent()?.file_name()?.to_str()?;
    let version = text(root, "version")?;
    let version = version.split('.').next()?;
    Some(format!("{controller}/usb{version}/{ports}"))
}

fn text(folder: &Path, file: &str) -> Option<String> {
    let text = fs::read_to_string(folder.join(file)).ok()?;
    let text = text.trim();
    (!text.is_empty()).then(|| text.to_owned())
}

fn hexadecimal(folder: &Path, file: &str) -> Option<u16> {
    u16::from_str_radix(&text(folder, file)?, 16).ok()
}

#[cfg(test)]
mod tests;
