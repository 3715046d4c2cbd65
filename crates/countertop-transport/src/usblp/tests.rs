//! What can be seen without a printer; the rest is proved in the lab.

use std::fs;
use std::os::unix::fs::symlink;

use countertop_device::DeviceErrorKind;

use super::{list_in, open};

#[test]
fn lists_printers_with_identification_and_identity() {
    let folder = tempfile::tempdir().unwrap();
    let device = folder.path().join("pci0000:00/0000:00:14.0/usb1/1-1");
    let interface = device.join("1-1:1.0");
    let entry = interface.join("usbmisc/lp0");
    fs::create_dir_all(&entry).unwrap();
    fs::write(device.join("../version"), "2.00").unwrap();
    for (file, text) in [
        ("idVendor", "04b8"),
        ("idProduct", "0e15"),
        ("busnum", "1"),
        ("devnum", "2"),
        ("product", "TM-T20II"),
    ] {
        fs::write(device.join(file), text).unwrap();
    }
    fs::write(interface.join("bInterfaceNumber"), "00\n").unwrap();
    fs::write(interface.join("ieee1284_id"), "MFG:EPSON;MDL:TM-T20II;").unwrap();
    symlink(&interface, entry.join("device")).unwrap();
    let class = folder.path().join("class");
    fs::create_dir_all(class.join("hiddev0")).unwrap();
    symlink(&entry, class.join("lp0")).unwrap();
    symlink("nowhere", class.join("lp1")).unwrap();
    let nodes = folder.path().join("nodes");
    fs::create_dir_all(&nodes).unwrap();
    assert_eq!(list_in(&class, &nodes).unwrap(), [], "udev has not made the node yet");
    fs::write(nodes.join("lp0"), "").unwrap();
    let found = list_in(&class, &nodes).unwrap();
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].ieee1284_id.as_deref(), Some("MFG:EPSON;MDL:TM-T20II;"));
    assert_eq!((found[0].vendor, found[0].name.as_str()), (0x04b8, "TM-T20II"));
    assert_eq!(found[0].identity, found[0].place);
}

#[tokio::test]
async fn what_is_no_printer_is_refused() {
    let error = open("/dev/usb/lp99").unwrap_err();
    assert_eq!(error.kind(), DeviceErrorKind::NotFound);
    let file = tempfile::NamedTempFile::new().unwrap();
    let error = open(&file.path().display().to_string()).unwrap_err();
    assert_eq!(error.kind(), DeviceErrorKind::InvalidInput);
    assert!(error.help().unwrap().contains("/dev/usb/lp0"));
    let error = open("/dev/zero").unwrap_err();
    assert_eq!(error.kind(), DeviceErrorKind::InvalidInput);
}
