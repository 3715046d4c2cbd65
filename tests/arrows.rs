//! The dependency arrows point down only, and a driver crate alone stays small.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::{BTreeMap, BTreeSet};
use std::process::Command;

use serde_json::Value;

/// What each crate may depend on, of the workspace's own.
const ARROWS: &[(&str, &[&str])] = &[
    ("device", &[]),
    ("wire", &[]),
    ("draw", &["wire"]),
    ("ioctl", &[]),
    ("transport", &["device", "ioctl", "wire"]),
    ("magstripe", &["device", "transport", "wire"]),
    ("chip", &["device", "transport", "wire"]),
    ("nfc", &["device", "transport", "wire"]),
    ("printer", &["device", "draw", "transport", "wire"]),
    ("input", &["device", "transport", "wire"]),
    ("hub", &["device", "transport"]),
    ("emv", &["device", "wire"]),
    ("acquirer", &["device", "wire"]),
    ("terminal", &["acquirer", "device", "emv", "hub", "wire"]),
    ("virtual", &["device", "draw", "ioctl", "wire"]),
    ("conformance", &["device", "transport"]),
];

/// What a driver crate on its own must never pull in.
const HEAVY: &[&str] =
    &["axum", "hyper", "rusqlite", "libsqlite3-sys", "nfc1", "pcsc", "rusb", "emv", "image"];

fn metadata() -> Value {
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--format-version", "1", "--locked", "--offline", "--no-deps"])
        .current_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/.."))
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

/// Maps each package of the workspace to the names of its normal dependencies.
fn dependencies(metadata: &Value) -> BTreeMap<String, BTreeSet<String>> {
    let packages = metadata["packages"].as_array().unwrap().iter();
    packages
        .filter(|package| package["source"].is_null())
        .map(|package| {
            let normal = package["dependencies"].as_array().unwrap().iter();
            let names = normal.filter(|it| it["kind"].is_null()).map(|it| text(&it["name"]));
            (text(&package["name"]), names.collect())
        })
        .collect()
}

fn text(value: &Value) -> String {
    value.as_str().unwrap().to_owned()
}

#[test]
fn arrows_point_down() {
    let dependencies = dependencies(&metadata());
    for (name, allowed) in ARROWS {
        let own = &dependencies[&format!("countertop-{name}")];
        let found = own.iter().filter_map(|it| it.strip_prefix("countertop-"));
        let wrong: Vec<_> = found.filter(|it| !allowed.contains(it)).collect();
        assert!(wrong.is_empty(), "countertop-{name} must not depend on {wrong:?}");
    }
}

#[test]
fn every_crate_has_its_arrows() {
    let known: BTreeSet<_> = ARROWS.iter().map(|(name, _)| format!("countertop-{name}")).collect();
    let top = [
        "countertop",
        "countertop-cli",
        "countertop-examples",
        "countertop-lab",
        "countertop-tests",
    ];
    for name in dependencies(&metadata()).into_keys() {
        assert!(
            known.contains(&name) || top.contains(&name.as_str()),
            "{name} is not in the table"
        );
    }
}

#[test]
fn a_driver_alone_stays_small() {
    for (name, limit) in [("magstripe", 60), ("printer", 66), ("input", 65)] {
        let crates = tree(&format!("countertop-{name}"));
        let heavy: Vec<_> = HEAVY.iter().filter(|it| crates.contains(**it)).collect();
        assert!(heavy.is_empty(), "countertop-{name} pulls in {heavy:?}");
        assert!(crates.len() <= limit, "countertop-{name} pulls in {} crates", crates.len());
    }
}

fn tree(package: &str) -> BTreeSet<String> {
    let output = Command::new(env!("CARGO"))
        .args(["tree", "--offline", "--locked", "--edges", "normal", "--prefix", "none"])
        .args(["--format", "{p}", "--package", package])
        .current_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/.."))
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let lines = String::from_utf8(output.stdout).unwrap();
    lines.lines().filter_map(|line| line.split(' ').next()).map(String::from).collect()
}
