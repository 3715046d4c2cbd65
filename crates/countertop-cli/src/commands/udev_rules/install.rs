//! Putting the rules where udev and modprobe look for them.

use std::io;

use countertop::udev::{GROUP, modprobe, rules};

use crate::system::{Step, System, User};

/// Where the administrator's udev rules are (udev(7)).
const RULES: &str = "/etc/udev/rules.d/70-countertop.rules";

/// Where the administrator's settings of modprobe are (modprobe.d(5)).
pub(crate) const MODPROBE: &str = "/etc/modprobe.d/countertop.conf";

/// Installs rules, modprobe's list and the group, makes `user` a member, and has udev apply the
/// rules. What is there already stays. Returns what was done, a line each.
pub(super) fn install(system: &System, user: Option<&str>) -> io::Result<Vec<String>> {
    let registry = countertop::registry();
    let mut done = Vec::new();
    // The group comes first: udev warns of rules that name one which is not there.
    if system.group(GROUP).is_none() {
        system.run(&Step::root(["groupadd", "--system", "--force", GROUP]))?;
        done.push(format!("created the group {GROUP}"));
    }
    done.extend(put(system, RULES, &rules(registry.models()))?);
    done.extend(put(system, MODPROBE, &modprobe(registry.models()))?);
    done.extend(join(system, user)?);
    done.push(apply(system)?);
    Ok(done)
}

/// Takes rules and modprobe's list away and has udev forget them. The group stays, with its members.
pub(super) fn uninstall(system: &System) -> io::Result<Vec<String>> {
    let mut done = Vec::new();
    for path in [RULES, MODPROBE] {
        if system.exists(path) {
            system.remove(path)?;
            done.push(format!("removed {path}"));
        }
    }
    done.push(apply(system)?);
    done.push(format!("the group {GROUP} stays; `sudo groupdel {GROUP}` removes it"));
    Ok(done)
}

fn put(system: &System, path: &str, text: &str) -> io::Result<Option<String>> {
    if system.read(path).as_deref() == Some(text) {
        return Ok(None);
    }
    system.write(path, text)?;
    Ok(Some(format!("wrote {path}")))
}

fn join(system: &System, user: Option<&str>) -> io::Result<Option<String>> {
    let Some(name) = user else { return Ok(None) };
    let member = User::named(system, name).zip(system.group(GROUP));
    if member.is_some_and(|(user, group)| user.groups.contains(&group)) {
        return Ok(None);
    }
    system.run(&Step::root(["usermod", "--append", "--groups", GROUP, name]))?;
    Ok(Some(format!("{name} is in the group {GROUP} from the next sign-in on")))
}

/// Has udev read the rules again and apply them to what is attached.
fn apply(system: &System) -> io::Result<String> {
    if !system.exists("/run/udev/control") {
        return Ok("udev does not run here: nothing to apply the rules".into());
    }
    for step in apply_steps() {
        system.run(&step)?;
    }
    Ok("udev applies the rules to what is attached".into())
}

/// Returns the commands that have udev read the rules again and apply them. Of terminals and input
/// devices only the nodes that the rules are about are told: a computer has some hundred others.
pub(crate) fn apply_steps() -> [Step; 4] {
    let trigger = |subsystems: &[&str], names: &[&str]| {
        let subsystems = subsystems.iter().map(|it| format!("--subsystem-match={it}"));
        let names = names.iter().map(|it| format!("--sysname-match={it}"));
        let words = ["udevadm", "trigger"].map(String::from).into_iter();
        Step::root(words.chain(subsystems).chain(names))
    };
    [
        Step::root(["udevadm", "control", "--reload"]),
        trigger(&["usb", "usbmisc", "hidraw"], &[]),
        trigger(&["tty", "input"], &["ttyUSB*", "ttyACM*", "event*"]),
        Step::root(["udevadm", "settle", "--timeout=30"]),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::system::tests::Tree;

    #[test]
    fn installing_creates_what_is_missing_and_twice_changes_nothing() {
        let tree = Tree::new().file("/run/udev/control", "").file("/etc/group", "root:x:0:\n");
        install(&tree.system(), Some("ann")).unwrap();
        let commands = tree.commands();
        assert_eq!(commands[0], "sudo groupadd --system --force countertop");
        assert_eq!(commands[1], "sudo usermod --append --groups countertop ann");
        assert_eq!(commands[2], "sudo udevadm control --reload");
        let lines = "'--sysname-match=ttyUSB*' '--sysname-match=ttyACM*' '--sysname-match=event*'";
        assert!(commands[4].ends_with(lines), "{commands:?}");
        assert_eq!(commands.len(), 6);
        assert!(tree.system().read(RULES).unwrap().contains("GROUP=\"countertop\""));
        assert!(tree.system().exists(MODPROBE));

        let tree = tree
            .file("/etc/group", "countertop:x:990:ann\n")
            .file("/etc/passwd", "ann:x:1000:1000::/home/ann:/bin/sh\n");
        let done = install(&tree.system(), Some("ann")).unwrap();
        assert_eq!(done, ["udev applies the rules to what is attached"]);
    }

    #[test]
    fn uninstalling_leaves_no_file() {
        let tree = Tree::new().file(RULES, "x").file(MODPROBE, "y");
        let done = uninstall(&tree.system()).unwrap();
        assert!(!tree.system().exists(RULES) && !tree.system().exists(MODPROBE), "{done:?}");
        assert_eq!(done.len(), 4);
        assert_eq!(uninstall(&tree.system()).unwrap().len(), 2);
    }
}
