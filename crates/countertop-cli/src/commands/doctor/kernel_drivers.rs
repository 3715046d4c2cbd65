//! Drivers of the kernel that take a device before ours can.

use super::finding::Finding;
use super::modprobe::Settings;
use super::scene::Scene;
use crate::commands::udev_rules::MODPROBE;
use crate::system::{Step, interfaces};

const WHY: &str =
    "the module takes the device as soon as it is plugged in, and libusb finds it busy";

/// Looks for rivals of our drivers among those of the kernel.
pub(super) fn check(scene: &Scene<'_>) -> Vec<Finding> {
    let settings = Settings::read(scene.system);
    scene
        .known_usb()
        .filter_map(|(device, model)| {
            let rival = model.rival?;
            let about = format!("{} (usb {})", model.name, device.port());
            let kept_away = settings.keeps_away(rival);
            let bound = interfaces(device).iter().any(|it| it.driver.as_deref() == Some(rival));
            finding(scene, about, rival, kept_away, bound)
        })
        .collect()
}

fn finding(
    scene: &Scene<'_>,
    about: String,
    rival: &str,
    kept_away: bool,
    bound: bool,
) -> Option<Finding> {
    let install = super::udev::install(scene.user.as_ref());
    let remove = Step::root(["modprobe", "--remove", rival]);
    match (bound, kept_away) {
        (true, true) => {
            let found = format!("the kernel module {rival} holds it");
            Some(Finding::problem("held-by-kernel", about, found, WHY).cured_by([remove]))
        }
        (true, false) => {
            let found = format!("the kernel module {rival} holds it, and nothing keeps it away");
            let finding = Finding::problem("held-by-kernel", about, found, WHY);
            Some(finding.cured_by([install, remove]))
        }
        (false, false) => {
            let found = format!("nothing in {MODPROBE} keeps the kernel module {rival} away");
            let finding = Finding::problem("rival-not-kept-away", about, found, WHY);
            Some(finding.cured_by([install]))
        }
        (false, true) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::super::scene::tests::scene;
    use super::*;
    use crate::system::tests::Tree;

    fn tree(driver: Option<&str>) -> Tree {
        Tree::new().usb("1-2", 0x04e6, 0x5591, &[(0xff, driver)])
    }

    #[test]
    fn a_rival_that_holds_the_device_is_removed_and_kept_away() {
        let tree = tree(Some("pn533_usb"));
        let findings = check(&scene(&tree.system()));
        assert_eq!(findings.len(), 1);
        assert_eq!(findings[0].code, "held-by-kernel");
        assert_eq!(findings[0].about, "SCM SCL3711 (usb 1-2)");
        let cure: Vec<_> = findings[0].cure.iter().map(ToString::to_string).collect();
        assert!(cure[0].ends_with("udev-rules --install"), "{cure:?}");
        assert_eq!(cure[1], "sudo modprobe --remove pn533_usb");
    }

    #[test]
    fn anybodys_blacklist_will_do() {
        let tree = tree(None).file("/etc/modprobe.d/nfc.conf", "blacklist pn533-usb\n");
        assert!(check(&scene(&tree.system())).is_empty());
        let tree =
            self::tree(Some("pn533_usb")).file("/etc/modprobe.d/nfc.conf", "blacklist pn533_usb\n");
        assert_eq!(check(&scene(&tree.system()))[0].cure.len(), 1);
    }

    #[test]
    fn what_is_not_plugged_in_needs_nothing() {
        let tree = Tree::new().usb("1-2", 0x1234, 0x5678, &[(3, Some("usbhid"))]);
        assert!(check(&scene(&tree.system())).is_empty());
    }
}
