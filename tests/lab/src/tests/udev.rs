//! The udev rules: who may open which device.

use std::fs;
use std::os::unix::fs::MetadataExt;

use countertop_virtual::magtek::MagtekConfig;
use countertop_virtual::pn532::{Pn533Config, VirtualPn533};
use countertop_virtual::printer::{PrinterConfig, VirtualPrinter};
use countertop_virtual::usb::{UsbIdentity, ft232r, usb_printer};
use countertop_virtual::wedge::WedgeConfig;

use crate::kernel::{self, LONG, User};
use crate::lab_test::{LabTest, MINUTE, TestResult, check};

/// The tests of this area.
pub(crate) const TESTS: &[LabTest] = &[
    LabTest {
        name: "udev_has_nothing_to_object",
        device: "-",
        kernel_driver: "-",
        driver: "udev rules",
        pulled: "-",
        short: true,
        limit: MINUTE,
        run: || Box::pin(udev_has_nothing_to_object()),
    },
    LabTest {
        name: "members_open_a_serial_adapter",
        device: "USB serial adapter 0403:6001",
        kernel_driver: "ftdi_sio",
        driver: "udev rules",
        pulled: "-",
        short: true,
        limit: MINUTE,
        run: || Box::pin(members_open_a_serial_adapter()),
    },
    LabTest {
        name: "members_open_a_printer",
        device: "USB receipt printer 04b8:0e15",
        kernel_driver: "usblp",
        driver: "udev rules",
        pulled: "-",
        short: false,
        limit: MINUTE,
        run: || Box::pin(members_open_a_printer()),
    },
    LabTest {
        name: "members_open_an_nfc_module",
        device: "SCM SCL3711 04e6:5591",
        kernel_driver: "-",
        driver: "udev rules",
        pulled: "-",
        short: false,
        limit: MINUTE,
        run: || Box::pin(members_open_an_nfc_module()),
    },
    LabTest {
        name: "members_open_a_stripe_reader",
        device: "MagTek HID stripe reader, by USB and by uhid",
        kernel_driver: "usbhid, uhid, hidraw",
        driver: "udev rules",
        pulled: "-",
        short: false,
        limit: MINUTE,
        run: || Box::pin(members_open_a_stripe_reader()),
    },
    LabTest {
        name: "members_open_a_wedge_and_no_other_keyboard",
        device: "keyboard-wedge scanner, and a keyboard",
        kernel_driver: "usbhid, uinput, evdev",
        driver: "udev rules",
        pulled: "-",
        short: false,
        limit: MINUTE,
        run: || Box::pin(members_open_a_wedge_and_no_other_keyboard()),
    },
];

/// The node belongs to root and the group; a member opens it, a stranger does not.
async fn opens(node: &str) -> TestResult {
    kernel::wait_node(node).await?;
    kernel::settle().await?;
    let mode = fs::metadata(node)?.mode() & 0o7777;
    check!(mode == 0o660, "{node} has mode {mode:04o}");
    check!(kernel::can_open(User::Inside, node).await?, "a member cannot open {node}");
    check!(!kernel::can_open(User::Outside, node).await?, "a stranger can open {node}");
    Ok(())
}

/// The stable name leads to the node.
fn is_named(name: &str, node: &str) -> TestResult {
    let link = format!("/dev/countertop/{name}");
    let target = fs::canonicalize(&link).map_err(|error| {
        let names = fs::read_dir("/dev/countertop").into_iter().flatten().flatten();
        let names: Vec<_> = names.map(|entry| entry.file_name()).collect();
        format!("{link}: {error}; there are {names:?}")
    })?;
    check!(target.as_os_str() == node, "{link} is {}, not {node}", target.display());
    Ok(())
}

/// Returns the nodes `/dev/NAME…` of this kind that hang on the device in this folder of sysfs.
fn nodes_below(class: &str, part: &str) -> Vec<String> {
    let entries = fs::read_dir(format!("/sys/class/{class}")).into_iter().flatten().flatten();
    let of_device = entries.filter(|entry| {
        fs::canonicalize(entry.path()).is_ok_and(|path| path.display().to_string().contains(part))
    });
    of_device.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect()
}

/// Waits for the first node of a class that hangs on the device.
async fn node_below(class: &str, prefix: &str, part: &str) -> TestResult<String> {
    let look = || nodes_below(class, part).into_iter().find(|name| name.starts_with(prefix));
    kernel::wait_for(&format!("{prefix} below {part}"), LONG, look).await
}

async fn udev_has_nothing_to_object() -> TestResult {
    let text = {
        let mut command = tokio::process::Command::new("udevadm");
        command.args(["test", "/sys/class/tty/tty0"]).env("SYSTEMD_LOG_LEVEL", "debug");
        let output = command.output().await?;
        [output.stdout, output.stderr].concat()
    };
    let text = String::from_utf8_lossy(&text).into_owned();
    check!(text.contains("70-countertop.rules"), "the rules were not read:\n{text}");
    // An objection names file and line.
    let objections: Vec<_> =
        text.lines().filter(|line| line.contains("70-countertop.rules:")).collect();
    check!(objections.is_empty(), "{objections:#?}");
    Ok(())
}

async fn members_open_a_serial_adapter() -> TestResult {
    kernel::modprobe(&["vhci_hcd", "ftdi_sio"]).await?;
    let identity = UsbIdentity::new(0x0403, 0x6001, "FT232R").with_serial_number("A50285BI");
    let (device, _line, _control) = ft232r(&identity)?;
    let plugged = device.plug().await?;
    plugged.configured().await?;
    opens("/dev/ttyUSB0").await?;
    is_named("serial-A50285BI", "/dev/ttyUSB0")?;
    let properties = kernel::run("udevadm", &["info", "/dev/ttyUSB0"]).await?;
    check!(properties.contains("ID_MM_DEVICE_IGNORE=1"), "{properties}");
    plugged.unplug().await?;
    kernel::wait_gone("/dev/countertop/serial-A50285BI").await
}

async fn members_open_a_printer() -> TestResult {
    kernel::modprobe(&["vhci_hcd", "usblp"]).await?;
    let (printer, control) = VirtualPrinter::new(PrinterConfig::default());
    let identity = UsbIdentity::new(0x04b8, 0x0e15, "TM-T20II").with_serial_number("J3XX001");
    let (device, link) = usb_printer(&identity, &control)?;
    let served = tokio::spawn(printer.serve(link));
    let plugged = device.plug().await?;
    let folder = plugged.configured().await?;
    opens("/dev/usb/lp0").await?;
    is_named("escpos-lp-J3XX001", "/dev/usb/lp0")?;
    let node = usb_node(&folder)?;
    opens(&node).await?;
    is_named("escpos-J3XX001", &node)?;
    plugged.unplug().await?;
    served.abort();
    Ok(())
}

fn usb_node(folder: &std::path::Path) -> TestResult<String> {
    let number = |file: &str| -> TestResult<u32> {
        Ok(fs::read_to_string(folder.join(file))?.trim().parse()?)
    };
    Ok(format!("/dev/bus/usb/{:03}/{:03}", number("busnum")?, number("devnum")?))
}

/// It has no serial number: its name is that of its place.
async fn members_open_an_nfc_module() -> TestResult {
    kernel::modprobe(&["vhci_hcd"]).await?;
    let (device, chip, _control) = VirtualPn533::new(&Pn533Config::scl3711())?;
    let served = tokio::spawn(chip.serve());
    let plugged = device.plug().await?;
    let node = usb_node(&plugged.configured().await?)?;
    opens(&node).await?;
    let names = fs::read_dir("/dev/countertop")?.flatten();
    let links: Vec<_> =
        names.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect();
    let link = links.iter().find(|link| link.starts_with("libnfc-platform-vhci_hcd"));
    check!(link.is_some(), "no name by place among {links:?}");
    plugged.unplug().await?;
    served.abort();
    Ok(())
}

async fn members_open_a_stripe_reader() -> TestResult {
    kernel::modprobe(&["vhci_hcd", "usbhid", "uhid"]).await?;
    let (reader, _control) = MagtekConfig::swipe_reader().serial_number("B123").build()?;
    let plugged = reader.into_usb()?.plug().await?;
    let folder = fs::canonicalize(plugged.configured().await?)?.display().to_string();
    let node = format!("/dev/{}", node_below("hidraw", "hidraw", &folder).await?);
    opens(&node).await?;
    is_named("magtek-hid-B123", &node)?;
    plugged.unplug().await?;
    // By Bluetooth or uhid there is no USB device above the reports.
    let (reader, _control) = MagtekConfig::swipe_reader().serial_number("B124").build()?;
    let plugged = reader.plug().await?;
    let node = format!("/dev/{}", node_below("hidraw", "hidraw", "/virtual/misc/uhid").await?);
    opens(&node).await?;
    is_named("magtek-hid-B124", &node)?;
    plugged.unplug().await?;
    Ok(())
}

async fn members_open_a_wedge_and_no_other_keyboard() -> TestResult {
    kernel::modprobe(&["vhci_hcd", "usbhid", "uinput", "evdev"]).await?;
    let (scanner, _control) = WedgeConfig::scanner().serial_number("W1").build()?;
    let plugged = scanner.into_usb()?.plug().await?;
    let folder = fs::canonicalize(plugged.configured().await?)?.display().to_string();
    let node = format!("/dev/input/{}", node_below("input", "event", &folder).await?);
    opens(&node).await?;
    let keys: evdev::AttributeSet<evdev::KeyCode> = (1..84).map(evdev::KeyCode).collect();
    let keyboard = evdev::uinput::VirtualDevice::builder()?.name("Keyboard").with_keys(&keys)?;
    let mut keyboard = keyboard.build()?;
    let other = keyboard.enumerate_dev_nodes_blocking()?.next().ok_or("no node")??;
    let other = other.display().to_string();
    kernel::wait_node(&other).await?;
    kernel::settle().await?;
    check!(!kernel::can_open(User::Inside, &other).await?, "a member can read {other}");
    drop(keyboard);
    plugged.unplug().await?;
    Ok(())
}
