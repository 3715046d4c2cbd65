//! What is attached, and how it differs from what was.

use std::collections::BTreeMap;
use std::path::PathBuf;

use countertop_device::{Access, DeviceInfo, Listing};

/// Remembers each driver's list.
#[derive(Debug, Default)]
pub(crate) struct Attached(BTreeMap<&'static str, Vec<Listing>>);

/// Is what a new list says of one device.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Difference {
    Arrived(DeviceInfo),
    Departed(DeviceInfo),
}

impl Attached {
    /// Takes a driver's new list and returns the differences, departures first.
    ///
    /// `left` are nodes of which the kernel said that they left since the last list: a device that
    /// has such a node is another one now, even where the list shows no difference.
    pub(crate) fn update(
        &mut self,
        driver: &'static str,
        now: Vec<Listing>,
        left: &[PathBuf],
    ) -> Vec<Difference> {
        let before = self.0.entry(driver).or_default();
        let stays =
            |listing: &Listing| now.iter().any(|it| same(it, listing)) && !has_node(listing, left);
        let departed = before.iter().filter(|it| !stays(it)).map(|it| it.info.clone());
        let mut differences: Vec<_> = departed.map(Difference::Departed).collect();
        let was = |listing: &Listing| {
            before.iter().any(|it| {
                let opened_up =
                    it.access != Access::Accessible && listing.access == Access::Accessible;
                same(it, listing) && !has_node(it, left) && !opened_up
            })
        };
        let arrived = now.iter().filter(|it| !was(it)).map(|it| it.info.clone());
        differences.extend(arrived.map(Difference::Arrived));
        *before = now;
        differences
    }

    /// Returns all that is attached, driver by driver.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &Listing> {
        self.0.values().flatten()
    }
}

/// What a device is called may change while it is used, by the kernel's driver that holds it.
fn same(one: &Listing, other: &Listing) -> bool {
    let key = |it: &Listing| {
        let DeviceInfo { selector, identity, place, .. } = it.info.clone();
        (selector, identity, place, it.node.clone())
    };
    key(one) == key(other)
}

fn has_node(listing: &Listing, nodes: &[PathBuf]) -> bool {
    listing.node.as_ref().is_some_and(|node| nodes.iter().any(|it| it.as_os_str() == node.as_str()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn listing(node: &str, access: Access) -> Listing {
        let selector = format!("hidraw:{node}").parse().unwrap();
        Listing::new(DeviceInfo::new(selector, "magtek", node), access).with_node(node)
    }

    fn differences(attached: &mut Attached, now: &[Listing], left: &[&str]) -> Vec<String> {
        let left: Vec<_> = left.iter().map(PathBuf::from).collect();
        let differences = attached.update("magtek", now.to_vec(), &left).into_iter();
        differences
            .map(|it| match it {
                Difference::Arrived(info) => format!("+{}", info.model),
                Difference::Departed(info) => format!("-{}", info.model),
            })
            .collect()
    }

    #[test]
    fn tells_who_came_and_who_left() {
        let both = [listing("1", Access::Accessible), listing("2", Access::Accessible)];
        let mut attached = Attached::default();
        assert_eq!(differences(&mut attached, &both, &[]), ["+1", "+2"]);
        assert_eq!(differences(&mut attached, &both[1..], &[]), ["-1"]);
        assert_eq!(differences(&mut attached, &both[1..], &[]), [""; 0]);
        assert_eq!(differences(&mut attached, &both[..1], &[]), ["-2", "+1"]);
        assert_eq!(attached.iter().count(), 1);
    }

    #[test]
    fn a_device_that_left_and_came_back_meanwhile_is_another_one() {
        let one = [listing("1", Access::Accessible)];
        let mut attached = Attached::default();
        differences(&mut attached, &one, &[]);
        assert_eq!(differences(&mut attached, &one, &["1"]), ["-1", "+1"]);
    }

    #[test]
    fn another_name_makes_no_other_device() {
        let mut attached = Attached::default();
        differences(&mut attached, &[listing("1", Access::Accessible)], &[]);
        let mut named = listing("1", Access::Accessible);
        named.info.model = "1, also at usblp:/dev/usb/lp0".into();
        assert_eq!(differences(&mut attached, &[named], &[]), [""; 0]);
    }

    #[test]
    fn a_device_that_may_be_opened_now_arrives_again() {
        let mut attached = Attached::default();
        let denied = listing("1", Access::PermissionDenied);
        assert_eq!(differences(&mut attached, &[denied], &[]), ["+1"]);
        let open = listing("1", Access::Accessible);
        assert_eq!(differences(&mut attached, &[open], &[]), ["+1"]);
    }
}
