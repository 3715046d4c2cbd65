use std::fs::File;
use std::io::Read as _;
use std::os::fd::OwnedFd;
use std::os::unix::net::UnixDatagram;

use core::time::Duration;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

use countertop_device::DeviceErrorKind;

use super::*;
use crate::Line;
use crate::hid::HidLink as _;

const SOON: Duration = Duration::from_secs(2);

/// Makes a class and nodes such as the kernel and udev would.
fn tree(devices: &[(&str, &str)]) -> tempfile::TempDir {
    let root = tempfile::tempdir().unwrap();
    fs::create_dir(root.path().join("dev")).unwrap();
    for (entry, uevent) in devices {
        let device = root.path().join("class").join(entry).join("device");
        fs::create_dir_all(&device).unwrap();
        fs::write(device.join("uevent"), uevent).unwrap();
        fs::write(root.path().join("dev").join(entry), "").unwrap();
    }
    root
}

fn listed(root: &tempfile::TempDir) -> Vec<HidrawDevice> {
    list_in(&root.path().join("class"), &root.path().join("dev")).unwrap()
}

const STRIPE: &str = "DRIVER=hid-generic\nHID_ID=0003:00000801:00000002\n\
    HID_NAME=Mag-Tek USB Swipe Reader\nHID_PHYS=usb-0000:00:14.0-3/input0\nHID_UNIQ=\n";
const PAD: &str = "HID_ID=0003:0000056A:000000A4\nHID_NAME=a=b\nHID_PHYS=x\nHID_UNIQ=6JQ00\n";

#[test]
fn lists_what_the_kernel_shows() {
    let root = tree(&[("hidraw10", PAD), ("hidraw9", STRIPE)]);
    let devices = listed(&root);
    let node = root.path().join("dev/hidraw9").display().to_string();
    assert_eq!(devices[0].selector, Selector::Hidraw(node));
    assert_eq!(devices[0].name, "Mag-Tek USB Swipe Reader");
    assert_eq!((devices[0].vendor, devices[0].product), (0x0801, 0x0002));
    let place = Identity::from_place(0x0801, 0x0002, "usb-0000:00:14.0-3/input0");
    assert_eq!(devices[0].identity.as_ref(), Some(&place));
    assert_eq!(devices[0].place.as_ref(), Some(&place));
    let listing = devices[0].listing("magtek-hid", "MagTek");
    assert_eq!(listing.info.identity, Some(place));
    assert_eq!(listing.node.as_deref(), Some(devices[0].node.as_str()));
    assert_eq!(devices[0].access, Access::Accessible);
    assert_eq!(devices[1].name, "a=b");
    assert_eq!(devices[1].identity, Some(Identity::from_serial_number(0x056a, 0x00a4, "6JQ00")));
    assert_eq!(devices.len(), 2);
}

#[test]
fn passes_over_what_is_no_device() {
    let entries = ["HID_ID=", "HID_ID=0003", "HID_ID=3:zz:1", "HID_ID=3:10000:1", "", "\u{0}=\n="];
    let names = ["hidraw0", "hidraw1", "hidraw2", "hidraw3", "hidraw4", "hidraw5"];
    let mut devices: Vec<_> = names.into_iter().zip(entries).collect();
    devices.push(("hidraw", STRIPE));
    devices.push(("hidraw6x", STRIPE));
    assert_eq!(listed(&tree(&devices)), []);
    let root = tree(&[("hidraw0", STRIPE)]);
    fs::remove_file(root.path().join("dev/hidraw0")).unwrap();
    assert_eq!(listed(&root), []);
}

#[test]
fn a_kernel_without_hid_has_no_devices() {
    let root = tempfile::tempdir().unwrap();
    assert_eq!(list_in(&root.path().join("none"), root.path()).unwrap(), []);
    fs::write(root.path().join("file"), "").unwrap();
    list_in(&root.path().join("file"), root.path()).unwrap_err();
    list().unwrap();
}

fn stream(node: UnixDatagram) -> HidrawStream {
    node.set_nonblocking(true).unwrap();
    HidrawStream::new(File::from(OwnedFd::from(node))).unwrap()
}

#[tokio::test]
async fn a_read_is_a_report() {
    // Like hidraw, datagrams keep their bounds.
    let (device, node) = UnixDatagram::pair().unwrap();
    let mut stream = stream(node);
    device.send(&[0x01, 0xaa]).unwrap();
    device.send(&[0x02; 64]).unwrap();
    let mut report = [0; 64];
    assert_eq!(stream.read(&mut report).await.unwrap(), 2);
    assert_eq!(report[..2], [0x01, 0xaa]);
    assert_eq!(stream.read(&mut report).await.unwrap(), 64);
    let (read, _sent) = tokio::join!(stream.read(&mut report), async { device.send(&[0x03]) });
    assert_eq!((read.unwrap(), report[0]), (1, 0x03));
    let mut whole = Vec::new();
    assert!(!stream.try_report(&mut whole).unwrap());
    device.send(&[0x04; 900]).unwrap();
    assert!(stream.try_report(&mut whole).unwrap());
    assert_eq!(whole, [0x04; 900]);
    let (read, _sent) =
        tokio::join!(stream.next_report(&mut whole), async { device.send(&[0x05; 2]) });
    read.unwrap();
    assert_eq!(whole, [0x05; 2]);
}

#[tokio::test]
async fn a_write_is_a_report() {
    let (device, node) = UnixDatagram::pair().unwrap();
    let mut line = Line::new(Box::new(stream(node)), "hidraw:test");
    line.write(&[0x00; 65], SOON, "write").await.unwrap();
    line.write(&[0x05, 0x01], SOON, "write").await.unwrap();
    let mut report = [0; 128];
    assert_eq!(device.recv(&mut report).unwrap(), 65);
    assert_eq!(device.recv(&mut report).unwrap(), 2);
    let silence = line.read_some(&mut Vec::new(), Duration::from_millis(5), "read").await;
    assert_eq!(silence.unwrap_err().kind(), DeviceErrorKind::TimedOut);
}

#[tokio::test]
async fn opens_a_node() {
    let master = rustix::pty::openpt(rustix::pty::OpenptFlags::RDWR).unwrap();
    rustix::pty::unlockpt(&master).unwrap();
    let path = rustix::pty::ptsname(&master, Vec::new()).unwrap().into_string().unwrap();
    let selector = Selector::Hidraw(path);
    let mut link = crate::open(&selector, &countertop_device::Settings::new()).await.unwrap();
    link.write_all(b"report").await.unwrap();
    let mut seen = [0; 6];
    File::from(master).read_exact(&mut seen).unwrap();
    assert_eq!(&seen, b"report");
}

#[tokio::test]
async fn says_what_cannot_be_opened() {
    let root = tempfile::tempdir().unwrap();
    let file = root.path().join("hidraw0").display().to_string();
    assert_eq!(open(&file).unwrap_err().kind(), DeviceErrorKind::NotFound);
    fs::write(&file, "").unwrap();
    let error = open(&file).unwrap_err();
    assert_eq!(error.kind(), DeviceErrorKind::InvalidInput);
    assert!(error.to_string().starts_with(&format!("hidraw:{file}: open: ")), "{error}");
    assert_eq!(open("/dev/null").unwrap_err().kind(), DeviceErrorKind::InvalidInput);
}
