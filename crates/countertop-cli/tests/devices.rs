//! `countertop devices`, `doctor` and `udev-rules` as a shell meets them.

#![expect(clippy::unwrap_used, reason = "helpers of tests")]

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use countertop_tests::program::Program;
use serde_json::Value;

fn countertop(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_countertop"));
    command.args(arguments);
    command
}

fn run(arguments: &[&str]) -> Output {
    countertop(arguments).output().unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

#[test]
fn what_is_attached_is_one_object_with_json() {
    let output = run(&["devices", "--json"]);
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    let found: Value = serde_json::from_slice(&output.stdout).unwrap();
    for key in ["devices", "unknown", "errors"] {
        assert!(found[key].is_array(), "{key} in {found}");
    }
}

#[test]
fn watching_goes_on_idle_until_it_is_interrupted() {
    let mut program = Program::start(&mut countertop(&["devices", "--watch", "--json"])).unwrap();
    let before = program.processor_ticks().unwrap();
    // What is measured is the time in which nothing should happen.
    std::thread::sleep(std::time::Duration::from_secs(1));
    assert!(program.runs().unwrap());
    assert!(program.processor_ticks().unwrap() - before <= 10);
    program.signal("INT").unwrap();
    assert_eq!(program.wait().unwrap().code(), Some(0));
}

fn assign(config: &Path, more: &[&str]) -> Output {
    let config = config.to_str().unwrap();
    run(&[&["devices", "--config", config], more].concat())
}

#[test]
fn an_assignment_creates_the_file_and_keeps_what_is_in_it() {
    let folder = tempfile::tempdir().unwrap();
    let config = folder.path().join("shop.toml");
    let printer = ["--assign", "receipt-printer=tcp:10.0.0.9:9100", "--force"];
    let output = assign(&config, &[&printer[..], &["--driver", "escpos"]].concat());
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    let table = "[devices.receipt-printer]\ndriver = \"escpos\"\nat = \"tcp:10.0.0.9:9100\"\n";
    assert_eq!(fs::read_to_string(&config).unwrap(), table);

    fs::write(&config, format!("# our shop\n{table}columns = 48\n")).unwrap();
    // The driver is the one that the role has.
    let moved = ["--assign", "receipt-printer=tcp:10.0.0.7:9100", "--force"];
    assert_eq!(assign(&config, &moved).status.code(), Some(0));
    let expected = format!("# our shop\n{}columns = 48\n", table.replace(".9:", ".7:"));
    assert_eq!(fs::read_to_string(&config).unwrap(), expected);
}

#[test]
fn an_assignment_that_cannot_be_changes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let config = folder.path().join("shop.toml");
    for (arguments, code, said) in [
        (&["--assign", "stripe=0801:0002-s-1"][..], 1, "no driver lists this device"),
        (&["--assign", "toaster=x"], 2, "there is no role `toaster`"),
        (&["--assign", "stripe=x", "--watch"], 2, "cannot be used with"),
        (&["--driver", "msr605"], 2, "--assign"),
    ] {
        let output = assign(&config, arguments);
        assert_eq!(output.status.code(), Some(code), "{output:?}");
        assert!(text(&output.stderr).contains(said), "{output:?}");
        assert!(!config.exists());
    }
    fs::write(&config, "[devices]\nstripe = 3\n").unwrap();
    let at = ["--assign", "stripe=serial:/dev/null", "--force", "--driver", "msr605"];
    let output = assign(&config, &at);
    assert_eq!(output.status.code(), Some(1), "{output:?}");
    assert!(text(&output.stderr).contains("shop.toml: line 2: "), "{output:?}");
    assert_eq!(fs::read_to_string(&config).unwrap(), "[devices]\nstripe = 3\n");
}

#[test]
fn the_doctor_exits_with_what_it_found() {
    let output = run(&["doctor", "--json"]);
    let said: Value = serde_json::from_slice(&output.stdout).unwrap();
    let findings = said["findings"].as_array().unwrap();
    let problem = findings.iter().any(|finding| finding["severity"] == "problem");
    assert_eq!(output.status.code(), Some(i32::from(problem)), "{said}");
    for finding in findings {
        let curable = finding["cure"].as_array().is_some_and(|cure| !cure.is_empty());
        let told = curable || finding["by_hand"].is_string() || finding["severity"] == "notice";
        assert!(told, "no cure in {finding}");
    }
}

#[test]
fn the_doctor_names_a_user_who_is_not_there() {
    let output = run(&["doctor", "--user", "nobody-of-this-name"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(text(&output.stderr).contains("there is no user `nobody-of-this-name`"));
    let output = run(&["doctor", "--yes"]);
    assert_eq!(output.status.code(), Some(2), "a yes to nothing");
}

#[test]
fn the_doctor_applies_nothing_without_a_yes() {
    let folder = tempfile::tempdir().unwrap();
    let config = folder.path().join("shop.toml");
    fs::write(&config, "[devices.stripe]\ndriver = \"msr605\"\nat = \"serial:/dev/ttyUSB9\"\n")
        .unwrap();
    let arguments = ["doctor", "--fix", "--config", config.to_str().unwrap()];
    let output = countertop(&arguments).stdin(std::process::Stdio::null()).output().unwrap();
    assert!(!text(&output.stdout).contains("applied: "), "{output:?}");
}
