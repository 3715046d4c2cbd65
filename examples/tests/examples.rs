//! Runs each example as a person would, on virtual devices; `test_against_virtual` is a test itself.

#![expect(clippy::unwrap_used, reason = "helpers of tests")]

use std::path::PathBuf;
use std::process::Command;
use std::time::{Duration, Instant};

use countertop_tests::pcscd::{Service, VPCD};
use countertop_tests::program::Program;
use countertop_virtual::acquirer::{AcquirerConfig, VirtualAcquirer};
use countertop_virtual::card::{CardProfile, Interface, PaymentCard};
use countertop_virtual::pinpad::{PinPadConfig, ProfileKind, VirtualPinPad};
use countertop_virtual::pn532::{Target, Type2Model, Type2Tag, VirtualPn532};
use countertop_virtual::printer::{PrinterConfig, PrinterControl, VirtualPrinter};
use countertop_virtual::pty::Pty;
use countertop_virtual::scanner::{ScannerControl, VirtualScanner};
use countertop_virtual::stripe::{StripeCard, StripeConfig, StripeDialect, VirtualStripe};
use countertop_virtual::vpcd::{CardSlot, Reconnect};
use countertop_wire::ndef::{Message, Record};
use countertop_wire::scanner::ScanFormat;
use tokio::net::TcpListener;
use tokio::task::spawn_blocking;

/// How often a person tries again.
const AGAIN: Duration = Duration::from_millis(200);
const PAYMENT_CODE: &str = "6200000000000000005";

/// Starts an example; Cargo builds it beside the tests.
fn example(name: &str, arguments: &[&str]) -> Program {
    let tests = std::env::current_exe().unwrap();
    let program: PathBuf = tests.parent().unwrap().with_file_name("examples").join(name);
    assert!(program.is_file(), "{} is missing: cargo build --examples", program.display());
    Program::start(Command::new(program).args(arguments)).unwrap()
}

/// Waits for a line and for a good end, without blocking the devices; returns the line's rest.
async fn ends_with(mut program: Program, start: &'static str) -> String {
    let ended = spawn_blocking(move || {
        let line = program.line(start).unwrap();
        assert!(program.wait().unwrap().success());
        line
    });
    ended.await.unwrap()
}

fn serial(pty: &Pty) -> String {
    format!("serial:{}", pty.path().display())
}

async fn printer() -> (String, PrinterControl) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let selector = format!("tcp:{}", listener.local_addr().unwrap());
    let (device, control) = VirtualPrinter::new(PrinterConfig::default());
    tokio::spawn(device.serve_tcp(listener));
    (selector, control)
}

#[tokio::test(flavor = "multi_thread")]
async fn print() {
    let (selector, control) = printer().await;
    ends_with(example("print", &[&selector]), "Confirmed").await;
    let text = control.pages()[0].text().to_owned();
    assert!(text.contains("虚拟茶馆") && text.contains("￥48.00"), "{text}");
}

#[tokio::test(flavor = "multi_thread")]
async fn preview() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("receipt.png");
    ends_with(example("preview", &[path.to_str().unwrap()]), "drawn: ").await;
    assert!(std::fs::read(&path).unwrap().starts_with(b"\x89PNG"));
}

#[tokio::test(flavor = "multi_thread")]
async fn printer_events() {
    let (selector, control) = printer().await;
    let program = example("printer_events", &[&selector]);
    let told = spawn_blocking(move || {
        let now = program.line("now: ").unwrap();
        assert!(now.contains("attention: None"), "{now}");
        // What was read is no news; from then on the printer tells by itself.
        control.end_paper();
        let changed = program.line("changed: ").unwrap();
        assert!(changed.contains("PaperOut"), "{changed}");
    });
    told.await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn print_with_escpos_crate() {
    let (selector, control) = printer().await;
    ends_with(example("print_with_escpos_crate", &[&selector]), "sent").await;
    tokio::time::timeout(Duration::from_secs(20), control.wait_for_pages(1)).await.unwrap();
    assert!(control.pages()[0].text().contains("2 x tea           36.00"));
}

#[tokio::test(flavor = "multi_thread")]
async fn swipe() {
    let pty = Pty::open(None).unwrap();
    let program = example("swipe", &[&serial(&pty)]);
    let (reader, control) = VirtualStripe::new(StripeConfig::new(StripeDialect::Msr605));
    tokio::spawn(reader.serve(pty));
    let hand = tokio::spawn(async move {
        let track = "6200000000000005=30121200000000000";
        let card = StripeCard::new([None, Some(track), None]).unwrap();
        while !control.swipe(&card).await {
            tokio::time::sleep(AGAIN).await;
        }
    });
    assert_eq!(ends_with(program, "track 2: ").await, "34 characters");
    hand.await.unwrap();
}

/// Shows a payment code again and again, until this is dropped.
fn show_code(control: ScannerControl) -> tokio::task::JoinHandle<()> {
    tokio::spawn(async move {
        loop {
            tokio::time::sleep(AGAIN).await;
            control.scan(PAYMENT_CODE);
        }
    })
}

#[tokio::test(flavor = "multi_thread")]
async fn scan() {
    let pty = Pty::open(None).unwrap();
    let program = example("scan", &[&serial(&pty)]);
    let (scanner, control) = VirtualScanner::new(ScanFormat::default());
    tokio::spawn(scanner.serve(pty));
    let hand = show_code(control);
    ends_with(program, "a payment code").await;
    hand.abort();
}

#[tokio::test(flavor = "multi_thread")]
async fn read_tag() {
    let pty = Pty::open(None).unwrap();
    let selector = serial(&pty);
    let (chip, control) = VirtualPn532::new();
    tokio::spawn(chip.serve(pty));
    let message = Message::new(vec![Record::uri("https://example.com/table/7")]);
    let tag =
        Type2Tag::new(Type2Model::Ntag213, [0x04, 1, 2, 3, 4, 5, 6]).with_ndef(&message.encode());
    control.put(Target::type2(tag));
    let address = ends_with(example("read_tag", &[&selector]), "address: ").await;
    assert_eq!(address, "https://example.com/table/7");
}

#[tokio::test(flavor = "multi_thread")]
async fn pse() {
    let _service = spawn_blocking(Service::start).await.unwrap().unwrap();
    let (slot, control) = CardSlot::new(VPCD, Reconnect::Never);
    tokio::spawn(slot.run());
    let card = PaymentCard::new(CardProfile::unionpay_debit()).on(Interface::Contact);
    control.insert(card).await.unwrap();
    // The service reports a card some time after it was inserted.
    let answer = spawn_blocking(|| {
        let end = Instant::now() + Duration::from_secs(20);
        std::iter::repeat(()).take_while(|()| Instant::now() < end).find_map(|()| {
            let program = example("pse", &[]);
            program.line("card in Virtual PCD").ok()?;
            program.line("6F").ok()
        })
    });
    let answer = answer.await.unwrap().expect("the card was not seen");
    assert!(
        answer.contains("315041592E5359532E4444463031") && answer.ends_with("9000"),
        "{answer}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn read_card() {
    let _service = spawn_blocking(Service::start).await.unwrap().unwrap();
    let program = example("read_card", &["pcsc:Virtual PCD 00 00"]);
    let (slot, control) = CardSlot::new(VPCD, Reconnect::Never);
    tokio::spawn(slot.run());
    let card = PaymentCard::new(CardProfile::unionpay_debit()).on(Interface::Contact);
    control.insert(card).await.unwrap();
    assert_eq!(ends_with(program, "application: ").await, "UnionPay Debit");
}

#[tokio::test(flavor = "multi_thread")]
async fn run_terminal() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let host = listener.local_addr().unwrap().to_string();
    let (acquirer, _control) = VirtualAcquirer::new(AcquirerConfig::default()).unwrap();
    tokio::spawn(async move { acquirer.listen(listener).await });
    let (pin_pad, scanner) = (Pty::open(None).unwrap(), Pty::open(None).unwrap());
    let program = example("run_terminal", &[&host, &serial(&pin_pad), &serial(&scanner)]);
    let (pad, _keys) = VirtualPinPad::new(PinPadConfig::new(ProfileKind::Training)).unwrap();
    tokio::spawn(pad.serve(pin_pad));
    let (device, control) = VirtualScanner::new(ScanFormat::default());
    tokio::spawn(device.serve(scanner));
    let hand = show_code(control);
    assert_eq!(ends_with(program, "Completed(").await, "Stan(2))");
    hand.abort();
}
