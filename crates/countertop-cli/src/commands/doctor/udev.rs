//! Missing udev rules, group, membership.

use countertop::udev::{GROUP, RULES_FILE, rules};
use countertop_device::NodeKind;

use super::finding::Finding;
use super::scene::Scene;
use crate::commands::udev_rules::apply_steps;
use crate::system::{Right, Step, User};

/// Where udev looks for rules; of two files with one name the earlier folder's counts (udev(7)).
const FOLDERS: [&str; 5] = [
    "/etc/udev/rules.d",
    "/run/udev/rules.d",
    "/usr/local/lib/udev/rules.d",
    "/usr/lib/udev/rules.d",
    "/lib/udev/rules.d",
];

/// Looks for what keeps the user from opening device nodes.
pub(super) fn check(scene: &Scene<'_>) -> Vec<Finding> {
    let rules = rules_file(scene);
    // Until the rules are there, everything else follows from that.
    let applied = if rules.is_none() { not_applied(scene) } else { None };
    [group(scene), rules, applied, membership(scene), session(scene)]
        .into_iter()
        .flatten()
        .collect()
}

/// Returns the command that installs rules and group, for the user whom the doctor looks after.
pub(super) fn install(user: Option<&User>) -> Step {
    let base = ["udev-rules", "--install"];
    match user.filter(|user| !user.is_root()) {
        Some(user) => Step::countertop(true, base.into_iter().chain(["--user", &user.name])),
        None => Step::countertop(true, base),
    }
}

fn rules_file(scene: &Scene<'_>) -> Option<Finding> {
    let wanted = rules(scene.models.iter().copied());
    let paths = FOLDERS.iter().map(|folder| format!("{folder}/{RULES_FILE}"));
    let mut installed = paths.filter_map(|path| Some((scene.system.read(&path)?, path)));
    let finding = match installed.next() {
        Some((text, _)) if text == wanted => return None,
        Some((_, path)) => Finding::problem(
            "udev-rules-outdated",
            path,
            "the installed udev rules are those of another version",
            "devices that they do not name can be opened by root alone",
        ),
        None => Finding::problem(
            "udev-rules-missing",
            RULES_FILE,
            "the udev rules are not installed",
            "without them only root can open the devices, and ModemManager sends to serial readers",
        ),
    };
    Some(finding.cured_by([install(scene.user.as_ref())]))
}

fn group(scene: &Scene<'_>) -> Option<Finding> {
    if scene.system.group(GROUP).is_some() {
        return None;
    }
    let finding = Finding::problem(
        "group-missing",
        format!("group {GROUP}"),
        "there is no such group",
        "udev gives the devices to this group; without it they stay with root",
    );
    Some(finding.cured_by([install(scene.user.as_ref())]))
}

/// Nodes whose group is another one although the rules are there: they were made before.
fn not_applied(scene: &Scene<'_>) -> Option<Finding> {
    let wrong = |node: &str| {
        let node = scene.system.node(node)?;
        (node.group != GROUP).then(|| format!("{} ({})", node.path, node.group))
    };
    let nodes = scene.listings.iter().filter_map(|listing| {
        let node = listing.node.as_deref()?;
        covered(scene, node).then(|| wrong(node)).flatten()
    });
    let nodes: Vec<_> = nodes.collect();
    if nodes.is_empty() {
        return None;
    }
    let finding = Finding::problem(
        "udev-rules-not-applied",
        nodes.join(", "),
        format!("the nodes belong to another group than {GROUP}, although the rules are installed"),
        "the rules came after the devices; only root can open them",
    );
    Some(match scene.system.exists("/run/udev/control") {
        true => finding.cured_by(apply_steps()),
        false => finding.by_hand("udev does not run here: start it, then plug the devices again"),
    })
}

/// Tells whether the rules name the device behind a node: the USB device itself, or what hangs on it.
fn covered(scene: &Scene<'_>, node: &str) -> bool {
    let known = |kind: NodeKind, class: &str| {
        let name = node.rsplit('/').next().unwrap_or_default();
        let device = scene.system.path(format!("/sys/class/{class}/{name}/device"));
        let device = countertop_transport::sysfs::UsbParent::of(&device);
        device.is_some_and(|device| scene.knows(&device, kind))
    };
    match node.trim_start_matches("/dev/") {
        it if it.starts_with("hidraw") => known(NodeKind::Hidraw, "hidraw"),
        it if it.starts_with("input/") => known(NodeKind::Evdev, "input"),
        it if it.starts_with("tty") => known(NodeKind::Serial, "tty"),
        it if it.starts_with("usb/lp") => known(NodeKind::Usblp, "usbmisc"),
        _ => {
            scene.known_usb().any(|(usb, model)| model.node == NodeKind::Usb && usb.node() == node)
        }
    }
}

fn membership(scene: &Scene<'_>) -> Option<Finding> {
    let user = scene.user.as_ref().filter(|user| !user.is_root())?;
    let group = scene.system.group(GROUP)?;
    if user.groups.contains(&group) {
        return None;
    }
    let why = "the group may open the devices; others may only while they sit at the screen";
    let found = format!("{} is not in the group {GROUP}", user.name);
    let finding = match opens_everything(scene, user) {
        true => Finding::notice("group-membership", &user.name, found, why),
        false => Finding::problem("group-membership", &user.name, found, why),
    };
    let join = Step::root(["usermod", "--append", "--groups", GROUP, &user.name]);
    Some(finding.cured_by([join]).by_hand("sign out and in again afterwards"))
}

/// Tells whether there are nodes, and the user may open each.
fn opens_everything(scene: &Scene<'_>, user: &User) -> bool {
    let nodes = scene.listings.iter().filter_map(|it| scene.system.node(it.node.as_deref()?));
    let rights: Vec<_> = nodes.map(|node| node.right(user)).collect();
    !rights.is_empty() && !rights.contains(&Right::None)
}

/// A membership that began after signing in does not count yet.
fn session(scene: &Scene<'_>) -> Option<Finding> {
    let user = scene.user.as_ref().filter(|user| !user.is_root())?;
    let group = scene.system.group(GROUP).filter(|group| user.groups.contains(group))?;
    let session = User::current(scene.system).filter(|session| session.id == user.id)?;
    if session.groups.contains(&group) {
        return None;
    }
    let finding = Finding::problem(
        "session-before-membership",
        &user.name,
        format!("{} joined the group {GROUP} after signing in", user.name),
        "a session keeps the groups that it began with",
    );
    Some(finding.by_hand("sign out and in again"))
}

#[cfg(test)]
mod tests {
    use super::super::scene::tests::scene;
    use super::*;
    use crate::system::tests::Tree;

    const PASSWD: &str = "root:x:0:0::/root:/bin/sh\nann:x:1000:1000::/home/ann:/bin/sh\n";

    fn codes(scene: &Scene<'_>) -> Vec<&'static str> {
        check(scene).iter().map(|finding| finding.code).collect()
    }

    #[test]
    fn nothing_is_missing_where_all_is_installed() {
        let tree =
            Tree::new().file("/etc/group", "countertop:x:990:ann\n").file("/etc/passwd", PASSWD);
        let system = tree.system();
        let mut scene = scene(&system);
        scene.user = User::named(&system, "ann");
        let text = rules(scene.models.iter().copied());
        assert_eq!(codes(&scene), ["udev-rules-missing"]);
        system.write("/usr/lib/udev/rules.d/70-countertop.rules", &text).unwrap();
        assert!(codes(&scene).is_empty());
        // A file of the administrator hides it.
        system.write("/etc/udev/rules.d/70-countertop.rules", "# nothing\n").unwrap();
        assert_eq!(codes(&scene), ["udev-rules-outdated"]);
    }

    #[test]
    fn the_cure_installs_for_the_user() {
        let tree = Tree::new().file("/etc/passwd", PASSWD);
        let system = tree.system();
        let mut scene = scene(&system);
        scene.user = User::named(&system, "ann");
        let findings = check(&scene);
        assert_eq!(findings[0].code, "group-missing");
        let cure = findings[0].cure[0].to_string();
        assert!(cure.starts_with("sudo ") && cure.ends_with(" udev-rules --install --user ann"));
    }

    #[test]
    fn a_user_outside_the_group_joins_it() {
        let tree =
            Tree::new().file("/etc/group", "countertop:x:990:\n").file("/etc/passwd", PASSWD);
        let system = tree.system();
        let mut scene = scene(&system);
        scene.user = User::named(&system, "ann");
        let findings = check(&scene);
        let finding = findings.iter().find(|it| it.code == "group-membership").unwrap();
        assert_eq!(finding.cure[0].to_string(), "sudo usermod --append --groups countertop ann");
        scene.user = User::named(&system, "root");
        assert!(!codes(&scene).contains(&"group-membership"));
    }

    #[test]
    fn a_session_from_before_the_membership_is_told() {
        let status = "Uid:\t1000\t1000\t1000\t1000\nGid:\t1000\t1000\t1000\t1000\nGroups:\t1000\n";
        let tree = Tree::new()
            .file("/etc/group", "countertop:x:990:ann\n")
            .file("/etc/passwd", PASSWD)
            .file("/proc/self/status", status);
        let system = tree.system();
        let mut scene = scene(&system);
        scene.user = User::named(&system, "ann");
        assert!(codes(&scene).contains(&"session-before-membership"));
    }

    #[test]
    fn nodes_that_came_before_the_rules_are_told() {
        let tree = Tree::new()
            .file("/etc/group", "countertop:x:990:\n")
            .file("/dev/bus/usb/001/004", "")
            .usb("1-2", 0x04e6, 0x5591, &[(0xff, None)]);
        let system = tree.system();
        let mut scene = scene(&system);
        let text = rules(scene.models.iter().copied());
        system.write("/etc/udev/rules.d/70-countertop.rules", &text).unwrap();
        let info =
            countertop_device::DeviceInfo::new("usb:04e6:5591".parse().unwrap(), "libnfc", "SCM");
        let access = countertop_device::Access::PermissionDenied;
        let listing = countertop_device::Listing::new(info, access);
        scene.listings = vec![listing.with_node("/dev/bus/usb/001/004")];
        let findings = check(&scene);
        assert_eq!(findings[0].code, "udev-rules-not-applied");
        assert!(findings[0].about.starts_with("/dev/bus/usb/001/004"), "{findings:?}");
    }
}
