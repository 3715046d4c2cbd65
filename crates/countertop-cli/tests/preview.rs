//! `countertop preview` draws, reads out and lists what a file of bytes prints.

#![expect(clippy::unwrap_used, reason = "helpers of tests")]

use std::path::Path;
use std::process::{Command, Output};

fn preview(folder: &Path, bytes: &[u8], options: &[&str]) -> Output {
    std::fs::write(folder.join("in.bin"), bytes).unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_countertop"));
    command.current_dir(folder).args(options).args(["preview", "in.bin", "out.png"]);
    command.output().unwrap()
}

fn shown(output: &Output) -> String {
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout.clone()).unwrap()
}

#[test]
fn a_picture_is_drawn_and_read_out() {
    let folder = tempfile::tempdir().unwrap();
    let bytes = b"Total 12.34\n\x1dV\x00second\n";
    let mut command = Command::new(env!("CARGO_BIN_EXE_countertop"));
    std::fs::write(folder.path().join("in.bin"), bytes).unwrap();
    command.current_dir(folder.path()).args(["preview", "in.bin", "out.png", "--text"]);
    let output = command.output().unwrap();
    assert_eq!(shown(&output), "out.png\nTotal 12.34\nout-2.png\nsecond\n");
    assert!(std::fs::read(folder.path().join("out-2.png")).unwrap().starts_with(b"\x89PNG"));
}

#[test]
fn commands_are_listed_with_their_places() {
    let folder = tempfile::tempdir().unwrap();
    let output = preview(folder.path(), b"\x1b@Hi\n\x1dV\x00\x1b\xff", &["--json"]);
    let listed: serde_json::Value = serde_json::from_str(&shown(&output)).unwrap();
    assert_eq!(listed["pages"][0]["text"], "Hi\n");
    assert_eq!(listed["commands"][1]["command"], "Text(\"Hi\")");
    assert_eq!(listed["commands"][1]["offset"], 2);
    assert_eq!(listed["commands"][4]["command"], "Unknown(ESC FF)");
}

#[test]
fn what_prints_nothing_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let output = preview(folder.path(), b"\x1b@", &[]);
    assert!(!output.status.success());
    assert!(String::from_utf8_lossy(&output.stderr).contains("nothing is printed"));
}
