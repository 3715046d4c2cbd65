//! `countertop shift`: a whole day on the virtual counter, with the real chip card service.

#![expect(clippy::unwrap_used, reason = "helpers of tests")]

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use countertop_tests::pcscd::Service;

fn shift(folder: &Path) -> Command {
    let mut command = Command::new("timeout");
    command.args(["--kill-after=5", "120", env!("CARGO_BIN_EXE_countertop")]);
    command.args(["--json", "shift", "--out"]).arg(folder);
    command
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

fn succeeded(output: &Output) {
    assert!(output.status.success(), "{}\n{}", text(&output.stdout), text(&output.stderr));
}

fn receipts(folder: &Path, extension: &str) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let mut files: Vec<_> =
        entries.filter(|path| path.extension().is_some_and(|it| it == extension)).collect();
    files.sort();
    files
}

#[test]
fn a_shift_balances_and_leaves_its_receipts() {
    let _service = Service::start().unwrap();
    let folder = tempfile::tempdir().unwrap();
    let output = shift(folder.path()).output().unwrap();
    succeeded(&output);
    let summary: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(summary["equal"], true, "{summary}");
    // Four sales that stand, one reversed, one void; what was declined is in no ledger.
    assert_eq!(summary["transactions"], 6, "{summary}");

    let pictures = receipts(folder.path(), "png");
    // Two copies of five vouchers, and the settlement.
    assert_eq!(pictures.len(), 11);
    assert_eq!(receipts(folder.path(), "txt").len(), 11);
    let read = Command::new("zbarimg").args(["--quiet", "--raw"]).arg(&pictures[0]).output();
    let read = text(&read.expect("install the Debian package zbar-tools").stdout);
    assert!(read.starts_with("ct:000001/"), "{read}");
}

#[test]
fn a_second_shift_in_the_same_folder_goes_on_with_its_books() {
    let _service = Service::start().unwrap();
    let folder = tempfile::tempdir().unwrap();
    succeeded(&shift(folder.path()).output().unwrap());
    let again = shift(folder.path()).output().unwrap();
    succeeded(&again);
    let summary: serde_json::Value = serde_json::from_slice(&again.stdout).unwrap();
    assert_eq!(summary["equal"], true, "{summary}");
}

#[test]
fn without_the_chip_card_service_it_fails_and_says_the_cure() {
    let folder = tempfile::tempdir().unwrap();
    let output = shift(folder.path())
        .env("PCSCLITE_CSOCK_NAME", folder.path().join("no-service"))
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(1));
    let errors = text(&output.stderr);
    assert!(errors.contains("cure: ") && errors.contains("pcscd"), "{errors}");
}

#[test]
fn a_bad_configuration_is_named_with_line_and_key() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("bad.toml");
    for (content, named) in [
        ("[terminal]\ncolums = 32\n", "line 2: terminal.colums"),
        ("[devices.chip]\ndriver = \"pcsc\"\nat = \"usb\"\n", "line 3: devices.chip.at"),
        ("[acquirer\n", "line 1"),
        ("[devices.toaster]\ndriver = \"x\"\nat = \"virtual:x\"\n", "there is no role `toaster`"),
    ] {
        std::fs::write(&file, content).unwrap();
        let output = Command::new(env!("CARGO_BIN_EXE_countertop"))
            .args(["run", "--port", "0", "--config"])
            .arg(&file)
            .arg("--state")
            .arg(folder.path().join("state"))
            .output()
            .unwrap();
        assert_eq!(output.status.code(), Some(1), "{content}");
        let errors = text(&output.stderr);
        assert!(errors.contains("bad.toml: ") && errors.contains(named), "{errors}");
    }
}
