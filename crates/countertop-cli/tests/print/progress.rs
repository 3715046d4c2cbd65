//! The bar of a long job on a terminal.

use std::fs::File;
use std::process::Child;

use countertop_virtual::pty::Pty;
use tokio::io::AsyncReadExt as _;

use super::*;

/// Rows of dots that the printer prints in a second.
const SPEED: &str = "12000";

/// Prints four blocks at the least, errors going to `errors`.
fn begin(folder: &Path, flags: &[&str], errors: Stdio) -> (Program, Child) {
    let file = folder.join("long.txt");
    let lines: String = (0..400).map(|line| format!("line {line:03}\n")).collect();
    fs::write(&file, lines).unwrap();
    let printer = virtual_printer(&folder.join("paper"), &["--speed", SPEED]);
    let at = printer.line("printer: ").unwrap();
    let mut command = countertop(&["print", file.to_str().unwrap(), "--to", &at]);
    command.args(flags).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(errors);
    (printer, command.spawn().unwrap())
}

/// Starts to print on a terminal, which is returned too.
fn begin_on_terminal(folder: &Path, flags: &[&str]) -> (Pty, Program, Child) {
    let terminal = Pty::open(None).unwrap();
    let slave = File::options().write(true).open(terminal.path()).unwrap();
    let (printer, child) = begin(folder, flags, slave.into());
    (terminal, printer, child)
}

/// Reads what stands on the terminal until a line has ended.
async fn line(terminal: &mut Pty, mut each: impl FnMut(&str)) -> String {
    let mut seen = String::new();
    let mut bytes = [0; 256];
    while !seen.ends_with('\n') {
        let count = terminal.read(&mut bytes).await.unwrap();
        seen.push_str(std::str::from_utf8(&bytes[..count]).unwrap());
        each(&seen);
    }
    seen
}

/// Takes a bar apart: how many of its 40 places are filled, and the percentage.
fn bar(text: &str) -> (usize, usize) {
    let (places, percent) = text.strip_prefix('[').unwrap().split_once("] ").unwrap();
    assert_eq!(places.len(), 40, "{text}");
    let filled = places.trim_end();
    assert_eq!(filled, "#".repeat(filled.len()), "{text}");
    (filled.len(), percent.trim().strip_suffix(" %").unwrap().parse().unwrap())
}

#[tokio::test]
async fn a_long_job_has_a_bar_that_grows_and_ends() {
    let folder = tempfile::tempdir().unwrap();
    let (mut terminal, _printer, mut child) = begin_on_terminal(folder.path(), &[]);
    let mut while_printing = 0;
    let seen = line(&mut terminal, |seen| {
        if child.try_wait().unwrap().is_none() && !seen.contains("100 %") {
            while_printing = seen.matches('\r').count();
        }
    });
    let seen = seen.await;
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success(), "{output:?}");
    assert_eq!(out(&output), "confirmed\n");
    let bars: Vec<_> = seen.trim_end().split('\r').skip(1).map(bar).collect();
    assert!(seen.starts_with('\r') && bars.len() >= 5, "{seen:?}");
    assert!(bars.is_sorted_by(|one, next| one.1 < next.1), "it does not grow: {bars:?}");
    assert_eq!((bars[0], bars.last()), ((0, 0), Some(&(40, 100))));
    assert!(bars.iter().all(|(filled, percent)| filled * 100 / 40 <= *percent), "{bars:?}");
    assert!(while_printing >= 3, "it came when all was printed: {seen:?}");
}

#[tokio::test]
async fn programs_see_no_bar() {
    let folder = tempfile::tempdir().unwrap();
    let (mut terminal, _printer, child) = begin_on_terminal(folder.path(), &["--json"]);
    let output = child.wait_with_output().unwrap();
    let said: serde_json::Value = serde_json::from_str(&out(&output)).unwrap();
    assert!(said["outcome"] == "confirmed" && said["blocks"].as_u64() >= Some(4), "{said}");
    // What this test writes is the first that is to be read.
    let mut slave = File::options().write(true).open(terminal.path()).unwrap();
    std::io::Write::write_all(&mut slave, b"nothing before\n").unwrap();
    assert_eq!(line(&mut terminal, |_| {}).await, "nothing before\n");
}

#[test]
fn a_file_of_errors_has_no_bar() {
    let folder = tempfile::tempdir().unwrap();
    let (_printer, child) = begin(folder.path(), &[], Stdio::piped());
    let output = child.wait_with_output().unwrap();
    assert_eq!(out(&output), "confirmed\n");
    assert_eq!(String::from_utf8(output.stderr).unwrap(), "");
}
