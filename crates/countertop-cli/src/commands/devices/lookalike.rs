//! Devices that no driver lists and that look as if one could.

use std::fs;

use countertop_device::Listing;
use countertop_transport::sysfs::UsbParent;
use countertop_wire::hid::{BAR_CODE_SCANNER, ReportDescriptor};
use serde::Serialize;

use crate::system::{System, interfaces};

/// Usage page of magnetic stripe readers (HID Point of Sale Usage Tables 1.02, section 3).
const STRIPE_READER: u16 = 0x008e;

/// Is a device that looks like one of ours.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub(super) struct Lookalike {
    pub(super) name: String,
    /// Vendor and product, as selectors have them.
    pub(super) id: String,
    /// What it seems to be.
    pub(super) looks_like: &'static str,
    /// What to do about it.
    pub(super) hint: String,
}

/// Finds devices that look like readers or printers among those that no driver lists.
pub(super) fn find(system: &System, listings: &[Listing]) -> Vec<Lookalike> {
    let listed = |device: &UsbParent| {
        let place = Some(device.place());
        listings.iter().any(|listing| listing.info.place == place)
    };
    let devices = system.usb_devices().into_iter().filter(|device| !listed(device));
    devices.filter_map(|device| look_at(system, device)).collect()
}

fn look_at(system: &System, device: UsbParent) -> Option<Lookalike> {
    let interfaces = interfaces(&device);
    let by_class = interfaces.iter().find_map(|interface| of_class(interface.class, &device));
    let (looks_like, hint) = by_class.or_else(|| of_usage(system, &device))?;
    let id = format!("{:04x}:{:04x}", device.vendor, device.product);
    Some(Lookalike { name: device.name, id, looks_like, hint })
}

/// Judges by bInterfaceClass (USB-IF, defined class codes).
fn of_class(class: u8, device: &UsbParent) -> Option<(&'static str, String)> {
    let (vendor, product) = (device.vendor, device.product);
    match class {
        0x07 => Some((
            "printer",
            format!("try `driver = \"escpos\"`, `at = \"usb:{vendor:04x}:{product:04x}\"`"),
        )),
        0x0b => Some((
            "chip card reader",
            "pcscd lists it once it runs and libccid is installed: `countertop doctor`".into(),
        )),
        _ => None,
    }
}

/// Judges by what the device's HID reports are about.
fn of_usage(system: &System, device: &UsbParent) -> Option<(&'static str, String)> {
    const CLASS: &str = "/sys/class/hidraw";
    system.entries(CLASS).into_iter().find_map(|name| {
        let folder = system.path(format!("{CLASS}/{name}/device"));
        UsbParent::of(&folder).filter(|parent| parent.path == device.path)?;
        let descriptor = fs::read(folder.join("report_descriptor")).ok()?;
        let descriptor = ReportDescriptor::parse(&descriptor).ok()?;
        let about = |page: u16| descriptor.applications().iter().any(|usage| usage.page == page);
        let looks_like = match (about(BAR_CODE_SCANNER), about(STRIPE_READER)) {
            (true, _) => "code scanner (HID POS)",
            (false, true) => "stripe reader (HID)",
            (false, false) => return None,
        };
        let model = "its model is in no driver's table; docs/adding-a-driver.md says how to add it";
        Some((looks_like, format!("at hidraw:/dev/{name}; {model}")))
    })
}

#[cfg(test)]
mod tests {
    use countertop_device::{Access, DeviceInfo, Selector};
    use countertop_wire::hid::DescriptorBuilder;

    use super::*;
    use crate::system::tests::Tree;

    #[test]
    fn printers_and_chip_readers_are_known_by_their_class() {
        let tree = Tree::new()
            .usb("1-1", 0x1111, 0x0001, &[(7, None)])
            .usb("1-2", 0x2222, 0x0002, &[(3, None), (0x0b, None)])
            .usb("1-3", 0x3333, 0x0003, &[(8, None)]);
        let found = find(&tree.system(), &[]);
        let looks: Vec<_> = found.iter().map(|it| (it.id.as_str(), it.looks_like)).collect();
        assert_eq!(looks, [("1111:0001", "printer"), ("2222:0002", "chip card reader")]);
        assert!(found[0].hint.contains("usb:1111:0001"));
    }

    #[test]
    fn what_a_driver_lists_is_no_stranger() {
        let tree = Tree::new().usb("1-1", 0x1111, 0x0001, &[(7, None)]);
        let system = tree.system();
        let place = Some(system.usb_devices()[0].place());
        let info = DeviceInfo::new(Selector::Usblp("/dev/usb/lp0".into()), "escpos", "X");
        let listing = Listing::new(info.with_identity(None, place), Access::Accessible);
        assert!(find(&system, &[listing]).is_empty());
    }

    #[test]
    fn a_scanner_is_known_by_its_reports() {
        let hid = "/sys/devices/pci0000:00/0000:00:14.0/usb1/1-1/1-1:1.0/0003:1111:0001.0001";
        let descriptor = DescriptorBuilder::new()
            .usage_page(BAR_CODE_SCANNER)
            .usage(0x02)
            .application()
            .end_collection()
            .build();
        let tree = Tree::new()
            .usb("1-1", 0x1111, 0x0001, &[(3, Some("usbhid"))])
            .folder(&format!("{hid}/hidraw/hidraw0"))
            .link("/sys/class/hidraw/hidraw0/device", &format!("../../../..{hid}"));
        fs::write(tree.system().path(hid).join("report_descriptor"), descriptor).unwrap();
        let found = find(&tree.system(), &[]);
        assert_eq!(found[0].looks_like, "code scanner (HID POS)");
        assert!(found[0].hint.starts_with("at hidraw:/dev/hidraw0"));
    }
}
