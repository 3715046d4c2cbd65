//! The receipt printers that are plugged in.

use countertop_device::{Access, DeviceError, DeviceInfo, Listing, UsbModel};
use countertop_transport::usb::{self, UsbDevice, UsbInterface};
use countertop_transport::usblp::{self, UsblpDevice};

use super::models::MODELS;

/// Lists the receipt printers on USB: those of the table, and those whose IEEE 1284 identification,
/// for which the kernel asked when they were plugged in, says that they speak ESC/POS. A printer for
/// sheets of paper is not listed.
pub(super) fn list(driver: &str) -> Result<Vec<Listing>, DeviceError> {
    let identified = usblp::list()?;
    Ok(usb::list()?.iter().filter_map(|device| listing(driver, device, &identified)).collect())
}

/// Lists a device, if it is a receipt printer: one entry, though there may be two ways to it. Without
/// libusb there is the way by usblp alone.
fn listing(driver: &str, device: &UsbDevice, identified: &[UsblpDevice]) -> Option<Listing> {
    let interface = device.printer().or_else(|| device.interfaces.iter().find(is_own_class))?;
    let usblp = identified.iter().find(|it| it.place == device.place);
    let model = match (model(device), usblp) {
        (Some(model), _) => model.name,
        (None, Some(usblp)) if speaks_esc_pos(usblp.ieee1284_id.as_deref()?) => &device.name,
        _ => return None,
    };
    Some(match usblp {
        Some(usblp) if !cfg!(feature = "usb") => {
            let info = DeviceInfo::new(usblp.selector.clone(), driver, model);
            Listing::new(identified_as(info, device), usblp.access).with_node(&usblp.node)
        }
        _ => {
            let info = DeviceInfo::new(device.selector.clone(), driver, name(model, interface));
            let info = identified_as(info, device);
            Listing::new(info, access(device, interface)).with_node(&device.node)
        }
    })
}

fn identified_as(info: DeviceInfo, device: &UsbDevice) -> DeviceInfo {
    info.with_identity(Some(device.identity.clone()), Some(device.place.clone()))
}

fn name(model: &str, interface: &UsbInterface) -> String {
    match &interface.usblp {
        Some(node) => format!("{model}, also at usblp:{node}"),
        None => model.to_owned(),
    }
}

fn model(device: &UsbDevice) -> Option<&'static UsbModel> {
    UsbModel::find(MODELS, device.vendor, device.product)
}

/// Some printers have a class of the maker's own instead of the printer class.
fn is_own_class(interface: &&UsbInterface) -> bool {
    const VENDOR_SPECIFIC: u8 = 0xFF;
    interface.class.0 == VENDOR_SPECIFIC
}

/// usblp lets go of a printer when it is opened, and so does a program that ends; others do not.
fn access(device: &UsbDevice, interface: &UsbInterface) -> Access {
    match interface.driver.as_deref() {
        None | Some("usblp" | "usbfs") => device.access,
        Some(_) => Access::TakenByKernelDriver,
    }
}

/// Looks among the command sets (`CMD:` or `COMMAND SET:`) for Epson's name of ESC/POS.
fn speaks_esc_pos(id: &str) -> bool {
    let fields = id.split(';').filter_map(|field| field.split_once(':'));
    let mut sets = fields.filter(|(key, _)| matches!(key.trim(), "CMD" | "COMMAND SET"));
    sets.any(|(_, sets)| sets.split(',').any(|set| set.trim().eq_ignore_ascii_case("ESC/POS")))
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::os::unix::fs::symlink;
    use std::path::{Path, PathBuf};

    use super::*;

    /// Adds a printer to a bus, as the kernel shows it.
    fn plug(bus: &Path, port: &str, (vendor, product): (&str, &str), id: &str) {
        let device = bus.join(format!("pci/usb1/1-{port}"));
        let interface = device.join(format!("1-{port}:1.0"));
        let entry = interface.join(format!("usbmisc/lp{port}"));
        fs::create_dir_all(&entry).unwrap();
        let write = |folder: &Path, file: &str, text: &str| {
            fs::write(folder.join(file), text).unwrap();
        };
        write(&bus.join("pci/usb1"), "version", "2.00");
        let words = [("idVendor", vendor), ("idProduct", product), ("busnum", "1")];
        for (file, text) in words.iter().chain(&[("devnum", port), ("product", "Printer")]) {
            write(&device, file, text);
        }
        for (file, text) in [
            ("bInterfaceNumber", "00"),
            ("bInterfaceClass", "07"),
            ("bInterfaceSubClass", "01"),
            ("bInterfaceProtocol", "02"),
            ("ieee1284_id", id),
        ] {
            write(&interface, file, text);
        }
        symlink("/drivers/usblp", interface.join("driver")).unwrap();
        symlink(&interface, entry.join("device")).unwrap();
        link(bus, "devices", &device);
        link(bus, "class", &entry);
        for node in [format!("nodes/bus/usb/001/00{port}"), format!("nodes/lp{port}")] {
            let node = bus.join(node);
            fs::create_dir_all(node.parent().unwrap()).unwrap();
            fs::write(node, "").unwrap();
        }
    }

    fn link(bus: &Path, folder: &str, target: &PathBuf) {
        fs::create_dir_all(bus.join(folder)).unwrap();
        symlink(target, bus.join(folder).join(target.file_name().unwrap())).unwrap();
    }

    #[test]
    fn receipt_printers_are_listed_once_and_others_not_at_all() {
        let bus = tempfile::tempdir().unwrap();
        let bus = bus.path();
        plug(bus, "1", ("04b8", "0e15"), "MFG:EPSON;MDL:TM-T20II;");
        plug(bus, "2", ("1a86", "7584"), "MFG:Maker;CMD:XPP,ESC/POS;MDL:P80;");
        plug(bus, "3", ("03f0", "0c17"), "MFG:HP;CMD:PJL,PCL;MDL:LaserJet;");
        let identified = usblp::list_in(&bus.join("class"), &bus.join("nodes")).unwrap();
        let devices = usb::list_in(&bus.join("devices"), &bus.join("nodes")).unwrap();
        let found: Vec<Listing> =
            devices.iter().filter_map(|it| listing("escpos", it, &identified)).collect();
        let ways: Vec<_> = found
            .iter()
            .map(|it| (it.info.model.as_str(), it.info.selector.to_string(), it.node.as_deref()))
            .collect();
        #[cfg(feature = "usb")]
        assert_eq!(
            ways,
            [
                (
                    "Epson TM-T20II, also at usblp:/dev/usb/lp1",
                    "usb:04b8:0e15".to_owned(),
                    Some("/dev/bus/usb/001/001")
                ),
                (
                    "Printer, also at usblp:/dev/usb/lp2",
                    "usb:1a86:7584".to_owned(),
                    Some("/dev/bus/usb/001/002")
                )
            ]
        );
        #[cfg(not(feature = "usb"))]
        assert_eq!(
            ways.iter().map(|(model, ..)| *model).collect::<Vec<_>>(),
            ["Epson TM-T20II", "Printer"]
        );
        assert_eq!(found[0].access, Access::Accessible);
        assert_eq!(found[0].info.identity.as_ref(), Some(&devices[0].identity));
    }

    #[test]
    fn command_sets_are_told_apart() {
        assert!(speaks_esc_pos("MFG:EPSON;CMD:ESC/POS;MDL:TM-T88V;CLS:PRINTER;"));
        assert!(speaks_esc_pos("MFG:X; COMMAND SET: TSPL, esc/pos;"));
        assert!(!speaks_esc_pos("MFG:EPSON;CMD:ESCPL2,BDC,D4;MDL:Stylus;"));
        assert!(!speaks_esc_pos("MDL:ESC/POS"));
        assert!(!speaks_esc_pos(""));
    }

    #[test]
    fn each_printer_has_a_row_for_both_nodes() {
        use countertop_device::NodeKind::{Usb, Usblp};
        for pair in MODELS.chunks(2) {
            assert_eq!((pair[0].vendor, pair[0].product), (pair[1].vendor, pair[1].product));
            assert_eq!((pair[0].node, pair[1].node), (Usb, Usblp));
        }
        let order: Vec<_> = MODELS.iter().map(|it| (it.vendor, it.product)).collect();
        assert!(order.is_sorted());
    }
}
