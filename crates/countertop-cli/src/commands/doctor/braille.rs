//! brltty, the driver of Braille displays, which takes serial adapters that such displays use too.

use countertop_device::NodeKind;

use super::finding::Finding;
use super::scene::Scene;
use crate::system::interfaces;

/// Looks for serial adapters that brltty has taken through libusb, so that they have no node.
pub(super) fn check(scene: &Scene<'_>) -> Vec<Finding> {
    let running = scene.system.processes_named("brltty");
    let Some(process) = running.first() else { return Vec::new() };
    let adapters = scene.usb.iter().filter(|device| scene.knows(device, NodeKind::Serial));
    let taken = adapters.filter(|device| {
        interfaces(device).iter().any(|interface| interface.driver.as_deref() == Some("usbfs"))
    });
    taken
        .map(|device| {
            let about = format!("{} (usb {})", device.name, device.port());
            let found = format!("{process} has taken it for a Braille display");
            let why = "it takes the adapter from its kernel driver, and /dev/ttyUSB goes away";
            // Who needs the display must not lose it by a yes to everything.
            let by_hand = "if nobody needs a Braille display here: `sudo apt-get remove brltty`";
            Finding::problem("brltty-takes-adapter", about, found, why).by_hand(by_hand)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::super::scene::tests::scene;
    use super::*;
    use crate::system::tests::Tree;

    #[test]
    fn only_an_adapter_that_was_taken_is_told_of() {
        let taken = || Tree::new().usb("1-2", 0x0403, 0x6001, &[(0xff, Some("usbfs"))]);
        assert!(check(&scene(&taken().system())).is_empty(), "some other program has it");
        let tree = taken().process(9, "brltty");
        let findings = check(&scene(&tree.system()));
        assert_eq!(findings[0].code, "brltty-takes-adapter");
        assert!(findings[0].cure.is_empty() && findings[0].by_hand.is_some());
        let tree = Tree::new()
            .usb("1-2", 0x0403, 0x6001, &[(0xff, Some("ftdi_sio"))])
            .process(9, "brltty");
        assert!(check(&scene(&tree.system())).is_empty());
    }
}
