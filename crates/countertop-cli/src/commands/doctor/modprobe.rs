//! What modprobe is told to leave alone (modprobe.d(5)).

use crate::system::System;

/// Where modprobe looks; of two files with one name the earlier folder's counts.
const FOLDERS: [&str; 5] = [
    "/etc/modprobe.d",
    "/run/modprobe.d",
    "/usr/local/lib/modprobe.d",
    "/usr/lib/modprobe.d",
    "/lib/modprobe.d",
];

/// Holds the modules that are not loaded by themselves, or not at all.
pub(super) struct Settings(Vec<KeptAway>);

/// Is a module that is kept away.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct KeptAway {
    /// With underscores.
    module: String,
    /// The file that says so.
    pub(super) file: String,
}

impl Settings {
    /// Reads what modprobe reads.
    pub(super) fn read(system: &System) -> Self {
        let mut seen = Vec::new();
        let mut found = Vec::new();
        for folder in FOLDERS {
            for name in system.entries(folder) {
                if !name.ends_with(".conf") || seen.contains(&name) {
                    continue;
                }
                let file = format!("{folder}/{name}");
                found.extend(parse(&system.read(&file).unwrap_or_default(), &file));
                seen.push(name);
            }
        }
        Self(found)
    }

    /// Tells whether `module` is kept away.
    pub(super) fn keeps_away(&self, module: &str) -> bool {
        self.files(module).next().is_some()
    }

    /// Lists the files that keep `module` away.
    pub(super) fn files(&self, module: &str) -> impl Iterator<Item = &str> {
        let module = canonical(module);
        self.0.iter().filter(move |it| it.module == module).map(|it| it.file.as_str())
    }
}

/// Modules are named with `-` and `_` alike.
fn canonical(module: &str) -> String {
    module.replace('-', "_")
}

fn parse(text: &str, file: &str) -> Vec<KeptAway> {
    let kept_away = |line: &str| {
        let mut words = line.split_whitespace();
        let (command, module) = (words.next()?, words.next()?);
        let gone = match command {
            "blacklist" => true,
            "install" => matches!(words.next()?.rsplit('/').next()?, "true" | "false"),
            _ => false,
        };
        gone.then(|| KeptAway { module: canonical(module), file: file.into() })
    };
    text.lines().filter_map(kept_away).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::system::tests::Tree;

    #[test]
    fn blacklisted_and_disabled_modules_are_found() {
        let tree = Tree::new()
            .file("/etc/modprobe.d/a.conf", "# blacklist x\nblacklist cdc-acm\n")
            .file(
                "/usr/lib/modprobe.d/b.conf",
                "install usblp /bin/false\ninstall y /bin/y-start\n",
            )
            .file("/etc/modprobe.d/readme", "blacklist z\n");
        let settings = Settings::read(&tree.system());
        assert_eq!(settings.files("cdc_acm").collect::<Vec<_>>(), ["/etc/modprobe.d/a.conf"]);
        assert!(settings.keeps_away("usblp"));
        assert!(!["x", "y", "z"].iter().any(|module| settings.keeps_away(module)));
    }

    #[test]
    fn the_administrators_file_hides_another_of_its_name() {
        let tree = Tree::new()
            .file("/etc/modprobe.d/a.conf", "")
            .file("/usr/lib/modprobe.d/a.conf", "blacklist usblp\n");
        assert!(!Settings::read(&tree.system()).keeps_away("usblp"));
    }
}
