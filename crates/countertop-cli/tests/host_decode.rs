//! `countertop host decode` on frames that an independent implementation made.

#![expect(clippy::unwrap_used, reason = "helpers of tests")]

use std::process::{Command, Output};

use serde_json::Value;

const FRAMES: &str =
    concat!(env!("CARGO_MANIFEST_DIR"), "/../countertop-wire/tests/fixtures/unionpay-frames.json");

fn fixture() -> Value {
    serde_json::from_str(&std::fs::read_to_string(FRAMES).unwrap()).unwrap()
}

/// Returns name, digits and whether the frame has an authentication code, of every frame.
fn frames() -> Vec<(String, String, bool)> {
    let fixture = fixture();
    let frames = fixture["frames"].as_object().unwrap().iter();
    let one = |(name, frame): (&String, &Value)| {
        let digits = frame["frame"].as_str().unwrap().to_owned();
        (name.clone(), digits, !frame["fields"]["64"].is_null())
    };
    frames.map(one).collect()
}

fn frame(name: &str) -> String {
    frames().into_iter().find(|(found, ..)| found == name).unwrap().1
}

fn mak() -> String {
    fixture()["keys"]["mak"].as_str().unwrap().to_owned()
}

fn decode(arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_countertop"));
    command.args(["host", "decode"]).args(arguments).output().unwrap()
}

fn printed(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

/// Fails unless the command failed and said `told`, and returns the errors.
fn refused(arguments: &[&str], told: &str) {
    let output = decode(arguments);
    let errors = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(1), "{arguments:?}: {errors}");
    assert!(errors.contains(told), "`{told}` is not in {errors}");
}

#[test]
fn every_frame_is_shown_and_verified_without_secrets() {
    for (name, digits, coded) in frames() {
        let output = decode(&[&digits, "--mak", &mak()]);
        let text = printed(&output);
        assert!(output.status.success(), "{name}: {output:?}");
        assert!(text.contains(&format!("length prefix: {} = ", &digits[..4])), "{name}\n{text}");
        assert!(text.contains(&format!("TPDU: {}", &digits[4..14])), "{name}\n{text}");
        assert!(text.contains(&format!("header: {}", &digits[14..26])), "{name}\n{text}");
        assert!(text.contains(&format!("MTI: {}", &digits[26..30])), "{name}\n{text}");
        assert!(text.contains(&format!("bitmap: {}", &digits[30..46])), "{name}\n{text}");
        assert_eq!(text.contains(": verifies"), coded, "{name}\n{text}");
        assert!(!text.contains("6200000000000005"), "{name}\n{text}");
    }
}

#[test]
fn each_field_and_each_object_inside_is_shown() {
    let fixture = fixture();
    let fields = fixture["frames"]["sale_chip_pin"]["fields"].as_object().unwrap().clone();
    let text = printed(&decode(&[&frame("sale_chip_pin"), "--mak", &mak()]));
    for number in fields.keys().filter_map(|key| key.parse::<u8>().ok()) {
        assert!(text.contains(&format!("F{number:03} ")), "{number}\n{text}");
    }
    for line in ["F002", "F052", "  9F26 Application Cryptogram: ", "  60.1 ", "MAC: received "] {
        assert!(text.lines().any(|found| found.starts_with(line)), "{line}\n{text}");
    }
    assert!(text.contains("620000******0005"), "{text}");
    assert!(text.contains("PIN block: withheld (8 bytes)"), "{text}");
    assert!(text.contains("received BB364F2C, computed BB364F2C"), "{text}");
}

#[test]
fn digits_come_in_any_shape() {
    let digits = frame("sale_chip_pin");
    let whole = printed(&decode(&[&digits]));
    assert!(whole.contains("not checked"), "{whole}");
    let small = digits.to_lowercase();
    let pairs: Vec<_> =
        small.as_bytes().chunks(2).map(|it| std::str::from_utf8(it).unwrap()).collect();
    assert_eq!(printed(&decode(&[&small])), whole);
    assert_eq!(printed(&decode(&[&format!(" {}\n", pairs.join(" "))])), whole);
    assert_eq!(printed(&decode(&pairs)), whole);
}

#[test]
fn a_wrong_key_or_a_changed_message_fails() {
    let digits = frame("sale_chip_pin");
    let told = "the message authentication code does not verify";
    refused(&[&digits, "--mak", "1111111111111111"], told);
    // The amount, 12.34, becomes 92.34.
    let changed = digits.replacen("000000001234", "000000009234", 1);
    refused(&[&changed, "--mak", &mak()], told);
    assert!(printed(&decode(&[&changed, "--mak", &mak()])).contains("does NOT verify"));
    refused(&[&digits, "--mak", "1111"], "key of 2 bytes");
    refused(&[&digits, "--mak", "xy"], "--mak: character 1 is `x`");
}

#[test]
fn what_is_no_frame_is_told_apart() {
    let digits = frame("sale_chip_pin");
    refused(&[&digits[..digits.len() - 2]], "frame: ");
    refused(&[&digits[..digits.len() - 1]], "an odd number");
    refused(&[&format!("{digits}00")], "frame: ");
    refused(&["deadbeef"], "frame: ");
    refused(&["hello"], "character 1 is `h`");
    refused(&[""], "frame: ");
    let output = decode(&[]);
    assert_eq!(output.status.code(), Some(2), "{output:?}");
}

#[test]
fn a_key_for_a_message_without_code_is_mentioned() {
    let output = decode(&[&frame("echo_test"), "--mak", &mak()]);
    assert!(output.status.success());
    assert!(String::from_utf8(output.stderr).unwrap().contains("no authentication code"));
}

#[test]
fn json_is_for_machines() {
    for (name, digits, coded) in frames() {
        let output = decode(&[&digits, "--mak", &mak(), "--json"]);
        let value: Value = serde_json::from_slice(&output.stdout).unwrap();
        assert_eq!(value["mti"].as_str().unwrap(), &digits[26..30], "{name}");
        assert_eq!(value["mac"]["verified"].as_bool(), coded.then_some(true), "{name}: {value}");
        assert!(!value.to_string().contains("6200000000000005"), "{name}");
    }
}
