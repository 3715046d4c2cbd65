//! Programs that others wrote, on our virtual devices: pcsc-tools, OpenSC, libnfc and ZBar.

#![expect(clippy::unwrap_used, reason = "helpers of tests")]

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use countertop::device::Settings;
use countertop::device::document::Document;
use countertop::printer::{EscPosSettings, encode};
use countertop_tests::pcscd::{Service, VPCD};
use countertop_tests::program::Program;

/// The virtual payment card's answer to reset.
const ANSWER_TO_RESET: &str = "3B E3 00 00 81 31 FE 45 80 31 C0 99";
/// SELECT of the payment system environment (EMV Book 1, clause 11.3).
const SELECT_PSE: &str = "00A404000E315041592E5359532E444446303100";

fn virtual_device(arguments: &[&str]) -> Program {
    let mut command = Command::new(env!("CARGO_BIN_EXE_countertop"));
    Program::start(command.arg("virtual").args(arguments)).unwrap()
}

/// Runs a stranger's program for half a minute at the most and returns what it printed.
fn stranger(package: &str, program: &str, arguments: &[&str], device: &str) -> String {
    let found = std::env::var_os("PATH").is_some_and(|path| {
        std::env::split_paths(&path).any(|folder| folder.join(program).is_file())
    });
    assert!(found, "{program} is missing: install the Debian package {package}");
    let output = Command::new("timeout")
        .args(["--kill-after=5", "30", program])
        .args(arguments)
        .env("LIBNFC_DEFAULT_DEVICE", device)
        .output()
        .unwrap();
    String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).into_owned()
}

/// Keeps hexadecimal digits alone, in capitals: each program has its own separators.
fn digits(text: &str) -> String {
    text.chars().filter(char::is_ascii_hexdigit).collect::<String>().to_uppercase()
}

#[test]
fn pc_sc_programs_find_the_card_and_its_directory() {
    let _service = Service::start().unwrap();
    let card = virtual_device(&["card", "--vpcd", VPCD]);
    card.line("card: in the reader").unwrap();

    let readers = stranger("pcsc-tools", "pcsc_scan", &["-r"], "");
    assert!(readers.contains("Virtual PCD 00 00"), "{readers}");
    let reset = digits(ANSWER_TO_RESET);
    let seen = within(Duration::from_secs(10), || {
        let text = stranger("opensc", "opensc-tool", &["--reader", "0", "--atr"], "");
        digits(&text).contains(&reset).then_some(()).ok_or(text)
    });
    seen.unwrap();
    let scan = stranger("pcsc-tools", "pcsc_scan", &["-n", "-t", "2"], "");
    assert!(scan.contains("Virtual PCD 00 00") && digits(&scan).contains(&reset), "{scan}");

    let select = ["--reader", "0", "--card-driver", "default", "--send-apdu", SELECT_PSE];
    let answer = stranger("opensc", "opensc-tool", &select, "");
    assert!(answer.contains("SW1=0x90, SW2=0x00"), "{answer}");
    assert!(answer.contains("84 0E 31 50 41 59 2E 53 59 53"), "{answer}");
}

/// Tries until it succeeds: a service reports a card some time after it was inserted.
fn within(patience: Duration, attempt: impl Fn() -> Result<(), String>) -> Result<(), String> {
    let end = std::time::Instant::now() + patience;
    loop {
        match attempt() {
            Err(_) if std::time::Instant::now() < end => {}
            done => return done,
        }
    }
}

#[test]
fn nfc_list_lists_card_and_tag() {
    let folder = tempfile::tempdir().unwrap();
    let link = folder.path().join("pn532");
    let program = virtual_device(&["pn532", "--link", link.to_str().unwrap()]);
    let shown = program.line("libnfc: LIBNFC_DEFAULT_DEVICE=").unwrap();
    let connstring = shown.strip_suffix(" nfc-list").unwrap();
    let text = stranger("libnfc-bin", "nfc-list", &[], connstring);
    assert!(text.contains("2 ISO14443A passive target(s) found"), "{text}");
    let ids: Vec<_> = text.lines().filter(|line| line.contains("NFCID")).map(digits).collect();
    let found = |id: &str| ids.iter().any(|line| line.ends_with(id));
    assert!(found("08527A01"), "{text}");
    assert!(found("046B2A9C517380"), "{text}");
    assert!(text.contains("ATS: 78  80  70  02"), "{text}");
}

#[test]
fn zbar_reads_the_code_on_the_receipt() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().to_str().unwrap();
    let program = virtual_device(&["printer", "--tcp", "0", "--out", out]);
    let mut printer = TcpStream::connect(program.line("printer: tcp:").unwrap()).unwrap();
    printer.set_read_timeout(Some(Duration::from_secs(30))).unwrap();
    let mut receipt = Document::new();
    receipt.line("签购单").qr("https://example.com/r/000002").cut();
    let settings = EscPosSettings::from_settings(&Settings::new()).unwrap();
    printer.write_all(&encode(&receipt, &settings).unwrap()).unwrap();
    // GS ( H, function 48: the printer answers when everything before is on paper.
    printer.write_all(b"\x1d(H\x06\x0000done").unwrap();
    printer.read_exact(&mut [0; 7]).unwrap();

    let picture = Path::new(out).join("receipt-0001.png");
    let text = stranger("zbar-tools", "zbarimg", &["--quiet", picture.to_str().unwrap()], "");
    // ZBar also complains of a message bus that is not there.
    assert_eq!(text.lines().next(), Some("QR-Code:https://example.com/r/000002"), "{text}");
}

/// As `docs/virtual-printer.md` shows it.
const PYTHON: &str = r#"
import json, socket, sys
from escpos.printer import Network

control = socket.create_connection(("127.0.0.1", int(sys.argv[2]))).makefile("rw")

def ask(**request):
    print(json.dumps(request), file=control, flush=True)
    return json.loads(control.readline())

ask(do="fault", fault="cover-open@command=3,for=1s")
printer = Network("127.0.0.1", int(sys.argv[1]))
printer.text("Hello from Python\n")
printer.barcode("4006381333931", "EAN13")
printer.qr("https://example.com/", native=True)
printer.cut()
assert ask(do="wait", pages=1, ms=20000)["ok"]
page = ask(do="page", number=1)["page"]
assert "Hello from Python" in page["text"] and "[Ean13 4006381333931]" in page["text"], page
assert page["notes"] == [], page
print("printed")
"#;

#[test]
fn python_escpos_prints_where_it_is_installed() {
    let python = std::env::var("COUNTERTOP_PYTHON").unwrap_or_else(|_| "python3".into());
    let there = Command::new(&python).args(["-c", "import escpos"]).output();
    if !there.is_ok_and(|there| there.status.success()) {
        return eprintln!(
            "python-escpos is not installed: not tried (COUNTERTOP_PYTHON names a Python)"
        );
    }
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().to_str().unwrap();
    let program = virtual_device(&["printer", "--tcp", "0", "--control", "0", "--out", out]);
    let port = |line: String| line.rsplit(':').next().unwrap().to_owned();
    let control = port(program.line("control: ").unwrap());
    let printer = port(program.line("printer: tcp:").unwrap());
    let output = Command::new("timeout")
        .args(["--kill-after=5", "60", &python, "-c", PYTHON, &printer, &control])
        .output()
        .unwrap();
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(String::from_utf8_lossy(&output.stdout).contains("printed"), "{errors}");
}
