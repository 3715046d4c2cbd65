//! `countertop print` against the virtual printer, as a person at a shell uses it.

#![expect(clippy::unwrap_used, reason = "helpers of tests")]

mod progress;
mod sources;
mod watch;

use std::fs;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use countertop_tests::program::Program;

const RECEIPT: &str = "\
# Corner Shop

红茶 Tea | 12.00
---|---:
Coffee | 8.00

---

**Total 20.00**
";

fn countertop(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_countertop"));
    command.args(arguments);
    command
}

fn run(arguments: &[&str]) -> Output {
    countertop(arguments).stdin(Stdio::null()).output().unwrap()
}

fn out(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

/// Starts a virtual printer with further options; it has yet to say where it is.
fn virtual_printer(folder: &Path, options: &[&str]) -> Program {
    let folder = folder.to_str().unwrap();
    let mut command = countertop(&["virtual", "printer", "--tcp", "0", "--out", folder]);
    Program::start(command.args(options)).unwrap()
}

/// Starts a virtual printer and returns its selector.
fn printer(folder: &Path, faults: &[&str]) -> (Program, String) {
    let options: Vec<_> = faults.iter().flat_map(|fault| ["--fault", fault]).collect();
    let program = virtual_printer(folder, &options);
    let at = program.line("printer: ").unwrap();
    (program, at)
}

fn receipt(folder: &Path) -> String {
    let path = folder.join("receipt.md");
    fs::write(&path, RECEIPT).unwrap();
    path.to_str().unwrap().to_owned()
}

/// Returns the characters of the only receipt in a folder.
fn text_in(folder: &Path) -> String {
    let mut files = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let text = files.find(|path| path.extension().is_some_and(|end| end == "txt"));
    fs::read_to_string(text.unwrap()).unwrap()
}

#[test]
fn a_receipt_in_markdown_is_printed_and_confirmed() {
    let folder = tempfile::tempdir().unwrap();
    let paper = folder.path().join("paper");
    let (_printer, at) = printer(&paper, &[]);
    let file = receipt(folder.path());
    let output = run(&["print", &file, "--to", &at, "--json"]);
    assert!(output.status.success(), "{output:?}");
    let said: serde_json::Value = serde_json::from_str(&out(&output)).unwrap();
    assert_eq!(said["outcome"], "confirmed");
    let text = text_in(&paper);
    for wanted in ["Corner Shop", "红茶 Tea", "12.00", "Total 20.00"] {
        assert!(text.contains(wanted), "{wanted} is not on paper: {text}");
    }
}

#[test]
fn text_comes_from_standard_input_too() {
    let folder = tempfile::tempdir().unwrap();
    let (_printer, at) = printer(&folder.path().join("paper"), &[]);
    let file = folder.path().join("note.txt");
    fs::write(&file, "one line\n").unwrap();
    let input = fs::File::open(&file).unwrap();
    let output = countertop(&["print", "-", "--to", &at]).stdin(input).output().unwrap();
    assert_eq!(out(&output), "confirmed\n", "{output:?}");
}

#[test]
fn previews_are_pictures_vectors_and_bytes() {
    let folder = tempfile::tempdir().unwrap();
    let file = receipt(folder.path());
    for (name, begins) in
        [("out.png", &b"\x89PNG"[..]), ("out.svg", b"<svg"), ("out.bin", b"\x1b@")]
    {
        let path = folder.path().join(name);
        let preview = path.to_str().unwrap();
        let output = run(&["print", &file, "--preview", preview, "--profile", "TM-T88VI"]);
        assert!(output.status.success(), "{output:?}");
        assert_eq!(out(&output), format!("{preview}\n"));
        assert!(fs::read(&path).unwrap().starts_with(begins), "{name}");
    }
    let output = run(&["print", &file, "--preview", "out.gif"]);
    assert!(!output.status.success());
}

#[test]
fn the_state_is_told_and_is_the_exit_code() {
    let folder = tempfile::tempdir().unwrap();
    let (_printer, at) = printer(&folder.path().join("paper"), &[]);
    let output = run(&["print", "--status", "--to", &at]);
    assert!(output.status.success(), "{output:?}");
    assert!(out(&output).starts_with("ready"), "{output:?}");
    let (_printer, at) = printer(&folder.path().join("other"), &["paper-out"]);
    let output = run(&["print", "--status", "--to", &at, "--json"]);
    assert!(!output.status.success(), "{output:?}");
    let said: serde_json::Value = serde_json::from_str(&out(&output)).unwrap();
    assert_eq!(said["attention"], "PaperOut");
    let file = receipt(folder.path());
    let output = run(&["print", &file, "--to", &at]);
    assert!(!output.status.success(), "{output:?}");
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(errors.contains("paper"), "{errors}");
}

#[test]
fn mistakes_are_named() {
    let folder = tempfile::tempdir().unwrap();
    let file = receipt(folder.path());
    let out = format!("file:{}", folder.path().join("out.bin").display());
    let wrong = [
        (vec!["print"], "required"),
        (vec!["print", &file], "--to"),
        (vec!["print", &file, "--to", &out, "--profile", "TM-T1"], "`TM-T1`"),
        (vec!["print", &file, "--to", &out, "--set", "papper=1"], "papper"),
        (vec!["print", &file, "--to", "file:/dev/null"], "serial:"),
        (vec!["print", &file, "--status", "--to", &out], "cannot be used with"),
        (vec!["print", "missing.md", "--to", &out], "missing.md"),
    ];
    for (arguments, named) in wrong {
        let output = run(&arguments);
        assert!(!output.status.success(), "{arguments:?}");
        let errors = String::from_utf8_lossy(&output.stderr);
        assert!(errors.contains(named), "{arguments:?}: {errors}");
    }
}

#[test]
fn profiles_are_listed() {
    let listed = out(&run(&["print", "--profiles"]));
    assert!(listed.lines().count() >= 50, "{listed}");
    assert!(listed.contains("TM-T88VI"), "{listed}");
}

#[test]
fn a_receipt_that_broke_off_is_finished_and_marked() {
    let folder = tempfile::tempdir().unwrap();
    let journal = folder.path().join("jobs");
    let journal = journal.to_str().unwrap();
    let file = folder.path().join("long.txt");
    let lines: String = (0..400).map(|line| format!("line {line:03}\n")).collect();
    fs::write(&file, lines).unwrap();
    let file = file.to_str().unwrap();
    let paper = folder.path().join("paper");
    let (first, at) = printer(&paper, &["power-off@rows=3000"]);
    let output = run(&["print", file, "--to", &at, "--journal", journal, "--json"]);
    assert!(!output.status.success(), "{output:?}");
    let said: serde_json::Value = serde_json::from_str(&out(&output)).unwrap();
    assert_eq!(said["outcome"], "partial", "{said}");
    drop(first);
    let again = folder.path().join("again");
    let (_second, at) = printer(&again, &[]);
    let output = run(&["print", file, "--to", &at, "--journal", journal]);
    assert_eq!(out(&output), "confirmed\n", "{output:?}");
    let text = text_in(&again);
    assert!(text.contains("COPY"), "not marked: {text}");
    assert!(text.contains("line 000") && text.contains("line 399"), "not whole: {text}");
}
