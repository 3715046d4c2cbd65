//! The interfaces of a USB device, and which driver of the kernel has each.

use std::fs;

use countertop_transport::sysfs::UsbParent;

use super::System;

/// Is an interface of a USB device.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Interface {
    /// The kernel's name, such as `1-2:1.0`.
    pub(crate) name: String,
    /// bInterfaceClass.
    pub(crate) class: u8,
    /// The driver of the kernel that has it.
    pub(crate) driver: Option<String>,
}

impl System {
    /// Lists the USB devices that are plugged in.
    pub(crate) fn usb_devices(&self) -> Vec<UsbParent> {
        UsbParent::list_in(&self.path("/sys/bus/usb/devices"))
    }
}

/// Lists the interfaces of a device that is configured.
pub(crate) fn interfaces(device: &UsbParent) -> Vec<Interface> {
    let Ok(folder) = fs::read_dir(&device.path) else { return Vec::new() };
    let names = folder.filter_map(|entry| entry.ok()?.file_name().into_string().ok());
    let prefix = format!("{}:", device.port());
    let mut names: Vec<_> = names.filter(|name| name.starts_with(&prefix)).collect();
    names.sort();
    names.into_iter().filter_map(|name| interface(device, name)).collect()
}

/// Returns `None` for an interface that went away while it was being read.
fn interface(device: &UsbParent, name: String) -> Option<Interface> {
    let folder = device.path.join(&name);
    let class = fs::read_to_string(folder.join("bInterfaceClass")).ok()?;
    let class = u8::from_str_radix(class.trim(), 16).ok()?;
    let driver = fs::read_link(folder.join("driver")).ok();
    let driver = driver.and_then(|path| Some(path.file_name()?.to_str()?.to_owned()));
    Some(Interface { name, class, driver })
}

#[cfg(test)]
mod tests {
    use super::super::tests::Tree;
    use super::*;

    #[test]
    fn interfaces_name_their_driver() {
        let tree = Tree::new().usb("1-2", 0x04b8, 0x0e15, &[(7, Some("usblp")), (3, None)]);
        let devices = tree.system().usb_devices();
        let found = interfaces(&devices[0]);
        assert_eq!(found.len(), 2);
        assert_eq!(found[0].driver.as_deref(), Some("usblp"));
        assert_eq!((found[1].class, found[1].driver.clone()), (3, None));
    }
}
