use std::fs;
use std::os::unix::fs::symlink;

use super::*;

/// Makes a bus as the kernel would, with devices of the class given.
fn bus(devices: &[(&str, Option<&str>, &str)]) -> (tempfile::TempDir, Vec<UsbParent>) {
    let folder = tempfile::tempdir().unwrap();
    let list = folder.path().join("bus");
    fs::create_dir_all(&list).unwrap();
    let root = folder.path().join("devices/0000:00:14.0/usb1");
    for (number, (port, serial, class)) in devices.iter().enumerate() {
        let device = root.join(port);
        fs::create_dir_all(device.join(format!("{port}:1.0"))).unwrap();
        fs::write(root.join("version"), "2.00").unwrap();
        fs::write(device.join(format!("{port}:1.0/bInterfaceClass")), class).unwrap();
        let number = number.to_string();
        let files = [("idVendor", "08e6"), ("idProduct", "3437"), ("busnum", "1")];
        for (file, text) in files.into_iter().chain([("devnum", number.as_str())]) {
            fs::write(device.join(file), text).unwrap();
        }
        if let Some(serial) = serial {
            fs::write(device.join("serial"), serial).unwrap();
        }
        symlink(&device, list.join(port)).unwrap();
    }
    let devices = UsbParent::list_in(&list);
    (folder, devices)
}

fn guessed(names: &[&str], devices: &[UsbParent]) -> Vec<Option<String>> {
    let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
    let mut places = vec![Place::Hidden; names.len()];
    guess(&names, &mut places, devices);
    let port = |place: Place| match place {
        Place::Usb(device) => Some(device.port()),
        Place::Elsewhere | Place::Hidden => None,
    };
    places.into_iter().map(port).collect()
}

#[test]
fn reads_bus_and_device_of_usb_channels() {
    assert_eq!(usb_address(&0x0020_0307_u32.to_ne_bytes()), Some((3, 7)));
    assert_eq!(usb_address(&0x0001_0000_u32.to_ne_bytes()), None);
    assert_eq!(usb_address(&[0x07, 0x03]), None);
}

#[test]
fn finds_the_serial_number_in_a_name() {
    assert_eq!(serial_in("Gemalto PC Twin Reader (A1B2) 00 00"), Some("A1B2"));
    assert_eq!(serial_in("Gemalto Prox-DU [Contact (1)] (09A00795) 00 00"), Some("09A00795"));
    assert_eq!(serial_in("Gemalto PC Twin Reader 00 00"), None);
    assert_eq!(serial_in("Reader () 00 00"), None);
    assert_eq!(serial_in("Reader (A"), None);
}

#[test]
fn what_is_not_on_usb_is_known_by_name() {
    let name = "Virtual PCD 00 00";
    assert_eq!(Place::Elsewhere.identity(name), Some(Identity::from_name(name)));
    assert_eq!(Place::Hidden.identity(name), None);
    assert!(Place::Hidden.is_attached());
}

#[test]
fn readers_that_are_held_are_found_by_their_serial_number() {
    let (_folder, devices) = bus(&[("1-1", Some("A1"), "0b"), ("1-2", Some("B2"), "ff")]);
    let places = guessed(&["Reader (B2) 00 00", "Reader (A1) 01 00"], &devices);
    assert_eq!(places, [Some("1-2".to_owned()), Some("1-1".to_owned())]);
}

#[test]
fn the_last_reader_is_the_last_device_of_the_class() {
    let (_folder, devices) = bus(&[("1-1", None, "0b"), ("1-2", None, "07")]);
    assert_eq!(guessed(&["Reader 00 00"], &devices), [Some("1-1".to_owned())]);
    assert_eq!(guessed(&["Reader 00 00", "Reader 01 00"], &devices), [None, None]);
    let (_folder, twins) = bus(&[("1-1", None, "0b"), ("1-2", None, "0b")]);
    assert_eq!(guessed(&["Reader 00 00"], &twins), [None]);
}

#[test]
fn a_reader_that_was_replugged_is_no_longer_there() {
    let (folder, devices) = bus(&[("1-1", None, "0b")]);
    let place = Place::Usb(devices[0].clone());
    assert!(place.is_attached());
    let number = folder.path().join("devices/0000:00:14.0/usb1/1-1/devnum");
    fs::write(number, "9").unwrap();
    assert!(!place.is_attached());
}
