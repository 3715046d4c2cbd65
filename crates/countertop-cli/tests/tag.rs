//! `countertop tag` against the virtual PN532 on a pty.

#![expect(clippy::unwrap_used, reason = "helpers of tests")]

use std::process::{Output, Stdio};
use std::time::Duration;

use countertop_virtual::pn532::{
    FelicaTag, Pn532Control, Target, TargetFault, Type2Model, Type2Tag, VirtualPn532,
};
use countertop_virtual::pty::Pty;
use serde_json::Value;
use tokio::process::Command;
use tokio::time::timeout;

const LIMIT: Duration = Duration::from_secs(60);
const TAG: [u8; 7] = [0x04, 0x11, 0x22, 0x33, 0x44, 0x55, 0x66];

fn power_up() -> (String, String, Pn532Control) {
    let pty = Pty::open(None).unwrap();
    let path = pty.path().display().to_string();
    let (chip, control) = VirtualPn532::new();
    tokio::spawn(chip.serve(pty));
    (format!("serial:{path}"), format!("nfc:pn532_uart:{path}"), control)
}

async fn countertop(arguments: &[&str], at: &str) -> Output {
    let (job, rest) = arguments.split_first().unwrap();
    let wait = if rest.contains(&"--wait") { &[][..] } else { &["--wait", "20"] };
    let output = Command::new(env!("CARGO_BIN_EXE_countertop"))
        .args(["tag", job, "--at", at])
        .args(wait)
        .args(rest)
        .stdin(Stdio::null())
        .kill_on_drop(true)
        .output();
    timeout(LIMIT, output).await.unwrap().unwrap()
}

/// Runs it and returns what it says, which has to succeed.
async fn done(arguments: &[&str], at: &str) -> String {
    let Output { status, stdout, stderr } = countertop(arguments, at).await;
    assert!(status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&stderr));
    String::from_utf8(stdout).unwrap()
}

async fn fails(arguments: &[&str], at: &str) -> String {
    let Output { status, stderr, .. } = countertop(arguments, at).await;
    assert_eq!(status.code(), Some(1), "{arguments:?}");
    String::from_utf8(stderr).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_tag_from_blank_to_locked() {
    let (at, by_libnfc, control) = power_up();
    control.put(Target::type2(Type2Tag::new(Type2Model::Ntag213, TAG).unformatted()));
    let error = fails(&["read"], &at).await;
    assert!(error.contains("not formatted for NDEF"), "{error}");
    assert!(error.contains("cure: format it first"), "{error}");
    let text = done(&["format"], &at).await;
    assert_eq!(
        text,
        "formatted: type 2 tag, 0 of 142 bytes used, writable, UID 04112233445566\nno message\n"
    );
    let write = ["write", "--uri", "https://example.com/7", "--text", "谢谢", "--language", "zh"];
    let text = done(&write, &at).await;
    assert!(text.contains("1. link: https://example.com/7\n2. text (zh): 谢谢\n"), "{text}");
    // libnfc reads what we wrote.
    for at in [&at, &by_libnfc] {
        let value: Value = serde_json::from_str(&done(&["read", "--json"], at).await).unwrap();
        assert_eq!(value["uid"], "04112233445566");
        assert_eq!(value["records"][0]["uri"], "https://example.com/7");
        assert_eq!(value["records"][1]["text"], "谢谢");
    }
    let dump = done(&["dump"], &at).await;
    assert!(dump.contains("0003  e1101200  ....\n"), "{dump}");
    assert_eq!(dump.lines().count(), 45);
    let text = done(&["lock", "--yes"], &at).await;
    assert!(text.starts_with("locked: type 2 tag") && text.contains("read only"), "{text}");
    let error = fails(&["write", "--text", "no"], &at).await;
    assert!(error.contains("the tag is locked"), "{error}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_torn_tag_is_told_and_put_right() {
    let (at, _, control) = power_up();
    let tag = Target::felica(FelicaTag::new([2, 0xfe, 1, 2, 3, 4, 5, 6]));
    // Attribute block read, written; then the content.
    let id = control.put(tag.with_fault(TargetFault::LeavesBefore(3)));
    let write = ["write", "--text", "a text that is longer than one block of sixteen bytes"];
    let error = fails(&write, &at).await;
    assert!(error.contains("torn away in the middle of a write"), "{error}");
    assert!(error.contains("write again"), "{error}");
    control.put(control.take(id).unwrap().healed());
    assert!(done(&["read"], &at).await.contains("no message"));
    assert!(done(&write, &at).await.contains("longer than one block"));
}

#[tokio::test(flavor = "multi_thread")]
async fn mistakes_are_told() {
    let (at, _, control) = power_up();
    let none = fails(&["read", "--wait", "1"], &at).await;
    assert!(none.contains("no tag came") && none.contains("cure: "), "{none}");
    control.put(Target::type2(Type2Tag::new(Type2Model::Ultralight, TAG)));
    let long = "x".repeat(100);
    let error = fails(&["write", "--text", &long], &at).await;
    assert!(error.contains("the message has 107 bytes, and the tag takes 46"), "{error}");
    let missing = fails(&["write", "--media", "image/png", "/does/not/exist"], &at).await;
    assert!(missing.contains("/does/not/exist"), "{missing}");
    for wrong in [&["lock"][..], &["write"], &["erase"]] {
        assert_eq!(countertop(wrong, &at).await.status.code(), Some(2), "{wrong:?}");
    }
    let pcsc = fails(&["read"], "serial:/dev/does-not-exist").await;
    assert!(pcsc.contains("not found"), "{pcsc}");
}
