//! A device that is attached, with all that is known of it.

use countertop_device::{Access, DeviceError, Identity, Listing, Selector};
use countertop_hub::{Hub, Role};
use serde::Serialize;

use crate::system::{Node, Process, Right, System, User};

/// Is a device that is attached.
#[derive(Debug, Serialize)]
pub(super) struct Device {
    pub(super) model: String,
    pub(super) selector: Selector,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) identity: Option<Identity>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) place: Option<Identity>,
    /// The drivers that could take it.
    pub(super) drivers: Vec<String>,
    /// The role that the configuration gives it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) role: Option<Role>,
    pub(super) access: Access,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) node: Option<Node>,
    /// Whether and why this user may open the node.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) right: Option<Right>,
    /// The processes that have it, as far as this user may see.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) held_by: Vec<Process>,
}

/// Is a driver that cannot list its devices.
#[derive(Debug, Serialize)]
pub(super) struct Unlisted {
    pub(super) driver: &'static str,
    pub(super) error: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) help: Option<String>,
}

impl Unlisted {
    pub(super) fn new(driver: &'static str, error: &DeviceError) -> Self {
        Self { driver, error: error.to_string(), help: error.help().map(String::from) }
    }
}

/// Puts the drivers' lists together: a device is told of once, with all drivers that list it.
pub(super) fn describe(system: &System, hub: &Hub, listings: &[Listing]) -> Vec<Device> {
    let user = User::current(system);
    let mut devices: Vec<Device> = Vec::new();
    for listing in listings {
        let info = &listing.info;
        let role = hub.role_of(info);
        let same = |it: &&mut Device| it.selector == info.selector && it.place == info.place;
        if let Some(device) = devices.iter_mut().find(same) {
            device.drivers.push(info.driver.clone());
            device.role = device.role.or(role);
        } else {
            devices.push(one(system, listing, role, user.as_ref()));
        }
    }
    devices
}

fn one(system: &System, listing: &Listing, role: Option<Role>, user: Option<&User>) -> Device {
    let info = listing.info.clone();
    let node = listing.node.as_deref().and_then(|path| system.node(path));
    let mut held_by = listing.node.as_deref().map(|path| system.holders(path)).unwrap_or_default();
    let names = [Some(info.selector.to_string()), info.identity.as_ref().map(ToString::to_string)];
    let claim = names.iter().flatten().find_map(|name| claimed_by(system, name));
    held_by
        .extend(claim.filter(|process| !held_by.contains(process)).into_iter().collect::<Vec<_>>());
    Device {
        model: info.model,
        selector: info.selector,
        identity: info.identity,
        place: info.place,
        drivers: vec![info.driver],
        role,
        access: listing.access,
        right: node.as_ref().zip(user).map(|(node, user)| node.right(user)),
        node,
        held_by,
    }
}

/// Finds the process that claimed a device: in a lock file of the hub, whose lines are process id,
/// program and device.
fn claimed_by(system: &System, device: &str) -> Option<Process> {
    const LOCKS: &str = "/run/lock";
    let names = system.entries(LOCKS).into_iter();
    let mut own = names.filter(|name| name.starts_with("countertop-") && name.ends_with(".lock"));
    own.find_map(|name| {
        let text = system.read(format!("{LOCKS}/{name}"))?;
        let mut lines = text.lines();
        let id = lines.next()?.trim().parse().ok()?;
        if lines.nth(1)? == device { system.process(id) } else { None }
    })
}

#[cfg(test)]
mod tests {
    use countertop_device::DeviceInfo;
    use countertop_hub::{DeviceConfig, DevicesConfig, Registry};

    use super::*;
    use crate::system::tests::Tree;

    fn listing(driver: &str) -> Listing {
        let identity = Some(Identity("0403:6001-s-1".into()));
        let info = DeviceInfo::new("serial:/dev/ttyUSB0".parse().unwrap(), driver, "FTDI");
        let info = info.with_identity(identity.clone(), identity);
        Listing::new(info, Access::Accessible).with_node("/dev/ttyUSB0")
    }

    #[test]
    fn what_several_drivers_list_is_one_device() {
        let tree = Tree::new()
            .file("/dev/ttyUSB0", "")
            .file("/proc/self/status", "Uid:\t0\t0\t0\t0\nGid:\t0\t0\t0\t0\nGroups:\t\n")
            .process(7, "minicom")
            .link("/proc/7/fd/3", "/dev/ttyUSB0");
        let config = DeviceConfig::by_identity("msr605", Identity("0403:6001-s-1".into()));
        let config = DevicesConfig::default().with(Role::Stripe, config);
        let hub = Hub::new(Registry::new(), config);
        let listings = [listing("serial-scanner"), listing("msr605")];
        let devices = describe(&tree.system(), &hub, &listings);
        assert_eq!(devices.len(), 1);
        assert_eq!(devices[0].drivers, ["serial-scanner", "msr605"]);
        assert_eq!(devices[0].role, Some(Role::Stripe));
        assert_eq!(devices[0].right, Some(Right::Root));
        assert_eq!(devices[0].held_by[0].name, "minicom");
    }

    #[test]
    fn a_claim_names_its_process() {
        let tree = Tree::new()
            .process(12, "countertop")
            .file("/run/lock/countertop-x.lock", "        12\ncountertop\n0403:6001-s-1\n");
        let system = tree.system();
        assert_eq!(claimed_by(&system, "0403:6001-s-1").unwrap().id, 12);
        assert_eq!(claimed_by(&system, "0403:6001-s-2"), None);
    }
}
