//! The service of chip card readers, where it holds a contactless reader that libnfc is to drive.

use countertop_device::{NodeKind, Selector};
use countertop_transport::sysfs::UsbParent;

use super::finding::Finding;
use super::pcsc::{end, restart};
use super::scene::Scene;
use crate::system::Step;

const WHY: &str = "only one of pcscd and libnfc can have the reader, and pcscd is there first";
/// Where pcscd is told of readers that are not found by themselves.
const READERS: &str = "/etc/reader.conf.d";

/// Looks for readers that pcscd holds and libnfc is to drive.
pub(super) fn check(scene: &Scene<'_>) -> Vec<Finding> {
    if !scene.uses_driver("libnfc") {
        return Vec::new();
    }
    let held = scene.known_usb().filter(|(_, model)| model.node == NodeKind::Usb);
    let held = held.filter(|(device, _)| is_libnfc(scene, device));
    held.filter_map(|(device, _)| holds(scene, device)).chain(ifdnfc(scene)).collect()
}

fn is_libnfc(scene: &Scene<'_>, device: &UsbParent) -> bool {
    scene.models.iter().any(|(driver, model)| {
        *driver == "libnfc" && (model.vendor, model.product) == (device.vendor, device.product)
    })
}

fn holds(scene: &Scene<'_>, device: &UsbParent) -> Option<Finding> {
    let holders = scene.system.holders(device.node());
    let pcscd: Vec<_> = holders.into_iter().filter(|it| it.name == "pcscd").collect();
    let first = pcscd.first()?;
    let about = format!("{} (usb {})", device.name, device.port());
    let finding = Finding::problem("pcscd-holds-nfc", about, format!("{first} holds it"), WHY);
    let name = plain(&device.name);
    let ignore = format!("PCSCLITE_FILTER_IGNORE_READER_NAMES=\"{name}\"");
    Some(match (scene.system.has_systemd(), scene.uses_driver("pcsc")) {
        // An empty name would have pcscd ignore every reader.
        (_, true) if name.is_empty() => {
            finding.by_hand("let pcscd ignore it: PCSCLITE_FILTER_IGNORE_READER_NAMES in pcscd(8)")
        }
        (true, true) => {
            let add = format!("echo '{ignore}' >> /etc/default/pcscd");
            let add = Step::root(["sh", "-c", &add]);
            finding.cured_by([add]).cured_by(restart(scene.system))
        }
        (true, false) => {
            let units = ["systemctl", "disable", "--now", "pcscd.socket", "pcscd.service"];
            finding.cured_by([Step::root(units)])
        }
        (false, false) => finding.cured_by([end(&pcscd)]),
        (false, true) => finding.cured_by([end(&pcscd), Step::root(["env", &ignore, "pcscd"])]),
    })
}

/// A device names itself, and may do so to get into a shell or a service's environment. pcscd takes
/// part of a name for the whole.
fn plain(name: &str) -> &str {
    let fits = |it: char| it.is_ascii_alphanumeric() || " -_.".contains(it);
    name.split(|it| !fits(it)).map(str::trim).max_by_key(|part| part.len()).unwrap_or_default()
}

/// The driver ifdnfc makes pcscd open the reader that libnfc finds first.
fn ifdnfc(scene: &Scene<'_>) -> Option<Finding> {
    let files = scene.system.entries(READERS).into_iter().map(|name| format!("{READERS}/{name}"));
    let mentions = |path: &String| {
        let text = scene.system.read(path).unwrap_or_default();
        text.lines().any(|line| !line.trim_start().starts_with('#') && line.contains("ifdnfc"))
    };
    let path = files.into_iter().find(mentions)?;
    let contactless = scene.configured().find(|it| matches!(it.selector, Some(Selector::Nfc(_))));
    let about = contactless.map_or_else(|| "libnfc".into(), |it| it.role.name().to_owned());
    let found = format!("{path} makes pcscd open libnfc's reader through ifdnfc");
    let away = Step::root(["mv", &path, "/etc/reader.conf.ifdnfc-disabled"]);
    let finding = Finding::problem("ifdnfc-holds-nfc", about, found, WHY);
    Some(finding.cured_by([away]).cured_by(restart(scene.system)))
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use countertop_hub::{DeviceConfig, Role};

    use super::super::scene::tests::{one, scene};
    use super::*;
    use crate::system::tests::Tree;

    fn held() -> Tree {
        Tree::new()
            .usb("1-2", 0x04e6, 0x5591, &[(0xff, Some("usbfs"))])
            .process(5, "pcscd")
            .link("/proc/5/fd/9", "/dev/bus/usb/001/004")
    }

    fn found(tree: &Tree, chip: bool) -> Vec<Finding> {
        let system = tree.system();
        let mut scene = scene(&system);
        let mut config = one(Role::Contactless, "libnfc", "nfc:pn53x_usb");
        if chip {
            config = config.with(Role::Chip, DeviceConfig::new("pcsc", "pcsc:A".parse().unwrap()));
        }
        scene.config = Some((Path::new("shop.toml"), &config));
        check(&scene)
    }

    #[test]
    fn pcscd_lets_the_reader_go() {
        let tree = held().folder("/run/systemd/system");
        let findings = found(&tree, true);
        assert_eq!(findings[0].code, "pcscd-holds-nfc");
        let cure = findings[0].cure[0].to_string();
        assert!(cure.contains("PCSCLITE_FILTER_IGNORE_READER_NAMES"), "{cure}");
        let cure = found(&tree, false)[0].cure[0].to_string();
        assert_eq!(cure, "sudo systemctl disable --now pcscd.socket pcscd.service");
        assert_eq!(found(&held(), false)[0].cure.len(), 1);
    }

    #[test]
    fn a_name_cannot_break_out() {
        assert_eq!(plain("ACS ACR122U PICC"), "ACS ACR122U PICC");
        assert_eq!(plain("x'; rm -rf /; '"), "rm -rf");
        assert_eq!(plain("A\"\nLD_PRELOAD=/tmp/x"), "LD_PRELOAD");
        assert_eq!(plain("\n'\""), "");
    }

    #[test]
    fn ifdnfc_is_put_away() {
        let tree = Tree::new()
            .file("/etc/reader.conf.d/libvpcd", "FRIENDLYNAME \"Virtual\"\n")
            .file("/etc/reader.conf.d/nfc", "LIBPATH /usr/lib/pcsc/drivers/serial/libifdnfc.so\n");
        let findings = found(&tree, true);
        assert_eq!((findings.len(), findings[0].code), (1, "ifdnfc-holds-nfc"));
        assert_eq!(findings[0].about, "contactless");
    }

    #[test]
    fn who_has_no_libnfc_does_not_mind() {
        assert!(check(&scene(&held().system())).is_empty());
    }
}
