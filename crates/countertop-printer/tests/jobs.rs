//! What becomes of jobs that break off, of those who watch, and of those that go to a file.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::time::Duration;

use countertop_device::document::Document;
use countertop_device::{
    Attention, Device, DeviceErrorKind, DeviceInfo, Driver, Functions, HealthLevel, PrintOutcome,
    ReceiptPrinter, Settings,
};
use countertop_printer::{
    EncodedJob, EscPosDriver, EscPosPrinter, EscPosSettings, FileJournal, JobJournal as _,
    PrinterEvent, encode,
};
use countertop_transport::memory;
use countertop_virtual::printer::{PrinterConfig, PrinterControl, VirtualPrinter};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use tokio::time::{Instant, sleep, sleep_until, timeout};

fn settings() -> Settings {
    Settings::new().with("status_timeout_ms", 200).with("process_id_timeout_ms", 300)
}

fn info() -> DeviceInfo {
    DeviceInfo::new("virtual:printer".parse().unwrap(), "escpos", "test")
}

fn connect() -> (EscPosPrinter, PrinterControl) {
    let (device, control) = VirtualPrinter::new(PrinterConfig::default());
    let (ours, theirs) = memory::pair();
    tokio::spawn(device.serve(theirs));
    (EscPosPrinter::open(ours, info(), &settings()).unwrap(), control)
}

/// Opens a printer on TCP that hangs up behind 300 ms without data.
async fn hangs_up_when_idle() -> (Functions, PrinterControl, JoinHandle<std::io::Result<()>>) {
    let mut config = PrinterConfig::default();
    config.idle_close = Some(Duration::from_millis(300));
    let (device, control) = VirtualPrinter::new(config);
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let selector = format!("tcp:{}", listener.local_addr().unwrap()).parse().unwrap();
    let server = tokio::spawn(device.serve_tcp(listener));
    (EscPosDriver.open(&selector, &settings()).await.unwrap(), control, server)
}

fn receipt() -> Document {
    let mut document = Document::new();
    for line in 0..200 {
        document.columns(format!("第{line}行 line"), "￥1.00");
    }
    document.cut();
    document
}

fn copy() -> Document {
    let mut document = Document::new();
    document.line("重打印 COPY");
    document
}

/// Returns all lines on paper.
fn paper(control: &PrinterControl) -> Vec<String> {
    let pages = control.paper();
    pages
        .iter()
        .flat_map(|page| page.text().lines().map(String::from).collect::<Vec<_>>())
        .collect()
}

async fn whole() -> Vec<String> {
    let (mut printer, control) = connect();
    assert_eq!(printer.print(&receipt()).await.unwrap(), PrintOutcome::Confirmed);
    paper(&control)
}

#[tokio::test(start_paused = true)]
async fn after_paper_is_loaded_a_job_goes_on_with_the_next_line() {
    let (mut printer, control) = connect();
    control.end_paper_after(2000);
    let outcome = printer.print(&receipt()).await.unwrap();
    assert!(matches!(outcome, PrintOutcome::Partial { last_block: 1.. }), "{outcome:?}");
    let error = printer.resume(&receipt(), outcome, &copy()).await.unwrap_err();
    assert_eq!(error.kind(), DeviceErrorKind::NeedsAttention(Attention::PaperOut));
    control.load_paper();
    let outcome = printer.resume(&receipt(), outcome, &copy()).await.unwrap();
    assert_eq!(outcome, PrintOutcome::Confirmed);
    assert_eq!(paper(&control), whole().await);
    // What came to its end is not printed again.
    let again = printer.resume(&receipt(), outcome, &copy()).await.unwrap();
    assert_eq!(again, PrintOutcome::Confirmed);
    assert_eq!(control.page_count(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_printer_that_was_off_gets_a_marked_copy() {
    let (mut printer, control) = connect();
    control.end_paper_after(2000);
    let outcome = printer.print(&receipt()).await.unwrap();
    control.power_cycle();
    control.load_paper();
    let outcome = printer.resume(&receipt(), outcome, &copy()).await.unwrap();
    assert_eq!(outcome, PrintOutcome::Confirmed);
    let paper = paper(&control);
    let mark = paper.iter().position(|line| line.contains("COPY")).unwrap();
    assert_eq!(paper[mark + 1..], whole().await);
}

#[tokio::test(start_paused = true)]
async fn another_job_in_between_ends_what_is_proven() {
    let (mut printer, control) = connect();
    control.end_paper_after(2000);
    let outcome = printer.print(&receipt()).await.unwrap();
    control.load_paper();
    let mut other = Document::new();
    other.line("other").cut();
    assert_eq!(printer.print(&other).await.unwrap(), PrintOutcome::Confirmed);
    printer.resume(&receipt(), outcome, &copy()).await.unwrap();
    assert!(paper(&control).iter().any(|line| line.contains("COPY")));
}

#[tokio::test(start_paused = true)]
async fn a_state_that_changes_is_told() {
    let (mut printer, control) = connect();
    let mut events = printer.events().await;
    assert_eq!(printer.status_changed().await.unwrap().attention, None);
    let first = events.next().await.unwrap();
    assert!(matches!(first, PrinterEvent::Status(status) if status.attention.is_none()));
    let open = async {
        sleep(Duration::from_secs(3600)).await;
        control.open_cover();
    };
    let (status, ()) = tokio::join!(printer.status_changed(), open);
    assert_eq!(status.unwrap().attention, Some(Attention::CoverOpen));
    let PrinterEvent::Status(status) = events.next().await.unwrap() else { panic!("it is there") };
    assert_eq!(status.attention, Some(Attention::CoverOpen));
    control.close_cover();
    control.near_end();
    assert!(printer.status_changed().await.unwrap().paper_near_end);
    drop(printer);
    while let Some(event) = events.next().await {
        assert!(matches!(event, PrinterEvent::Status(_) | PrinterEvent::Gone));
    }
}

#[tokio::test(start_paused = true)]
async fn a_printer_without_asb_is_asked_now_and_then() {
    let (device, control) = VirtualPrinter::new(PrinterConfig::default());
    let (ours, theirs) = memory::pair();
    tokio::spawn(device.serve(theirs));
    let settings = settings().with("asb", false);
    let mut printer = EscPosPrinter::open(ours, info(), &settings).unwrap();
    printer.status_changed().await.unwrap();
    control.end_paper();
    let told = timeout(Duration::from_secs(5), printer.status_changed()).await.unwrap().unwrap();
    assert_eq!(told.attention, Some(Attention::PaperOut));
}

#[tokio::test(start_paused = true)]
async fn who_watches_is_told_of_the_end() {
    let (ours, theirs) = memory::pair();
    let mut printer = EscPosPrinter::open(ours, info(), &settings()).unwrap();
    let (device, _control) = VirtualPrinter::new(PrinterConfig::default());
    let device = tokio::spawn(device.serve(theirs));
    printer.status_changed().await.unwrap();
    device.abort();
    let error = printer.status_changed().await.unwrap_err();
    assert_eq!(error.kind(), DeviceErrorKind::Disconnected);
}

#[tokio::test(start_paused = true)]
async fn what_was_read_is_no_news() {
    let (mut printer, control) = connect();
    assert_eq!(printer.status().await.unwrap().attention, None);
    let news = timeout(Duration::from_secs(30), printer.status_changed()).await;
    assert!(news.is_err(), "{news:?}");
    control.open_cover();
    let status = printer.status_changed().await.unwrap();
    assert_eq!(status.attention, Some(Attention::CoverOpen));
}

#[tokio::test]
async fn who_watches_hears_nothing_of_an_idle_close() {
    let (mut functions, control, server) = hangs_up_when_idle().await;
    let printer = functions.printer.as_mut().unwrap();
    assert_eq!(printer.status_changed().await.unwrap().attention, None);
    let later = async {
        sleep(Duration::from_millis(1500)).await;
        control.end_paper();
    };
    let told =
        timeout(Duration::from_secs(20), async { tokio::join!(printer.status_changed(), later).0 });
    assert_eq!(told.await.unwrap().unwrap().attention, Some(Attention::PaperOut));
    // One that is gone for good is told.
    server.abort();
    drop(server.await);
    let gone = timeout(Duration::from_secs(20), async {
        loop {
            if let Err(error) = printer.status_changed().await {
                break error;
            }
        }
    });
    assert_eq!(gone.await.unwrap().kind(), DeviceErrorKind::Disconnected);
}

#[tokio::test(start_paused = true)]
async fn a_health_check_sets_nothing() {
    let (ours, mut theirs) = memory::pair();
    let mut printer = EscPosPrinter::open(ours, info(), &settings()).unwrap();
    let device = async {
        for _ in 0..4 {
            let mut question = [0; 3];
            theirs.read_exact(&mut question).await.unwrap();
            assert_eq!(question[..2], [0x10, 0x04]);
            theirs.write_all(&[0x12]).await.unwrap();
        }
        let more = timeout(Duration::from_secs(1), theirs.read(&mut [0; 1])).await;
        assert!(more.is_err(), "more than questions was sent");
    };
    let (health, ()) = tokio::join!(printer.check_health(HealthLevel::Internal), device);
    health.unwrap();
}

#[tokio::test(start_paused = true)]
async fn a_program_that_ended_in_the_middle_of_a_job_finds_it() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("jobs");
    let (printer, control) = connect();
    control.set_speed(Some(1000));
    let journal = FileJournal::open(&path).unwrap();
    let mut printer = printer.with_journal(Box::new(journal));
    assert_eq!(printer.unfinished().await, None);
    let document = receipt();
    timeout(Duration::from_secs(3), printer.print(&document)).await.unwrap_err();
    drop(printer);
    let last = FileJournal::open(&path).unwrap().last().unwrap();
    let PrintOutcome::Partial { last_block } = last.outcome() else { panic!("{last:?}") };
    assert!((1..last.blocks).contains(&last_block), "{last:?}");
    let text = std::fs::read_to_string(&path).unwrap();
    assert!(!text.contains("line") && !text.contains("第"), "{text}");

    let (printer, control) = connect();
    let mut printer = printer.with_journal(Box::new(FileJournal::open(&path).unwrap()));
    let found = printer.unfinished().await.unwrap();
    let outcome = printer.resume(&document, found.outcome(), &copy()).await.unwrap();
    assert_eq!(outcome, PrintOutcome::Confirmed);
    assert!(paper(&control)[0].contains("COPY"));
    assert_eq!(printer.unfinished().await, None);
}

#[tokio::test]
async fn a_file_gets_the_job_and_nothing_else() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("receipt.bin");
    let selector = format!("file:{}", path.display()).parse().unwrap();
    let mut functions = EscPosDriver.open(&selector, &settings()).await.unwrap();
    let printer = functions.printer.as_mut().unwrap();
    assert_eq!(printer.print(&receipt()).await.unwrap(), PrintOutcome::Unknown);
    let settings = EscPosSettings::from_settings(&settings()).unwrap();
    assert_eq!(std::fs::read(&path).unwrap(), encode(&receipt(), &settings).unwrap());
    assert_eq!(printer.status().await.unwrap_err().kind(), DeviceErrorKind::TimedOut);
}

/// Reads what a 115,200-baud line carries, in virtual time, and answers as a printer that prints as
/// fast as that. Returns the bytes and for how long the line had nothing to carry.
async fn serial_line(mut line: tokio::io::DuplexStream) -> (usize, Duration) {
    const PIECE: usize = 64;
    let begin = Instant::now();
    let (mut carried, mut idle) = (0, Duration::ZERO);
    let mut seen = Vec::new();
    let mut piece = [0; PIECE];
    loop {
        let waiting = Instant::now();
        let Ok(count @ 1..) = line.read(&mut piece).await else { return (carried, idle) };
        idle += waiting.elapsed();
        carried += count;
        // By the whole, so that the clock's milliseconds do not add up.
        sleep_until(begin + idle + time_on_the_line(carried)).await;
        seen.extend_from_slice(&piece[..count]);
        let mut answers = Vec::new();
        while let Some(at) = answered(&seen, &mut answers) {
            seen.drain(..at);
        }
        line.write_all(&answers).await.unwrap();
    }
}

fn time_on_the_line(bytes: usize) -> Duration {
    Duration::from_nanos(bytes as u64 * 10_000_000_000 / 115_200)
}

/// Finds the first whole question, and adds its answer; returns where it ends.
fn answered(seen: &[u8], answers: &mut Vec<u8>) -> Option<usize> {
    for at in 0..seen.len() {
        match &seen[at..] {
            [0x10, 0x04, _, ..] => {
                answers.push(0x12);
                return Some(at + 3);
            }
            [0x1D, b'r', _, ..] => {
                answers.push(0x00);
                return Some(at + 3);
            }
            [0x1D, b'(', b'H', 6, 0, b'0', b'0', a, b, c, d, ..] => {
                answers.extend([0x37, 0x22, *a, *b, *c, *d, 0x00]);
                return Some(at + 11);
            }
            _ => {}
        }
    }
    None
}

#[tokio::test(start_paused = true)]
async fn a_serial_line_is_never_idle_while_there_is_something_to_send() {
    // The kernel's buffer of a serial line is as large.
    let (ours, theirs) = tokio::io::duplex(4096);
    let line = tokio::spawn(serial_line(theirs));
    let settings = settings().with("status_timeout_ms", 1000);
    let mut printer = EscPosPrinter::open(Box::new(ours), info(), &settings).unwrap();
    let job =
        EncodedJob::split(&b"a line of forty-eight characters, as on 80 mm..\n".repeat(4000), 1024);
    assert_eq!(printer.print_job(&job).await.unwrap(), PrintOutcome::Confirmed);
    drop(printer);
    let (carried, idle) = line.await.unwrap();
    let elapsed = time_on_the_line(carried) + idle;
    let per_mille = |bytes| time_on_the_line(bytes).as_micros() * 1000 / elapsed.as_micros();
    let (wire, payload) = (per_mille(carried), per_mille(job.len()));
    println!("of the line's rate: {wire} per mille in all, {payload} per mille of the job");
    assert!(wire > 990 && payload > 980, "{wire} and {payload} per mille");
}

#[tokio::test]
async fn what_changed_behind_an_idle_close_is_told() {
    let (mut functions, control, server) = hangs_up_when_idle().await;
    let printer = functions.printer.as_mut().unwrap();
    assert_eq!(printer.status_changed().await.unwrap().attention, None);
    for _ in 0..2 {
        control.open_cover();
        let told = timeout(Duration::from_secs(20), printer.status_changed()).await;
        assert_eq!(told.unwrap().unwrap().attention, Some(Attention::CoverOpen));
        let later = async {
            // It has hung up with its cover open, and was called again.
            sleep(Duration::from_millis(450)).await;
            control.close_cover();
        };
        let told = async { tokio::join!(printer.status_changed(), later).0 };
        let told = timeout(Duration::from_secs(20), told).await;
        assert_eq!(told.unwrap().unwrap().attention, None);
    }
    drop(functions);
    server.abort();
}
