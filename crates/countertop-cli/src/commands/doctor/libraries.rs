//! Shared libraries that a driver needs and the loader would not find.
//!
//! A program that is linked with such a library does not start without it; the loader names the
//! library then. This looks for those of the other builds, of which features left some out.

use super::finding::Finding;
use super::pcsc::reinstall;
use super::scene::Scene;
use crate::system::System;

/// Is a library that somebody needs.
struct Library {
    file: &'static str,
    package: &'static str,
    /// The drivers that need it; all when empty.
    drivers: &'static [&'static str],
    why: &'static str,
}

const LIBRARIES: [Library; 4] = [
    Library {
        file: "libpcsclite.so.1",
        package: "libpcsclite1",
        drivers: &["pcsc"],
        why: "chip card readers are reached through it",
    },
    Library {
        file: "libnfc.so.6",
        package: "libnfc6",
        drivers: &["libnfc"],
        why: "contactless readers are reached through it",
    },
    Library {
        file: "libusb-1.0.so.0",
        package: "libusb-1.0-0",
        drivers: &["escpos", "libnfc"],
        why: "USB printers and contactless readers are reached through it",
    },
    Library {
        file: "libudev.so.1",
        package: "libudev1",
        drivers: &[],
        why: "devices that come and go are told of through it",
    },
];

/// Looks for libraries where the loader does (ld.so(8)).
pub(super) fn check(scene: &Scene<'_>) -> Vec<Finding> {
    let folders = folders(scene.system);
    let needed = LIBRARIES.iter().filter(|library| {
        library.drivers.is_empty() || library.drivers.iter().any(|it| scene.uses_driver(it))
    });
    let is_missing = |library: &&Library| {
        !folders.iter().any(|folder| scene.system.exists(format!("{folder}/{}", library.file)))
    };
    needed
        .filter(is_missing)
        .map(|library| {
            let found = format!("there is no {} in {}", library.file, folders.join(", "));
            let finding = Finding::problem("library-missing", library.file, found, library.why);
            let package = reinstall(scene.system, library.package);
            finding.cured_by(package)
        })
        .collect()
}

/// Lists the folders of the loader: those of its configuration, then the usual ones.
fn folders(system: &System) -> Vec<String> {
    const USUAL: [&str; 4] = ["/lib", "/usr/lib", "/lib64", "/usr/lib64"];
    let mut folders = Vec::new();
    if let Some(extra) = std::env::var_os("LD_LIBRARY_PATH") {
        folders.extend(std::env::split_paths(&extra).map(|path| path.display().to_string()));
    }
    let files = system.entries("/etc/ld.so.conf.d").into_iter();
    let files = files.map(|name| format!("/etc/ld.so.conf.d/{name}"));
    for file in files.chain(["/etc/ld.so.conf".to_owned()]) {
        let text = system.read(file).unwrap_or_default();
        let lines = text.lines().map(str::trim).filter(|line| line.starts_with('/'));
        folders.extend(lines.map(String::from));
    }
    folders.extend(USUAL.map(String::from));
    folders
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use countertop_hub::Role;

    use super::super::scene::tests::{one, scene};
    use super::*;
    use crate::system::tests::Tree;

    #[test]
    fn libraries_are_looked_for_where_the_loader_does() {
        let tree = Tree::new()
            .file("/etc/ld.so.conf.d/x86_64.conf", "# multiarch\n/usr/lib/x86_64-linux-gnu\n")
            .file("/usr/lib/x86_64-linux-gnu/libudev.so.1", "")
            .file("/usr/bin/apt-get", "");
        let system = tree.system();
        let mut scene = scene(&system);
        assert!(check(&scene).is_empty());
        let config = one(Role::Contactless, "libnfc", "nfc:pn53x_usb");
        scene.config = Some((Path::new("shop.toml"), &config));
        let findings = check(&scene);
        let about: Vec<_> = findings.iter().map(|finding| finding.about.as_str()).collect();
        assert_eq!(about, ["libnfc.so.6", "libusb-1.0.so.0"]);
        let cure = findings[0].cure[0].to_string();
        assert_eq!(cure, "sudo apt-get install --yes --reinstall libnfc6");
    }
}
