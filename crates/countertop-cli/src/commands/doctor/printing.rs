//! CUPS, where it has a queue for a printer of ours.

use countertop_device::Selector;
use countertop_transport::sysfs::UsbParent;

use super::finding::Finding;
use super::scene::{Configured, Scene};
use crate::system::Step;

/// Where CUPS keeps its queues; root alone may read it.
const QUEUES: &str = "/etc/cups/printers.conf";
/// The port of raw printing when a queue names none.
const RAW_PORT: u16 = 9100;

/// Is a queue of CUPS that is not stopped.
struct Queue {
    name: String,
    uri: String,
}

/// Looks for queues that print on our printers.
pub(super) fn check(scene: &Scene<'_>) -> Vec<Finding> {
    let queues = parse(&scene.system.read(QUEUES).unwrap_or_default());
    let printers =
        || scene.configured().filter_map(|device| Some((device.selector?.clone(), device)));
    let claimed = queues.iter().filter_map(|queue| {
        let (_, device) = printers().find(|(at, _)| claims(scene, &queue.uri, at))?;
        Some(finding(queue, &device))
    });
    claimed.collect()
}

fn finding(queue: &Queue, device: &Configured<'_>) -> Finding {
    let about = format!("{} at {}", device.role, device.config.name());
    let found = format!("the queue `{}` of CUPS prints on it", queue.name);
    let why = "a job of CUPS in the middle of a receipt garbles both";
    let stop = Step::root(["cupsdisable", &queue.name]);
    Finding::problem("cups-claims-printer", about, found, why).cured_by([stop])
}

/// Parses the queues (cupsd's printers.conf): sections with `DeviceURI` and `State`.
fn parse(text: &str) -> Vec<Queue> {
    let mut queues = Vec::new();
    for section in text.split("</").filter(|section| section.contains("Printer ")) {
        let value = |key: &str| {
            section.lines().find_map(|line| line.trim().strip_prefix(key)?.strip_prefix(' '))
        };
        let name = section.lines().find_map(|line| {
            let line =
                line.strip_prefix("<Printer ").or_else(|| line.strip_prefix("<DefaultPrinter "));
            line?.strip_suffix('>')
        });
        if let (Some(name), Some(uri), false) =
            (name, value("DeviceURI"), value("State") == Some("Stopped"))
        {
            queues.push(Queue { name: name.into(), uri: uri.into() });
        }
    }
    queues
}

/// Tells whether a queue's address means our device.
fn claims(scene: &Scene<'_>, uri: &str, at: &Selector) -> bool {
    let Some((scheme, rest)) = uri.split_once("://").or_else(|| uri.split_once(':')) else {
        return false;
    };
    match (scheme, at) {
        ("socket", Selector::Tcp { host, port }) => {
            let target = rest.split(['/', '?']).next().unwrap_or_default();
            let (name, raw) = target.rsplit_once(':').unwrap_or((target, ""));
            name == host && raw.parse().unwrap_or(RAW_PORT) == *port
        }
        ("serial", Selector::Serial(path)) => rest.split('?').next() == Some(path),
        ("usb", Selector::Usb { vendor, product, serial }) => {
            let mut usb =
                scene.usb.iter().filter(|it| (it.vendor, it.product) == (*vendor, *product));
            usb.any(|device| {
                let wanted = serial.is_none() || device.serial == *serial;
                wanted && is_device(rest, device)
            })
        }
        ("usb", Selector::Usblp(path)) => {
            let name = path.rsplit('/').next().unwrap_or_default();
            let device = scene.system.path(format!("/sys/class/usbmisc/{name}/device"));
            UsbParent::of(&device).is_some_and(|device| is_device(rest, &device))
        }
        _ => false,
    }
}

/// Compares `MAKE/MODEL?serial=NUMBER` with a device: by serial number where both have one.
fn is_device(rest: &str, device: &UsbParent) -> bool {
    let (model, query) = rest.split_once('?').unwrap_or((rest, ""));
    let serial = query.split('&').find_map(|part| part.strip_prefix("serial="));
    match (serial, &device.serial) {
        (Some(theirs), Some(ours)) => theirs == ours,
        _ => {
            let model = model.rsplit('/').next().unwrap_or_default().replace("%20", " ");
            !model.is_empty() && device.name.to_lowercase().contains(&model.to_lowercase())
        }
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use countertop_hub::Role;

    use super::super::scene::tests::{one, scene};
    use super::*;
    use crate::system::tests::Tree;

    const CONF: &str = "# Printer configuration file\n\
        <DefaultPrinter Office>\nDeviceURI socket://10.0.0.9\nState Idle\n</DefaultPrinter>\n\
        <Printer Receipts>\nInfo x\nDeviceURI usb://EPSON/TM-T20II?serial=X1\nState Idle\n</Printer>\n\
        <Printer Old>\nDeviceURI socket://10.0.0.7:9100\nState Stopped\n</Printer>\n";

    fn found(at: &str, serial: &str) -> Vec<Finding> {
        let device = "/sys/devices/pci0000:00/0000:00:14.0/usb1/1-2";
        let tree = Tree::new()
            .file(QUEUES, CONF)
            .usb("1-2", 0x04b8, 0x0e15, &[(7, None)])
            .file(&format!("{device}/product"), "TM-T20II\n")
            .file(&format!("{device}/serial"), serial);
        let system = tree.system();
        let mut scene = scene(&system);
        let config = one(Role::ReceiptPrinter, "escpos", at);
        scene.config = Some((Path::new("shop.toml"), &config));
        check(&scene)
    }

    #[test]
    fn a_usb_printer_is_known_by_its_serial_number_or_model() {
        let findings = found("usb:04b8:0e15", "X1");
        assert_eq!(findings[0].cure[0].to_string(), "sudo cupsdisable Receipts");
        assert!(found("usb:04b8:0e15", "X2").is_empty(), "its twin");
        assert_eq!(found("usb:04b8:0e15", "").len(), 1);
        assert!(found("usb:04b8:0202", "X1").is_empty());
    }

    #[test]
    fn a_network_printer_is_known_by_host_and_port() {
        assert_eq!(found("tcp:10.0.0.9:9100", "X1").len(), 1);
        assert!(found("tcp:10.0.0.9:9101", "X1").is_empty());
        assert!(found("tcp:10.0.0.7:9100", "X1").is_empty(), "its queue is stopped");
    }
}
