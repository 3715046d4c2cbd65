//! Modules of the kernel that a device needs and modprobe is told to leave alone.

use countertop_device::{NodeKind, Selector};
use countertop_transport::sysfs::UsbParent;

use super::finding::Finding;
use super::modprobe::Settings;
use super::scene::Scene;
use crate::system::{Step, interfaces};

/// The modules of serial adapters, by vendor (Linux, `drivers/usb/serial`).
const ADAPTERS: [(u16, &str); 4] =
    [(0x0403, "ftdi_sio"), (0x067b, "pl2303"), (0x10c4, "cp210x"), (0x1a86, "ch341")];

/// CDC control interface: a modem, or a reader that poses as one (USB CDC 1.2, table 14).
const CLASS_CDC: u8 = 0x02;
/// Human interface device (HID 1.11, 4.1).
const CLASS_HID: u8 = 0x03;

/// Looks for modules that are needed and kept away.
pub(super) fn check(scene: &Scene<'_>) -> Vec<Finding> {
    let settings = Settings::read(scene.system);
    let mut needed: Vec<(String, &str)> =
        scene.usb.iter().filter_map(|device| attached(scene, device)).collect();
    needed.extend(configured(scene));
    needed.into_iter().filter_map(|(about, module)| kept_away(&settings, about, module)).collect()
}

/// Returns the module that a device which is plugged in waits for.
fn attached(scene: &Scene<'_>, device: &UsbParent) -> Option<(String, &'static str)> {
    let waits = |class: Option<u8>| {
        let interfaces = interfaces(device);
        let mut own = interfaces.iter().filter(|it| class.is_none_or(|class| it.class == class));
        own.any(|interface| interface.driver.is_none())
    };
    let hid = scene.knows(device, NodeKind::Hidraw) || scene.knows(device, NodeKind::Evdev);
    let adapter = ADAPTERS.iter().find(|(vendor, _)| *vendor == device.vendor);
    let module = match adapter {
        Some((_, module)) if waits(None) => module,
        None if waits(Some(CLASS_CDC)) => "cdc_acm",
        None if hid && waits(Some(CLASS_HID)) => "usbhid",
        _ => return None,
    };
    Some((format!("{} (usb {})", device.name, device.port()), module))
}

/// Returns the modules without which a configured address can never be there.
fn configured(scene: &Scene<'_>) -> impl Iterator<Item = (String, &'static str)> {
    scene.configured().filter_map(|device| {
        let (path, module) = match device.selector? {
            Selector::Usblp(path) => (path, "usblp"),
            Selector::Serial(path) if path.starts_with("/dev/ttyACM") => (path, "cdc_acm"),
            _ => return None,
        };
        let missing = !scene.system.exists(path);
        missing.then(|| (format!("{} at {path}", device.role), module))
    })
}

fn kept_away(settings: &Settings, about: String, module: &str) -> Option<Finding> {
    let files: Vec<_> = settings.files(module).collect();
    if files.is_empty() {
        return None;
    }
    let found = format!("its kernel module {module} is blacklisted in {}", files.join(", "));
    let name = module.replace('_', "[_-]");
    let comment_out = format!(r"s/^[[:space:]]*(blacklist|install)[[:space:]]+{name}\b/# &/");
    let mut edit = vec!["sed", "--in-place", "--regexp-extended", &comment_out];
    edit.extend(files);
    let steps = [Step::root(edit), Step::root(["modprobe", module])];
    let why = "without the module the device has no node, so that nothing can open it";
    Some(Finding::problem("module-blacklisted", about, found, why).cured_by(steps))
}

#[cfg(test)]
mod tests {
    use countertop_hub::Role;

    use super::super::scene::tests::{one, scene};
    use super::*;
    use crate::system::tests::Tree;

    #[test]
    fn an_adapter_without_its_module_is_told() {
        let tree = Tree::new()
            .usb("1-2", 0x0403, 0x6001, &[(0xff, None)])
            .file("/etc/modprobe.d/x.conf", "blacklist ftdi_sio\n");
        let findings = check(&scene(&tree.system()));
        assert_eq!(findings[0].code, "module-blacklisted");
        assert_eq!(findings[0].about, "0403:6001 (usb 1-2)");
        let cure: Vec<_> = findings[0].cure.iter().map(ToString::to_string).collect();
        assert!(cure[0].contains("ftdi[_-]sio") && cure[0].ends_with(" /etc/modprobe.d/x.conf"));
        assert_eq!(cure[1], "sudo modprobe ftdi_sio");
    }

    #[test]
    fn what_works_or_was_never_asked_for_is_not_told() {
        let tree = Tree::new()
            .usb("1-2", 0x0403, 0x6001, &[(0xff, Some("ftdi_sio"))])
            .file("/etc/modprobe.d/x.conf", "blacklist ftdi_sio\nblacklist usblp\n");
        assert!(check(&scene(&tree.system())).is_empty());
    }

    #[test]
    fn a_configured_printer_needs_usblp() {
        let tree = Tree::new().file("/etc/modprobe.d/x.conf", "install usblp /bin/true\n");
        let system = tree.system();
        let mut scene = scene(&system);
        let config = one(Role::ReceiptPrinter, "escpos", "usblp:/dev/usb/lp0");
        scene.config = Some((std::path::Path::new("shop.toml"), &config));
        assert_eq!(check(&scene)[0].about, "receipt-printer at /dev/usb/lp0");
    }

    #[test]
    fn hid_and_cdc_need_theirs() {
        let tree = Tree::new()
            .usb("1-2", 0x0801, 0x0002, &[(3, None)])
            .usb("1-3", 0x1111, 0x2222, &[(2, None), (10, None)])
            .file("/etc/modprobe.d/x.conf", "blacklist usbhid\nblacklist cdc-acm\n");
        let findings = check(&scene(&tree.system()));
        let found: Vec<_> = findings.iter().map(|it| it.found.split(' ').nth(3).unwrap()).collect();
        assert_eq!(found, ["usbhid", "cdc_acm"]);
    }
}
