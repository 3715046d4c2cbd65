//! A shift with every log and wire trace on leaves no secret behind: not on its output, not in its
//! folder.

#![expect(clippy::unwrap_used, clippy::expect_used, reason = "helpers of tests")]

use std::path::Path;
use std::process::Command;

use countertop_tests::pcscd::Service;
use countertop_tests::search::{Secret, numbers};

/// Is everything that a shift leaves behind, with its place.
type Remains = Vec<(String, Vec<u8>)>;

fn remains(folder: &Path) -> Remains {
    let output = Command::new("timeout")
        .args(["--kill-after=5", "120", env!("CARGO_BIN_EXE_countertop"), "shift", "--out"])
        .arg(folder)
        .env("RUST_LOG", "trace")
        .output()
        .unwrap();
    let errors = String::from_utf8_lossy(&output.stderr);
    let tail = errors.get(errors.len().saturating_sub(2_000)..).unwrap_or_default();
    assert!(output.status.success(), "{tail}");
    let mut remains =
        vec![("standard output".into(), output.stdout), ("standard error".into(), output.stderr)];
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        if name.ends_with(".png") {
            let read = Command::new("zbarimg").args(["--quiet", "--raw"]).arg(&path).output();
            let read = read.expect("install the Debian package zbar-tools").stdout;
            remains.push((format!("codes on {name}"), read));
        }
        remains.push((name, std::fs::read(&path).unwrap()));
    }
    remains
}

fn secrets() -> Vec<Secret> {
    vec![
        Secret::digits("card number", "6200000000000005"),
        Secret::digits("foreign card number", "4111111111111111"),
        Secret::text("track 2", "6200000000000005=3012"),
        Secret::text("track 2 of a chip", "6200000000000005D3012"),
        // ISO 9564-1 format 0: control 0, length 6, the PIN, filler; the card number's twelve
        // digits before its check digit are zeros here.
        Secret::bytes("clear PIN block", &[0x06, 0x12, 0x34, 0x56, 0xFF, 0xFF, 0xFF, 0xFF]),
        Secret::bytes("master key", &countertop_virtual::acquirer::TEST_MASTER_KEY),
        Secret::text("supervisor's password", "135790"),
    ]
}

/// Finds payment codes (62 and seventeen digits), card numbers that no list knows, and the PIN.
fn suspicious(bytes: &[u8]) -> Option<String> {
    let mut numbers = numbers(bytes);
    numbers.find_map(|number| match number.len() {
        6 if number == "123456" => Some("the PIN".into()),
        13..=19 if number.starts_with("62") => Some(format!("62 and {} digits", number.len() - 2)),
        _ => None,
    })
}

#[test]
fn a_shift_leaves_no_secret() {
    let _service = Service::start().unwrap();
    let folder = tempfile::tempdir().unwrap();
    let remains = remains(folder.path());

    // The search has seen what it has to see: traces of the wire, masked numbers, all files.
    let place = |name: &str| &remains.iter().find(|(place, _)| place == name).unwrap().1;
    let log = String::from_utf8_lossy(place("standard error"));
    for traced in ["countertop::wire", "direction=\"in\"", "direction=\"out\""] {
        assert!(log.contains(traced), "{traced} is not in the log");
    }
    for masked in ["receipt-0001.txt", "host-ledger.jsonl", "journal.db", "standard output"] {
        let masked_number = Secret::text("masked number", "620000******0005");
        assert!(masked_number.found_in(masked, place(masked)).is_some(), "{masked}");
    }
    assert!(remains.iter().any(|(name, read)| name.starts_with("codes on") && !read.is_empty()));

    let mut found = Vec::new();
    for (name, bytes) in &remains {
        found.extend(secrets().iter().filter_map(|secret| secret.found_in(name, bytes)));
        found.extend(suspicious(bytes).map(|what| format!("{name}: {what}")));
    }
    assert!(found.is_empty(), "{found:#?}");
}

#[test]
fn the_search_finds_what_is_planted() {
    for secret in secrets() {
        for form in secret.forms() {
            let planted = [b"INFO something ", form, b" else"].concat();
            assert!(secret.found_in("log", &planted).is_some(), "{secret:?}");
        }
    }
    assert!(suspicious(b"code=6216000000000000123 seen").is_some());
    assert!(suspicious(b"typed: 123456\n").is_some());
    assert!(suspicious(b"16:20:01.123456 voucher 000002 amount 12.34").is_none());
}
