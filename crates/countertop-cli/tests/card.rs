//! `countertop card` against virtual cards: through pcscd, and in the field of the virtual PN532.

#![expect(clippy::unwrap_used, reason = "helpers of tests")]

use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};

use countertop_tests::pcscd::{Service, VPCD};
use countertop_tests::program::Program;
use countertop_tests::search::Secret;
use countertop_virtual::card::{CardProfile, Interface, PaymentCard};
use countertop_virtual::pn532::{Pn532Control, Target, VirtualPn532};
use countertop_virtual::pty::Pty;
use serde_json::Value;

const READER: &str = "pcsc:Virtual PCD 00 00";

/// A card that asks for no PIN, which a sale without a PIN pad could not give.
const SIGNS: &str = "scheme = \"unionpay-debit\"\n[cvm]\nrules = [{ method = \"signature\" }]\n";

/// What no output may show.
fn secrets() -> Vec<Secret> {
    vec![
        Secret::digits("card number", "6200000000000005"),
        Secret::text("track 2", "6200000000000005D3012"),
        Secret::text("cardholder", "TEST/CARD"),
        Secret::text("cardholder in hexadecimal", "544553542F43415244"),
    ]
}

fn clean(what: &str, bytes: &[u8]) {
    // A recording has blanks between bytes.
    let joined: Vec<u8> = bytes.iter().copied().filter(|byte| *byte != b' ').collect();
    for secret in secrets() {
        for form in [bytes, &joined] {
            assert!(secret.found_in(what, form).is_none(), "{what} shows the {secret:?}");
        }
    }
}

fn countertop(arguments: &[&str]) -> Output {
    let output = Command::new("timeout")
        .args(["--kill-after=5", "60", env!("CARGO_BIN_EXE_countertop"), "card"])
        .args(arguments)
        .stdin(Stdio::null())
        .output()
        .unwrap();
    clean("standard output", &output.stdout);
    clean("standard error", &output.stderr);
    output
}

/// Runs it and returns what it says on standard output, which has to succeed.
fn done(arguments: &[&str]) -> String {
    let Output { status, stdout, stderr } = countertop(arguments);
    assert!(status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&stderr));
    String::from_utf8(stdout).unwrap()
}

fn json(text: &str) -> Value {
    serde_json::from_str(text).unwrap()
}

/// Is the service with a card in its virtual reader.
struct Counter {
    _card: Program,
    _service: Service,
}

fn insert(profile: Option<&str>, folder: &Path) -> Counter {
    let service = Service::start().unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_countertop"));
    command.args(["virtual", "card", "--vpcd", VPCD]);
    if let Some(text) = profile {
        let file = folder.join("card.toml");
        std::fs::write(&file, text).unwrap();
        command.arg("--profile").arg(file);
    }
    let card = Program::start(&mut command).unwrap();
    card.line("card: in the reader").unwrap();
    Counter { _card: card, _service: service }
}

#[test]
fn a_card_is_read_recorded_and_replayed() {
    let folder = tempfile::tempdir().unwrap();
    let counter = insert(None, folder.path());
    let file = folder.path().join("card.log");
    let file = file.to_str().unwrap();

    // By default the first reader, which vpcd's is.
    let output = countertop(&["--trace", "--record", file]);
    let text = String::from_utf8(output.stdout).unwrap();
    let trace = String::from_utf8(output.stderr).unwrap();
    assert!(output.status.success(), "{trace}");
    for wanted in [
        "reader: pcsc:Virtual PCD 00 00",
        "protocol: T=1\n",
        "answer to reset: 3BE300008131FE458031C099\n",
        "directory: 1PAY.SYS.DDF01\n",
        "application A000000333010101: UnionPay Debit\n",
        "card number 620000******0005\n",
        "5A Application Primary Account Number (PAN): withheld, 8 bytes\n",
        "5F20 Cardholder Name: withheld, ",
        "9F36 Application Transaction Counter (ATC): 0001\n",
        "transaction log: 0 records\n",
    ] {
        assert!(text.contains(wanted), "no {wanted:?} in\n{text}");
    }
    for wanted in [
        "    SELECT 1PAY.SYS.DDF01\n",
        "    GET PROCESSING OPTIONS\n",
        "    READ RECORD 1 of file 1\n",
        "    GET DATA 9F4F Log Format\n",
        "      50 Application Label: UnionPay Debit\n",
        "5A 08 ** ** ** ** ** ** ** **",
    ] {
        assert!(trace.contains(wanted), "no {wanted:?} in\n{trace}");
    }
    let recorded = std::fs::read(file).unwrap();
    clean("recording", &recorded);

    drop(counter);
    let replayed = done(&["--replay", file]);
    assert!(replayed.contains("application A000000333010101: UnionPay Debit\n"), "{replayed}");
    // The number is not in the recording, so that there is nothing to mask.
    assert!(!replayed.contains("card number"), "{replayed}");
    let value = json(&done(&["--replay", file, "--json"]));
    assert_eq!(value["applications"][0]["label"], "UnionPay Debit");
    assert_eq!(value["answer_to_reset"]["protocols"][0], "T=1");
}

#[test]
fn a_sale_is_approved_and_stands_in_the_cards_log() {
    let folder = tempfile::tempdir().unwrap();
    let _counter = insert(Some(SIGNS), folder.path());
    let text = done(&["sale", "--amount", "12.34", "--at", READER]);
    for wanted in [
        "approved: 12.34 CNY\n",
        "card: 620000******0005, UnionPay Debit (A000000333010101)\n",
        "host: 00",
        "cryptogram: TC ",
        "TVR: ",
        "TSI: ",
        "  offline data authentication was performed\n",
        "CVM: 1E0300 signature if the terminal supports it: unknown\n",
        "the cardholder signs the voucher\n",
    ] {
        assert!(text.contains(wanted), "no {wanted:?} in\n{text}");
    }
    let value = json(&done(&["--at", READER, "--json"]));
    assert_eq!(value["applications"][0]["log"][0]["amount"], "12.34 CNY", "{value}");
    assert_eq!(value["applications"][0]["masked_pan"], "620000******0005");

    // The host's rule: 44 yuan decline with the cents as code.
    let file = folder.path().join("sale.log");
    let arguments =
        ["sale", "--amount", "44.51", "--json", "--trace", "--record", file.to_str().unwrap()];
    let output = countertop(&arguments);
    assert_eq!(output.status.code(), Some(1));
    let value = json(&String::from_utf8(output.stdout).unwrap());
    assert_eq!((value["result"].as_str(), &value["approved"]), (Some("declined"), &false.into()));
    assert_eq!((value["host"]["code"].as_str(), &value["reversal"]), (Some("51"), &Value::Null));
    assert_eq!(value["cryptogram"]["kind"], "AAC");
    let trace = String::from_utf8(output.stderr).unwrap();
    assert!(trace.contains("    GENERATE AC, ARQC asked for\n"), "{trace}");
    clean("recording", &std::fs::read(file).unwrap());
}

#[test]
fn what_nobody_knows_is_reversed() {
    let folder = tempfile::tempdir().unwrap();
    let _counter = insert(Some(SIGNS), folder.path());
    let mut host = Command::new(env!("CARGO_BIN_EXE_countertop"));
    let host = Program::start(host.args(["virtual", "acquirer", "--tcp", "0"])).unwrap();
    let address = host.line("acquirer: ").unwrap();
    // The host's rule: it books 45.02 yuan and does not answer.
    let output =
        countertop(&["sale", "--amount", "45.02", "--at", READER, "--host", &address, "--json"]);
    assert_eq!(output.status.code(), Some(1));
    let value = json(&String::from_utf8(output.stdout).unwrap());
    assert_eq!((&value["result"], &value["approved"]), (&"unknown".into(), &false.into()));
    assert_eq!(value["reversal"], "reversed at the host");
    assert!(value["host"]["error"].is_string(), "{value}");
}

#[test]
fn a_card_that_wants_a_pin_is_told_that_there_is_none() {
    let folder = tempfile::tempdir().unwrap();
    let profile = "scheme = \"unionpay-debit\"\n[cvm]\nrules = [{ method = \"online-pin\" }]\n";
    let _counter = insert(Some(profile), folder.path());
    let output = countertop(&["sale", "--amount", "12.34", "--json"]);
    let value = json(&String::from_utf8(output.stdout).unwrap());
    let meanings = value["tvr"]["meanings"].as_array().unwrap();
    let failed = "cardholder verification was not successful";
    assert!(meanings.iter().any(|it| it == failed), "{value}");
    assert_eq!(value["cvm"]["words"], "no CVM performed: failed");
    assert_eq!(output.status.success(), value["approved"] == true, "{value}");
}

fn power_up(profile: CardProfile) -> (String, Pn532Control) {
    let pty = Pty::open(None).unwrap();
    let at = format!("serial:{}", pty.path().display());
    let (chip, control) = VirtualPn532::new();
    tokio::spawn(chip.serve(pty));
    let card = PaymentCard::new(profile).on(Interface::Contactless);
    control.put(Target::iso_dep([0x08, 0x52, 0x7a, 0x01], card));
    (at, control)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_tap_is_read_and_pays() {
    let (at, _control) = power_up(CardProfile::unionpay_debit());
    let arguments = ["--at", &at, "--json"].map(str::to_owned);
    let read = tokio::task::spawn_blocking(move || {
        let arguments: Vec<_> = arguments.iter().map(String::as_str).collect();
        let value = json(&done(&arguments));
        let sale = done(&["sale", "--amount", "8.00", "--at", arguments[1]]);
        (value, sale)
    });
    let (value, sale) = read.await.unwrap();
    assert_eq!(value["directory"], "2PAY.SYS.DDF01", "{value}");
    assert_eq!(value["applications"][0]["masked_pan"], "620000******0005", "{value}");
    assert!(sale.contains("approved: 8.00 CNY\n") && sale.contains("cryptogram: ARQC "), "{sale}");
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_cards_in_the_field_none_is_read() {
    let (at, control) = power_up(CardProfile::unionpay_debit());
    let card = PaymentCard::new(CardProfile::unionpay_debit()).on(Interface::Contactless);
    control.put(Target::iso_dep([0x08, 0x11, 0x22, 0x33], card));
    let refused = tokio::task::spawn_blocking(move || {
        [&["--at", &at][..], &["sale", "--amount", "8.00", "--at", &at]].map(countertop)
    });
    for output in refused.await.unwrap() {
        let error = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(1), "{error}");
        assert!(error.contains("more than one card is in the field"), "{error}");
        assert!(error.contains("cure: hold one card alone to the antenna"), "{error}");
    }
}

#[test]
fn mistakes_are_told() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("countertop.toml");
    std::fs::write(&file, "[acquirer]\nlive = true\n").unwrap();
    let file = file.to_str().unwrap();
    let begin = Instant::now();
    for (arguments, expected, cure) in [
        (&["sale", "--amount", "1", "--config", file][..], "moves money", "countertop run"),
        (&["sale", "--amount", "0"], "it is nought", ""),
        (&["--replay", "/does/not/exist"], "/does/not/exist", ""),
        (&["--replay", file], "line 1 of the log: a line starts with", ""),
        (&["--at", "serial:/dev/does-not-exist"], "not found", ""),
    ] {
        let output = countertop(arguments);
        let error = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(1), "{arguments:?}: {error}");
        assert!(error.contains(expected) && error.contains(cure), "{arguments:?}: {error}");
    }
    assert!(begin.elapsed() < Duration::from_secs(30));
    for wrong in [&["sale"][..], &["sale", "--amount", "1", "--currency", "XYZ"], &["pay"]] {
        assert_eq!(countertop(wrong).status.code(), Some(2), "{wrong:?}");
    }
}
