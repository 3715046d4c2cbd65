//! Devices that another program has open, and locks that programs left.

use countertop_device::Selector;

use super::finding::Finding;
use super::scene::Scene;
use crate::system::{Process, Step, System, interfaces};

/// Printer (USB printer class 1.1, 4.2.1).
const CLASS_PRINTER: u8 = 0x07;
/// Where programs lock serial lines (FHS 3.0, 5.9): `LCK..ttyS0`, with a process id in it.
const LOCKS: &str = "/run/lock";

/// Looks for holders of devices and for locks without a holder.
pub(super) fn check(scene: &Scene<'_>) -> Vec<Finding> {
    let mut findings: Vec<_> =
        nodes(scene).into_iter().filter_map(|(about, node)| held(scene, about, &node)).collect();
    findings.extend(usblp(scene));
    findings.extend(left_locks(scene.system));
    findings
}

/// Lists the nodes of the configured devices. Keyboards are left out: the screen has each open, and
/// a grab takes them from it.
fn nodes(scene: &Scene<'_>) -> Vec<(String, String)> {
    let node = |selector: &Selector| match selector {
        Selector::Serial(path) | Selector::Hidraw(path) | Selector::Usblp(path) => {
            Some(path.clone())
        }
        _ => None,
    };
    let configured = scene.configured().filter_map(|device| {
        let of_listing = device.listing.and_then(|listing| listing.node.clone());
        let keys = matches!(device.selector, Some(Selector::Evdev(_)));
        let node = of_listing.or_else(|| node(device.selector?)).filter(|_| !keys)?;
        Some((format!("{} at {node}", device.role), node))
    });
    configured.collect()
}

fn held(scene: &Scene<'_>, about: String, node: &str) -> Option<Finding> {
    let holders = scene.system.holders(real(scene.system, node));
    // pcscd has findings of its own, and another terminal of ours is no rival.
    let mut rivals =
        holders.iter().filter(|it| !["pcscd", "countertop"].contains(&it.name.as_str()));
    let rival = rivals.next()?;
    Some(taken("device-held", about, rival))
}

fn real(system: &System, node: &str) -> String {
    let target = system.link(node);
    let name = target.as_deref().and_then(|it| it.file_name()?.to_str());
    name.map_or_else(|| node.to_owned(), |name| format!("/dev/{name}"))
}

fn taken(code: &'static str, about: String, rival: &Process) -> Finding {
    let why = "two programs mix up each other's bytes, or the later one finds the device busy";
    let finding = Finding::problem(code, about, format!("{rival} has it open"), why);
    finding.cured_by([super::pcsc::end(core::slice::from_ref(rival))])
}

/// Looks at the printers of the kernel's usblp. Our driver detaches it and gives it back; a program
/// that prints there is another matter.
fn usblp(scene: &Scene<'_>) -> Vec<Finding> {
    let mut found = Vec::new();
    for device in &scene.usb {
        let mut own = interfaces(device).into_iter();
        let bound =
            own.find(|it| it.class == CLASS_PRINTER && it.driver.as_deref() == Some("usblp"));
        let Some(interface) = bound else { continue };
        let about = format!("{} (usb {})", device.name, device.port());
        let folder = device.path.join(interface.name).join("usbmisc");
        let names = std::fs::read_dir(folder).into_iter().flatten().filter_map(Result::ok);
        let nodes = names.map(|entry| format!("/dev/usb/{}", entry.file_name().to_string_lossy()));
        let rival =
            nodes.flat_map(|node| scene.system.holders(node)).find(|it| it.name != "countertop");
        found.push(match rival {
            Some(rival) => taken("printer-held", about, &rival),
            None => Finding::notice(
                "usblp-has-printer",
                about,
                "the kernel's usblp has it",
                "nothing to do: the driver takes it over while it prints and gives it back",
            ),
        });
    }
    found
}

/// Looks for locks of processes that have ended.
fn left_locks(system: &System) -> impl Iterator<Item = Finding> {
    let names = system.entries(LOCKS).into_iter().filter(|name| name.starts_with("LCK.."));
    names.filter_map(|name| {
        let path = format!("{LOCKS}/{name}");
        let id: u32 = system.read(&path)?.split_whitespace().next()?.parse().ok()?;
        if system.process(id).is_some() {
            return None;
        }
        let found = format!("process {id}, which made it, has ended");
        let why = "programs that heed such locks refuse to open the serial line";
        let finding = Finding::problem("lock-left", &path, found, why);
        Some(finding.cured_by([Step::root(["rm", &path])]))
    })
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use countertop_hub::Role;

    use super::super::scene::tests::{one, scene};
    use super::*;
    use crate::system::tests::Tree;

    #[test]
    fn a_configured_device_that_is_open_elsewhere_is_told() {
        let tree = Tree::new()
            .process(7, "minicom")
            .link("/proc/7/fd/3", "/dev/ttyUSB0")
            .link("/dev/serial/by-id/usb-A", "../../ttyUSB0");
        let system = tree.system();
        let mut scene = scene(&system);
        assert!(check(&scene).is_empty());
        let at = ["/dev/ttyUSB0", "/dev/serial/by-id/usb-A"];
        let configs = at.map(|path| one(Role::Stripe, "msr605", &format!("serial:{path}")));
        for config in &configs {
            scene.config = Some((Path::new("shop.toml"), config));
            let findings = check(&scene);
            assert_eq!(findings[0].code, "device-held");
            assert_eq!(findings[0].found, "minicom (process 7) has it open");
        }
    }

    #[test]
    fn usblp_is_a_rival_only_with_a_program() {
        let lp0 = "/sys/devices/pci0000:00/0000:00:14.0/usb1/1-2/1-2:1.0/usbmisc/lp0";
        let tree = Tree::new().usb("1-2", 0x04b8, 0x0e15, &[(7, Some("usblp"))]).folder(lp0);
        let findings = check(&scene(&tree.system()));
        assert_eq!(findings[0].code, "usblp-has-printer");
        assert_eq!(findings[0].severity, super::super::finding::Severity::Notice);
        let tree = tree.process(8, "usb").link("/proc/8/fd/3", "/dev/usb/lp0");
        let findings = check(&scene(&tree.system()));
        assert_eq!(findings[0].code, "printer-held");
        assert!(findings[0].cure[0].to_string().contains("kill 8"), "{findings:?}");
    }

    #[test]
    fn a_lock_counts_while_its_process_lives() {
        let tree = Tree::new()
            .process(7, "minicom")
            .file("/run/lock/LCK..ttyUSB0", "         7\n")
            .file("/run/lock/LCK..ttyUSB1", "         8\n");
        let findings = check(&scene(&tree.system()));
        assert_eq!(findings.len(), 1);
        assert_eq!(findings[0].cure[0].to_string(), "sudo rm /run/lock/LCK..ttyUSB1");
    }
}
