//! The service of chip card readers: absent, not running, masked, or there twice.

use super::finding::Finding;
use super::scene::Scene;
use crate::system::{Process, Step, System, interfaces};

/// Smart card reader (USB CCID 1.1, 4.2).
const CLASS_CCID: u8 = 0x0b;
/// Where programs find the service.
const SOCKET: &str = "/run/pcscd/pcscd.comm";
/// Where the service writes its process id.
const PID_FILE: &str = "/run/pcscd/pcscd.pid";
/// Where the service finds the drivers of USB readers.
const CCID_DRIVER: &str = "/usr/lib/pcsc/drivers/ifd-ccid.bundle";

const WHY: &str = "chip card readers are reached through the service pcscd alone";

/// Looks for what keeps chip card readers from working.
pub(super) fn check(scene: &Scene<'_>) -> Vec<Finding> {
    let running = scene.system.processes_named("pcscd");
    let mut findings: Vec<_> = twice(scene.system, &running).into_iter().collect();
    if is_needed(scene) {
        findings.extend(service(scene.system, &running));
        findings.extend(reader_driver(scene));
    }
    findings
}

fn is_needed(scene: &Scene<'_>) -> bool {
    scene.uses_driver("pcsc") || has_ccid_reader(scene)
}

fn has_ccid_reader(scene: &Scene<'_>) -> bool {
    scene.usb.iter().any(|usb| interfaces(usb).iter().any(|it| it.class == CLASS_CCID))
}

fn service(system: &System, running: &[Process]) -> Option<Finding> {
    if system.program("pcscd").is_none() {
        let finding = Finding::problem("pcscd-absent", "pcscd", "pcscd is not installed", WHY);
        let start = start(system);
        return Some(finding.cured_by(reinstall(system, "pcscd")).cured_by(start));
    }
    if let Some(unit) = masked(system) {
        let found = format!("systemd's unit {unit} is masked");
        let finding = Finding::problem("pcscd-masked", "pcscd", found, WHY);
        let unmask = Step::root(["systemctl", "unmask", unit]);
        return Some(finding.cured_by([unmask]).cured_by(start(system)));
    }
    // With systemd the service starts when somebody connects.
    let waits = system.has_systemd() && system.exists(SOCKET);
    if !running.is_empty() || waits {
        return None;
    }
    let finding = Finding::problem("pcscd-not-running", "pcscd", "pcscd does not run", WHY);
    Some(finding.cured_by(start(system)))
}

fn masked(system: &System) -> Option<&'static str> {
    ["pcscd.socket", "pcscd.service"].into_iter().find(|unit| {
        ["/etc", "/run"].iter().any(|folder| {
            let link = system.link(format!("{folder}/systemd/system/{unit}"));
            link.is_some_and(|target| target.as_os_str() == "/dev/null")
        })
    })
}

/// Returns the command that starts the service.
pub(super) fn start(system: &System) -> [Step; 1] {
    match system.has_systemd() {
        true => [Step::root(["systemctl", "enable", "--now", "pcscd.socket"])],
        false => [Step::root(["pcscd"])],
    }
}

/// Returns the command that installs a package, also where its files were lost.
pub(super) fn reinstall(system: &System, package: &str) -> Option<Step> {
    system
        .program("apt-get")
        .map(|_| Step::root(["apt-get", "install", "--yes", "--reinstall", package]))
}

/// Two services fight over the readers; clients see those of the later one.
fn twice(system: &System, running: &[Process]) -> Option<Finding> {
    if running.len() < 2 {
        return None;
    }
    let list: Vec<_> = running.iter().map(|it| it.id.to_string()).collect();
    let found = format!("pcscd runs {} times: processes {}", list.len(), list.join(", "));
    let why = "each holds the readers against the other; programs see only one of them";
    let finding = Finding::problem("pcscd-twice", "pcscd", found, why);
    // The first to end takes socket and process id of the other with it.
    let stop = Step::root(["systemctl", "stop", "pcscd.socket", "pcscd.service"]);
    let finding = finding.cured_by(system.has_systemd().then_some(stop));
    Some(finding.cured_by([end(running)]).cured_by(forget(system)).cured_by(start(system)))
}

/// Returns the command that ends processes and waits for their end. One that its parent has not fetched yet
/// holds nothing any more: it has no program.
pub(super) fn end(processes: &[Process]) -> Step {
    let ids: Vec<_> = processes.iter().map(|it| it.id.to_string()).collect();
    let ids = ids.join(" ");
    let script = format!(
        "kill {ids} 2>/dev/null; for try in $(seq 100); do sleep 0.1; \
         for id in {ids}; do [ -e /proc/$id/exe ] && continue 2; done; exit 0; done; exit 1"
    );
    Step::root(["sh", "-c", &script])
}

/// Socket and process id may have been left by one that was killed.
fn forget(system: &System) -> Option<Step> {
    let left = system.exists(SOCKET) || system.exists(PID_FILE);
    left.then(|| Step::root(["rm", "--force", SOCKET, PID_FILE]))
}

fn reader_driver(scene: &Scene<'_>) -> Option<Finding> {
    if !has_ccid_reader(scene) || scene.system.exists(CCID_DRIVER) {
        return None;
    }
    let found = format!("there is no {CCID_DRIVER}");
    let why = "pcscd needs this library to talk to USB readers; without it the list stays empty";
    let finding = Finding::problem("ccid-driver-absent", "libccid", found, why);
    Some(finding.cured_by(reinstall(scene.system, "libccid")).cured_by(restart(scene.system)))
}

/// Returns the commands that start the service anew, if it runs.
pub(super) fn restart(system: &System) -> Vec<Step> {
    if system.has_systemd() {
        return vec![Step::root(["systemctl", "try-restart", "pcscd.service"])];
    }
    let running = system.processes_named("pcscd");
    if running.is_empty() {
        return Vec::new();
    }
    vec![end(&running), Step::root(["pcscd"])]
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use countertop_hub::Role;

    use super::super::scene::tests::{one, scene};
    use super::*;
    use crate::system::tests::Tree;

    fn found(tree: &Tree) -> Vec<Finding> {
        let system = tree.system();
        let mut scene = scene(&system);
        let config = one(Role::Chip, "pcsc", "pcsc:ACS");
        scene.config = Some((Path::new("shop.toml"), &config));
        check(&scene)
    }

    fn cure(finding: &Finding) -> Vec<String> {
        finding.cure.iter().map(ToString::to_string).collect()
    }

    fn installed() -> Tree {
        Tree::new().file("/usr/sbin/pcscd", "").file("/usr/bin/apt-get", "")
    }

    #[test]
    fn it_is_installed_and_started() {
        let findings = found(&Tree::new().file("/usr/bin/apt-get", ""));
        assert_eq!(findings[0].code, "pcscd-absent");
        let install = "sudo apt-get install --yes --reinstall pcscd";
        assert_eq!(cure(&findings[0]), [install, "sudo pcscd"]);
        let findings = found(&installed());
        assert_eq!(findings[0].code, "pcscd-not-running");
        assert!(found(&installed().process(5, "pcscd")).is_empty());
    }

    #[test]
    fn systemd_starts_it_when_somebody_connects() {
        let tree = installed().folder("/run/systemd/system");
        let socket = "sudo systemctl enable --now pcscd.socket";
        assert_eq!(cure(&found(&tree)[0]), [socket]);
        let tree = tree.file(SOCKET, "");
        assert!(found(&tree).is_empty());
        let tree = tree.link("/etc/systemd/system/pcscd.socket", "/dev/null");
        let findings = found(&tree);
        assert_eq!(findings[0].code, "pcscd-masked");
        assert_eq!(cure(&findings[0]), ["sudo systemctl unmask pcscd.socket", socket]);
    }

    #[test]
    fn of_two_none_stays_and_one_is_started() {
        let tree = installed().process(5, "pcscd").process(9, "pcscd").file(PID_FILE, "9");
        let findings = found(&tree);
        assert_eq!(findings[0].code, "pcscd-twice");
        let cure = cure(&findings[0]);
        assert!(cure[0].contains("kill 5 9"), "{cure:?}");
        assert_eq!(cure[2], "sudo pcscd");
    }

    #[test]
    fn who_has_no_chip_reader_needs_no_service() {
        assert!(check(&scene(&Tree::new().system())).is_empty());
    }

    #[test]
    fn a_usb_reader_needs_its_driver() {
        let tree = installed().process(5, "pcscd").usb("1-1", 0x08e6, 0x3437, &[(0x0b, None)]);
        let findings = check(&scene(&tree.system()));
        assert_eq!(findings[0].code, "ccid-driver-absent");
        assert!(cure(&findings[0])[0].ends_with("--reinstall libccid"));
        let tree = tree.folder(CCID_DRIVER);
        assert!(check(&scene(&tree.system())).is_empty());
    }
}
