//! The files in `udev/` are what the drivers' tables say, and udev can read them.

#![expect(clippy::unwrap_used, reason = "helpers of tests")]

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::Command;

const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../udev");

fn printed(arguments: &[&str]) -> String {
    let mut command = Command::new(env!("CARGO_BIN_EXE_countertop"));
    let output = command.arg("udev-rules").args(arguments).output().unwrap();
    assert!(output.status.success(), "{output:?}");
    String::from_utf8(output.stdout).unwrap()
}

fn file(name: &str) -> String {
    fs::read_to_string(Path::new(FOLDER).join(name)).unwrap()
}

#[test]
fn the_files_are_what_the_tables_say() {
    for (name, arguments) in [
        (countertop::udev::RULES_FILE, &[][..]),
        (countertop::udev::MODPROBE_FILE, &["--modprobe"]),
    ] {
        assert!(file(name) == printed(arguments), "udev/{name} is old: run `make udev-files`");
    }
}

/// Splits a rule into keys with their operators and values, as udev(7) describes them.
fn parse(line: &str) -> Vec<(&str, &str, &str)> {
    let mut rest = line;
    let mut found = Vec::new();
    loop {
        let end = rest.find(['=', '!', '+', '-', ':']).unwrap_or_else(|| panic!("{line}"));
        let (key, after) = rest.split_at(end);
        let operator = after.split_once('"').unwrap_or_else(|| panic!("{line}")).0;
        let value = after[operator.len() + 1..].split_once('"').unwrap_or_else(|| panic!("{line}"));
        found.push((key, operator, value.0));
        match value.1.strip_prefix(", ") {
            Some(more) => rest = more,
            None if value.1.is_empty() => return found,
            None => panic!("{line}"),
        }
    }
}

#[test]
fn each_rule_is_one_that_udev_knows() {
    let matches =
        ["ACTION", "KERNEL", "SUBSYSTEM", "KERNELS", "SUBSYSTEMS", "ATTR", "ATTRS", "ENV"];
    let assigns = ["ENV", "GROUP", "MODE", "GOTO", "LABEL", "IMPORT", "OPTIONS", "TAG", "SYMLINK"];
    let text = file(countertop::udev::RULES_FILE);
    for line in text.lines().filter(|line| !line.is_empty() && !line.starts_with('#')) {
        for (key, operator, value) in parse(line) {
            let name = key.split('{').next().unwrap();
            let known = match operator {
                "==" | "!=" => matches.contains(&name),
                "=" => assigns.contains(&name),
                "+=" => ["OPTIONS", "TAG", "SYMLINK"].contains(&name),
                _ => false,
            };
            assert!(known, "{key}{operator} in {line}");
            assert_eq!(key.contains('{'), key.ends_with('}'), "{line}");
            assert!(key != "MODE" || value == "0660", "{line}");
        }
    }
}

#[test]
fn every_jump_has_one_label_further_down() {
    let text = file(countertop::udev::RULES_FILE);
    let labels: Vec<_> = text.match_indices("LABEL=\"").collect();
    let name = |at: usize, key: &str| text[at + key.len()..].split('"').next().unwrap();
    let names: BTreeSet<_> = labels.iter().map(|(at, key)| name(*at, key)).collect();
    assert_eq!(names.len(), labels.len(), "a label is there twice");
    for (at, key) in text.match_indices("GOTO=\"") {
        let label = name(at, key);
        assert!(text[at..].contains(&format!("LABEL=\"{label}\"")), "{label}");
    }
}

/// `udevadm verify` came with systemd 254; older ones say that there is no such command.
#[test]
fn udev_itself_has_nothing_to_object() {
    let verify = |arguments: &[&str]| {
        let mut command = Command::new("udevadm");
        command.arg("verify").args(arguments).output()
    };
    let Ok(help) = verify(&["--help"]) else { return };
    if !help.status.success() {
        return;
    }
    let rules = Path::new(FOLDER).join(countertop::udev::RULES_FILE);
    let output = verify(&["--resolve-names=late", rules.to_str().unwrap()]).unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

#[test]
fn a_rule_that_is_wrong_is_found_by_the_parser() {
    for line in ["MODE=\"0666\" TAG=\"x\"", "MODE", "MODE=0660", "A==\"b\",C==\"d\""] {
        assert!(std::panic::catch_unwind(|| parse(line)).is_err(), "{line}");
    }
}
