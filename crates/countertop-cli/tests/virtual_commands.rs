//! Each `countertop virtual …` as other people's programs meet it: found, used, ended.

#![expect(clippy::unwrap_used, reason = "helpers of tests")]

use std::fs;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use countertop::device::{
    CodeScanner as _, Currency, Money, PinBlockFormat, PinEntry, PinPad as _, PinRequest, Settings,
    SignaturePad as _, SignatureRequest, StripeReader as _,
};
use countertop::input::pinpad::VisaPinPad;
use countertop::input::scanner::SerialScanner;
use countertop::magstripe::msr605::Msr605;
use countertop_acquirer::unionpay::{Profile, UnionPay};
use countertop_acquirer::{Acquirer as _, BatchNumber, SignInRequest, Stan};
use countertop_tests::program::Program;
use tokio::time::timeout;

/// Longer than anything here takes, so that a test fails and does not hang.
const LIMIT: Duration = Duration::from_secs(30);
/// How often a person tries again.
const AGAIN: Duration = Duration::from_millis(200);
/// The devices on a pty.
const SERIAL: [&str; 6] = ["magstripe", "pinpad", "pn532", "printer", "scanner", "signature"];

fn countertop(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_countertop"));
    command.arg("virtual").args(arguments);
    command
}

/// Starts a device on a pty and waits until it says where it is.
fn linked(device: &str, link: &Path) -> Program {
    let link = link.to_str().unwrap();
    let mut command = countertop(&[device, "--link", link]);
    if device == "printer" {
        command.args(["--out", Path::new(link).parent().unwrap().to_str().unwrap()]);
    }
    let program = Program::start(&mut command).unwrap();
    let said = match device {
        "pn532" => program.line("pn532: ").unwrap(),
        device => program.line(&format!("{device}: ")).unwrap(),
    };
    assert_eq!(said, format!("serial:{link}"));
    program
}

#[test]
fn a_device_is_at_its_link_until_it_is_interrupted() {
    let folder = tempfile::tempdir().unwrap();
    for (device, signal) in SERIAL.iter().zip(["INT", "TERM"].iter().cycle()) {
        let link = folder.path().join(device);
        let mut program = linked(device, &link);
        assert!(fs::canonicalize(&link).unwrap().starts_with("/dev/pts"), "{device}");
        assert!(program.runs().unwrap(), "{device}");
        program.signal(signal).unwrap();
        // Its input is still open: nobody has to press a key first.
        assert_eq!(program.wait().unwrap().code(), Some(0), "{device} after SIG{signal}");
        assert!(fs::symlink_metadata(&link).is_err(), "{device} leaves its link");
    }
}

#[test]
fn devices_go_on_quietly_without_an_input() {
    let folder = tempfile::tempdir().unwrap();
    let start = |device: &&str| {
        let mut program = linked(device, &folder.path().join(device));
        program.close_input();
        program
    };
    let mut programs: Vec<_> = SERIAL.iter().map(start).collect();
    let before: Vec<_> = programs.iter().map(|it| it.processor_ticks().unwrap()).collect();
    // What is measured is the time in which nothing should happen.
    std::thread::sleep(Duration::from_secs(1));
    for ((device, program), before) in SERIAL.iter().zip(&mut programs).zip(before) {
        assert!(program.runs().unwrap(), "{device} ended with its input");
        let used = program.processor_ticks().unwrap() - before;
        assert!(used <= 10, "{device} used {used} of 100 ticks in a second of idleness");
    }
}

#[test]
fn the_later_device_takes_over_a_link() {
    let folder = tempfile::tempdir().unwrap();
    let link = folder.path().join("device");
    let mut first = linked("scanner", &link);
    let mut second = linked("scanner", &link);
    let target = fs::read_link(&link).unwrap();
    first.signal("INT").unwrap();
    assert_eq!(first.wait().unwrap().code(), Some(0));
    assert_eq!(fs::read_link(&link).unwrap(), target, "the first takes the second's link away");
    second.signal("INT").unwrap();
    assert_eq!(second.wait().unwrap().code(), Some(0));
    assert!(fs::symlink_metadata(&link).is_err());
}

#[test]
fn mistakes_are_told() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("file");
    fs::write(&file, "precious").unwrap();
    let file = file.to_str().unwrap();
    let nowhere = folder.path().join("nowhere/link");
    let nowhere = nowhere.to_str().unwrap();
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let taken = taken.local_addr().unwrap().to_string();
    for (arguments, told) in [
        (&["toaster"][..], "unrecognized subcommand 'toaster'"),
        (&["printer"], "--tcp <PORT>|--link <PATH>"),
        (&["printer", "--tcp", "0", "--link", nowhere], "one of --tcp, --link"),
        (&["printer", "--tcp", "0", "--out", file], file),
        (&["printer", "--tcp", "paper"], "write a port, or ADDRESS:PORT"),
        (&["printer", "--tcp", "0", "--fault", "fire"], "no fault is named `fire`"),
        (&["printer", "--tcp", "0", "--fault", "mute@line=3"], "@byte=N, @command=N or @rows=N"),
        (&["printer", "--tcp", "0", "--profile", "Toaster"], "TM-T88VI"),
        (&["printer", "--tcp", "0", "--control", "0.0.0.0:0"], "has to be on loopback"),
        (&["printer", "--tcp", "70000"], "write a port, or ADDRESS:PORT"),
        (&["printer", "--tcp", &taken], &taken),
        (&["acquirer"], "--tcp <PORT>"),
        (&["acquirer", "--tcp", &taken], &taken),
        (&["scanner", "--link", nowhere], nowhere),
        (&["scanner", "--link", file], "is in the way of the link"),
        (&["scanner", "--speed", "9600"], "unexpected argument '--speed'"),
        (&["card", "--vpcd", "127.0.0.1:1"], "vsmartcard-vpcd"),
        (&["card", "--profile", file], "card profile: TOML parse error at line 1"),
        (&["card", "--profile", nowhere], nowhere),
        (&["pn532", "--profile", file], "card profile: TOML parse error at line 1"),
    ] {
        let output = countertop(arguments).output().unwrap();
        let errors = String::from_utf8(output.stderr).unwrap();
        assert!(!output.status.success() && output.status.code().is_some(), "{arguments:?}");
        assert!(errors.contains(told), "`{told}` is not in {arguments:?}: {errors}");
        assert!(!errors.contains("panicked"), "{errors}");
    }
    assert_eq!(fs::read_to_string(file).unwrap(), "precious");
}

#[test]
fn a_printer_draws_what_it_prints() {
    use std::io::Write as _;
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("receipts");
    let arguments = ["printer", "--tcp", "0", "--out", out.to_str().unwrap()];
    let program = Program::start(&mut countertop(&arguments)).unwrap();
    let address = program.line("printer: tcp:").unwrap();
    let mut host = std::net::TcpStream::connect(&address).unwrap();
    host.set_read_timeout(Some(LIMIT)).unwrap();
    // A line, cut, and the process ID 1234 when all that is done (GS ( H, function 48).
    host.write_all(b"12.34 total\n\x1dV\x00\x1d(H\x06\x00001234").unwrap();
    let mut answer = [0; 7];
    std::io::Read::read_exact(&mut host, &mut answer).unwrap();
    assert_eq!(&answer, b"\x37\x221234\x00");
    assert!(fs::read(out.join("receipt-0001.png")).unwrap().starts_with(b"\x89PNG"));
    assert!(fs::read_to_string(out.join("receipt-0001.txt")).unwrap().contains("12.34 total"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_scanner_scans_what_is_typed() {
    let folder = tempfile::tempdir().unwrap();
    let mut program = linked("scanner", &folder.path().join("scanner"));
    let selector = format!("serial:{}", folder.path().join("scanner").display()).parse().unwrap();
    let mut scanner = SerialScanner::open(&selector, &Settings::new()).await.unwrap();
    for code in ["6200000000000000005", "1234567"] {
        let typing = again(|| program.type_line(code).unwrap());
        let scan = tokio::select! {
            scan = timeout(LIMIT, scanner.next_scan()) => scan.unwrap().unwrap(),
            () = typing => unreachable!(),
        };
        assert_eq!(scan.data.expose(), code.as_bytes());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stripe_reader_is_swiped_by_pressing_enter() {
    let folder = tempfile::tempdir().unwrap();
    let mut program = linked("magstripe", &folder.path().join("magstripe"));
    let selector = format!("serial:{}", folder.path().join("magstripe").display()).parse().unwrap();
    let mut reader = Msr605::open(&selector, &Settings::new()).await.unwrap();
    let swiping = again(|| program.type_line("").unwrap());
    let swipe = tokio::select! {
        swipe = timeout(LIMIT, reader.next_swipe()) => swipe.unwrap().unwrap(),
        () = swiping => unreachable!(),
    };
    assert!(swipe.track(2).unwrap().expose().starts_with(b"6200000000000005="));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_signature_pad_signs_by_itself() {
    use countertop::input::signature::UnionpaySignpad;
    let folder = tempfile::tempdir().unwrap();
    let program = linked("signature", &folder.path().join("signature"));
    let selector = format!("serial:{}", folder.path().join("signature").display()).parse().unwrap();
    let mut pad = UnionpaySignpad::open(&selector, &Settings::new()).await.unwrap();
    let request =
        SignatureRequest { feature_code: "A1B2C3D4".into(), timeout: Duration::from_secs(20) };
    let image = timeout(LIMIT, pad.capture(&request)).await.unwrap().unwrap().unwrap();
    assert!(image.black_dots() > 100, "{image:?}");
    assert_eq!(program.line("asked for a signature under ").unwrap(), "A1B2C3D4");
}

#[tokio::test(flavor = "multi_thread")]
async fn acquirer_and_pin_pad_serve_a_terminal() {
    let folder = tempfile::tempdir().unwrap();
    let host = Program::start(&mut countertop(&["acquirer", "--tcp", "0"])).unwrap();
    let mut profile = Profile::default();
    profile.host = host.line("acquirer: ").unwrap();
    let mut acquirer = UnionPay::new(profile).unwrap();
    timeout(LIMIT, acquirer.echo_test(BatchNumber::FIRST)).await.unwrap().unwrap();

    let mut program = linked("pinpad", &folder.path().join("pinpad"));
    let selector = format!("serial:{}", folder.path().join("pinpad").display()).parse().unwrap();
    let mut pad = VisaPinPad::open(&selector, &Settings::new()).await.unwrap();
    let request = SignInRequest { stan: Stan::FIRST, batch: BatchNumber::FIRST, operator: 1 };
    timeout(LIMIT, acquirer.sign_in(&mut pad, &request)).await.unwrap().unwrap();

    for (typed, entered) in [("123456", true), ("cancel", false)] {
        let typing = again(|| program.type_line(typed).unwrap());
        let request = pin_request();
        let entry = tokio::select! {
            entry = timeout(LIMIT, pad.encrypt_pin(&request)) => entry.unwrap().unwrap(),
            () = typing => unreachable!(),
        };
        assert_eq!(matches!(entry, PinEntry::Entered(_)), entered, "{entry:?} after {typed}");
        assert_eq!(entry == PinEntry::Cancelled, !entered, "{entry:?} after {typed}");
    }
}

fn pin_request() -> PinRequest {
    PinRequest {
        pan: b"6200000000000005".as_slice().into(),
        amount: Money::from_minor(1234, Currency::CNY),
        format: PinBlockFormat::Iso0,
        min_length: 4,
        max_length: 12,
        timeout: Duration::from_secs(20),
    }
}

/// Does something again and again, as people do until the other side has noticed.
async fn again(mut act: impl FnMut()) {
    loop {
        tokio::time::sleep(AGAIN).await;
        act();
    }
}

#[test]
fn a_printer_breaks_when_it_is_told_to() {
    use std::io::{BufRead as _, BufReader, Write as _};
    use std::net::TcpStream;
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().to_str().unwrap();
    let arguments = ["printer", "--tcp", "0", "--control", "0", "--out", out];
    let faults = ["--fault", "paper-out@rows=30", "--profile", "TM-T88VI"];
    let arguments: Vec<_> = arguments.iter().chain(&faults).copied().collect();
    let mut program = Program::start(&mut countertop(&arguments)).unwrap();
    assert_eq!(program.line("fault: ").unwrap(), "paper-out@rows=30");
    let control = TcpStream::connect(program.line("control: ").unwrap()).unwrap();
    control.set_read_timeout(Some(LIMIT)).unwrap();
    let mut control = BufReader::new(control);
    let mut host = TcpStream::connect(program.line("printer: tcp:").unwrap()).unwrap();
    host.write_all(b"one\ntwo\n\x1dV\x00").unwrap();
    let mut ask = |request: &str| {
        writeln!(control.get_mut(), "{request}").unwrap();
        let mut answer = String::new();
        control.read_line(&mut answer).unwrap();
        answer
    };
    let early = ask(r#"{"do":"wait","pages":1,"ms":300}"#);
    assert!(early.contains("only 0 pages of 1"), "{early}");
    assert!(ask(r#"{"do":"state"}"#).contains(r#""paper-out":true"#));
    // A hand at the keyboard does the same as the one on the port.
    program.type_line(r#"{"do":"mend","kind":"paper-out"}"#).unwrap();
    assert_eq!(program.line(r#"{"ok":"#).unwrap(), "true}");
    let done = ask(r#"{"do":"wait","pages":1,"ms":20000}"#);
    assert!(done.contains(r#""ok":true"#), "{done}");
    let page = ask(r#"{"do":"page","number":1}"#);
    assert!(page.contains(r#""text":"one\ntwo\n""#) && page.contains(r#""width":512"#), "{page}");
    let json = fs::read_to_string(folder.path().join("receipt-0001.json")).unwrap();
    assert!(json.contains("Position(LineFeed)"), "{json}");
}
