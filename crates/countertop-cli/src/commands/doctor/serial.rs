//! Serial lines: programs that send to them, and names that do not last.

use countertop_device::{NodeKind, Selector};
use countertop_transport::sysfs::UsbParent;

use super::finding::Finding;
use super::scene::{Configured, Scene};
use crate::commands::udev_rules::apply_steps;
use crate::system::{Step, System};

/// Rules for models that no driver's table names.
const LOCAL_RULES: &str = "/etc/udev/rules.d/71-countertop-local.rules";

/// Looks for what disturbs serial lines.
pub(super) fn check(scene: &Scene<'_>) -> Vec<Finding> {
    let mut findings = modem_manager(scene);
    findings.extend(scene.configured().filter_map(|device| dangling(scene, &device)));
    findings
}

/// ModemManager sends AT commands to each serial line that has no tag against it.
fn modem_manager(scene: &Scene<'_>) -> Vec<Finding> {
    let running = scene.system.processes_named("ModemManager");
    let Some(process) = running.first() else { return Vec::new() };
    let ours = |line: &(String, UsbParent)| is_ours(scene, &line.0, &line.1);
    let probed = scene.serial_lines().into_iter().filter(ours);
    let probed = probed.filter(|(name, _)| !is_tagged(scene.system, name));
    probed
        .map(|(name, device)| {
            let about = format!("/dev/{name} ({})", device.name);
            let found = format!("{process} may probe it: udev has no ID_MM_DEVICE_IGNORE for it");
            let why = "ModemManager takes it for a modem and sends AT commands to the reader";
            let known = scene.knows(&device, NodeKind::Serial);
            let steps = if known { known_model(scene) } else { local_rule(&device) };
            let restart = Step::root(["systemctl", "try-restart", "ModemManager"]);
            let restart = scene.system.has_systemd().then_some(restart);
            let finding = Finding::problem("modem-manager-probes", about, found, why);
            finding.cured_by(steps).cured_by(restart)
        })
        .collect()
}

/// A line is ours when a driver's table has its adapter, or the configuration names it.
fn is_ours(scene: &Scene<'_>, name: &str, device: &UsbParent) -> bool {
    let node = format!("/dev/{name}");
    let named = |it: Configured<'_>| matches!(it.selector, Some(Selector::Serial(at)) if resolved(scene.system, at) == node);
    scene.knows(device, NodeKind::Serial) || scene.configured().any(named)
}

/// Follows a symlink such as those in `/dev/serial/by-id`.
fn resolved(system: &System, path: &str) -> String {
    let target = system.link(path);
    let name = target.as_deref().and_then(|target| target.file_name()?.to_str());
    name.map_or_else(|| path.to_owned(), |name| format!("/dev/{name}"))
}

/// Looks into udev's database: `c` and the node's number, with properties as `E:KEY=value`.
fn is_tagged(system: &System, name: &str) -> bool {
    const TAGS: [&str; 2] = ["E:ID_MM_DEVICE_IGNORE=1", "E:ID_MM_PORT_IGNORE=1"];
    let number = system.read(format!("/sys/class/tty/{name}/dev")).unwrap_or_default();
    let entry = system.read(format!("/run/udev/data/c{}", number.trim())).unwrap_or_default();
    entry.lines().any(|line| TAGS.contains(&line))
}

fn known_model(scene: &Scene<'_>) -> Vec<Step> {
    vec![super::udev::install(scene.user.as_ref())]
}

fn local_rule(device: &UsbParent) -> Vec<Step> {
    let rule = format!(
        "ATTRS{{idVendor}}==\"{:04x}\", ATTRS{{idProduct}}==\"{:04x}\", \
         ENV{{ID_MM_DEVICE_IGNORE}}=\"1\", ENV{{ID_MM_PORT_IGNORE}}=\"1\"",
        device.vendor, device.product
    );
    let append = Step::root(["sh", "-c", &format!("echo '{rule}' >> {LOCAL_RULES}")]);
    core::iter::once(append).chain(apply_steps()).collect()
}

/// A configured node that is not there, while adapters are under names that last.
fn dangling(scene: &Scene<'_>, device: &Configured<'_>) -> Option<Finding> {
    const BY_ID: &str = "/dev/serial/by-id";
    let Some(Selector::Serial(path)) = device.selector else { return None };
    let links = scene.system.entries(BY_ID);
    if scene.system.exists(path) || links.is_empty() {
        return None;
    }
    let taken: Vec<_> = scene.configured().filter_map(|it| serial_path(it.selector)).collect();
    let free = links.iter().map(|link| format!("{BY_ID}/{link}"));
    let free: Vec<_> = free.filter(|link| !taken.contains(link)).collect();
    let found = format!("there is no {path}, but there is {}", links.join(", "));
    let why = "the kernel numbers adapters in the order of plugging; names by serial number last";
    let finding = Finding::problem("serial-name-changed", device.role.name(), found, why);
    Some(match (free.as_slice(), scene.config) {
        ([link], Some((file, _))) => {
            let assign = format!("{}=serial:{link}", device.role);
            let file = file.display().to_string();
            let words = ["devices", "--config", &file, "--assign", &assign];
            finding.cured_by([Step::countertop(false, words)])
        }
        _ => finding.by_hand(format!(
            "write one of {} as `at` in the table [devices.{}]",
            free.join(", "),
            device.role
        )),
    })
}

fn serial_path(selector: Option<&Selector>) -> Option<String> {
    match selector {
        Some(Selector::Serial(path)) => Some(path.clone()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use countertop_hub::Role;

    use super::super::scene::tests::{one, scene};
    use super::*;
    use crate::system::tests::Tree;

    fn adapter(product: u16) -> Tree {
        let port = "/sys/devices/pci0000:00/0000:00:14.0/usb1/1-2/1-2:1.0/ttyUSB0";
        Tree::new()
            .usb("1-2", 0x0403, product, &[(0xff, Some("ftdi_sio"))])
            .folder(port)
            .file("/sys/class/tty/ttyUSB0/dev", "188:0\n")
            .link("/sys/class/tty/ttyUSB0/device", &format!("../../../..{port}"))
    }

    #[test]
    fn modem_manager_is_told_of_once_it_runs() {
        let tree = adapter(0x6001);
        assert!(check(&scene(&tree.system())).is_empty());
        let tree = tree.process(77, "ModemManager");
        let findings = check(&scene(&tree.system()));
        assert_eq!(findings[0].code, "modem-manager-probes");
        assert!(findings[0].found.starts_with("ModemManager (process 77)"), "{findings:?}");
        assert!(findings[0].cure[0].to_string().ends_with("udev-rules --install"));
        let tree = tree.file("/run/udev/data/c188:0", "S:serial\nE:ID_MM_DEVICE_IGNORE=1\n");
        assert!(check(&scene(&tree.system())).is_empty());
    }

    #[test]
    fn an_adapter_of_no_table_gets_a_rule_of_its_own_when_it_is_configured() {
        let tree = adapter(0x9999).process(77, "ModemManager");
        let system = tree.system();
        let mut scene = scene(&system);
        assert!(check(&scene).is_empty(), "it is nobody's business");
        let config = one(Role::Stripe, "msr605", "serial:/dev/ttyUSB0");
        scene.config = Some((Path::new("shop.toml"), &config));
        let cure = check(&scene)[0].cure[0].to_string();
        assert!(cure.contains(r#"ATTRS{idProduct}=="9999""#) && cure.contains(LOCAL_RULES));
    }

    #[test]
    fn a_name_that_changed_is_replaced_by_one_that_lasts() {
        let tree = Tree::new().link("/dev/serial/by-id/usb-FTDI_A1-if00-port0", "../../ttyUSB1");
        let system = tree.system();
        let mut scene = scene(&system);
        let config = one(Role::Stripe, "msr605", "serial:/dev/ttyUSB0");
        scene.config = Some((Path::new("shop.toml"), &config));
        let findings = check(&scene);
        assert_eq!(findings[0].code, "serial-name-changed");
        assert!(findings[0].cure[0].to_string().ends_with(
            " devices --config shop.toml --assign \
             stripe=serial:/dev/serial/by-id/usb-FTDI_A1-if00-port0"
        ));
        let tree = tree.link("/dev/serial/by-id/usb-FTDI_B2-if00-port0", "../../ttyUSB2");
        let system = tree.system();
        scene.system = &system;
        assert!(check(&scene)[0].by_hand.as_ref().unwrap().contains("B2"), "which is for a person");
    }
}
