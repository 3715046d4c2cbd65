use super::*;

/// Makes a bus such as the kernel would: a root hub on `bus`, and devices behind it.
struct Tree(tempfile::TempDir);

impl Tree {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn devices(&self) -> PathBuf {
        self.0.path().join("bus/usb/devices")
    }

    fn add(&self, bus: u8, ports: &str, files: &[(&str, &str)]) -> PathBuf {
        let root = self.0.path().join(format!("devices/pci0000:00/0000:00:14.0/usb{bus}"));
        let device = root.join(format!("{bus}-{ports}"));
        fs::create_dir_all(&device).unwrap();
        fs::write(root.join("version"), " 2.00\n").unwrap();
        let bus = bus.to_string();
        let always = [("busnum", bus.as_str()), ("devnum", "7"), ("bDeviceClass", "00")];
        for (file, text) in always.iter().chain(files) {
            fs::write(device.join(file), format!("{text}\n")).unwrap();
        }
        fs::create_dir_all(self.devices()).unwrap();
        let link = self.devices().join(device.file_name().unwrap());
        std::os::unix::fs::symlink(&device, link).unwrap();
        device
    }
}

const PRINTER: [(&str, &str); 4] = [
    ("idVendor", "04b8"),
    ("idProduct", "0e15"),
    ("manufacturer", "EPSON"),
    ("product", "TM-T20II"),
];

#[test]
fn a_node_belongs_to_the_device_above_it() {
    let tree = Tree::new();
    let device = tree.add(2, "1.3", &PRINTER);
    let node = device.join("2-1.3:1.1/usbmisc/lp0");
    fs::create_dir_all(&node).unwrap();
    fs::write(device.join("2-1.3:1.1/bInterfaceNumber"), "01\n").unwrap();
    let found = UsbParent::of(&node).unwrap();
    assert_eq!((found.vendor, found.product, found.interface), (0x04b8, 0x0e15, Some(1)));
    assert_eq!((found.name.as_str(), found.port().as_str()), ("EPSON TM-T20II", "2-1.3"));
    assert_eq!(found.node(), "/dev/bus/usb/002/007");
    assert_eq!(UsbParent::of(&device).unwrap().interface, None);
    assert_eq!(UsbParent::of(tree.0.path()), None);
    assert_eq!(UsbParent::of(&tree.0.path().join("gone")), None);
}

#[test]
fn a_serial_number_goes_before_the_place() {
    let tree = Tree::new();
    let serial = [("serial", "X1")];
    let one = UsbParent::of(&tree.add(1, "1", &[&PRINTER[..], &serial].concat())).unwrap();
    let moved = UsbParent::of(&tree.add(1, "2", &[&PRINTER[..], &serial].concat())).unwrap();
    assert_eq!(one.identity(), moved.identity());
    assert_ne!(one.place(), moved.place());
    let without = UsbParent::of(&tree.add(1, "3", &PRINTER)).unwrap();
    assert_eq!(without.identity(), without.place());
    assert_ne!(one.identity(), one.place());
}

#[test]
fn the_place_survives_a_reboot_that_renumbers_the_buses() {
    let before = Tree::new();
    let after = Tree::new();
    let before = UsbParent::of(&before.add(1, "4.2", &PRINTER)).unwrap();
    let after = UsbParent::of(&after.add(3, "4.2", &PRINTER)).unwrap();
    assert_eq!(before.place(), after.place());
    assert_ne!(before.port(), after.port());
}

#[test]
fn lists_devices_without_hubs_and_interfaces() {
    let tree = Tree::new();
    tree.add(1, "1", &[&PRINTER[..], &[("bDeviceClass", "09")]].concat());
    tree.add(1, "1.1", &PRINTER);
    tree.add(1, "2:1.0", &PRINTER);
    tree.add(1, "3", &[("idVendor", "04b8")]);
    let ports: Vec<_> = UsbParent::list_in(&tree.devices()).iter().map(UsbParent::port).collect();
    assert_eq!(ports, ["1-1.1"]);
    assert_eq!(UsbParent::list_in(Path::new("/none")), []);
}

#[test]
fn a_device_without_words_is_called_by_its_numbers() {
    let tree = Tree::new();
    let found = UsbParent::of(&tree.add(1, "1", &PRINTER[..2])).unwrap();
    assert_eq!(found.name, "04b8:0e15");
}
