//! The driver against the virtual printer.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::time::Duration;

use countertop_device::document::{Align, Block, Document, Picture, Style, Underline};
use countertop_device::{
    Attention, CashDrawer, Device, DeviceErrorKind, DeviceInfo, Driver, Functions, Health,
    HealthLevel, PrintOutcome, ReceiptPrinter, Settings,
};
use countertop_printer::{EscPosDriver, EscPosPrinter};
use countertop_transport::memory;
use countertop_virtual::printer::{PrinterConfig, PrinterControl, VirtualPrinter};
use countertop_virtual::pty::Pty;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;
use tokio::time::timeout;

const PATIENCE: Duration = Duration::from_secs(20);

fn settings() -> Settings {
    Settings::new().with("status_timeout_ms", 200).with("process_id_timeout_ms", 300)
}

fn connect(config: PrinterConfig, settings: &Settings) -> (EscPosPrinter, PrinterControl) {
    let (device, control) = VirtualPrinter::new(config);
    let (ours, theirs) = memory::pair();
    tokio::spawn(device.serve(theirs));
    let info = DeviceInfo::new("virtual:printer".parse().unwrap(), "escpos", "test");
    (EscPosPrinter::open(ours, info, settings).unwrap(), control)
}

fn receipt() -> Document {
    let mut document = Document::new();
    document.centred("签购单", Style::LARGE).rule();
    document.line("商户名称：测试商店（北京）有限公司 TEST SHOP");
    document.columns("终端编号 TERMINAL", "10000001").columns("交易类型 TYPE", "消费 SALE");
    document.push(Block::Columns {
        left: "金额".into(),
        right: "￥1,234.56".into(),
        style: Style::LARGE,
    });
    let underlined = Style { underline: Underline::Thin, ..Style::PLAIN };
    document.styled("underlined 下划线", Align::Right, underlined).rule();
    document.styled("bold 粗体", Align::Left, Style::BOLD);
    let rows = (0..32 * 12).map(|at| if at / 12 % 8 < 4 { 0xF0 } else { 0x0F }).collect();
    document.push(Block::Picture(Picture { width: 96, rows }));
    document.qr("https://example.com/receipt?id=0001&amount=1234.56").push(Block::Feed(1));
    document.centred("谢谢惠顾〇：", Style::PLAIN).cut();
    document
}

fn kind_of<T: std::fmt::Debug>(
    result: Result<T, countertop_device::DeviceError>,
) -> DeviceErrorKind {
    result.unwrap_err().kind()
}

fn is_partial(outcome: PrintOutcome) -> bool {
    matches!(outcome, PrintOutcome::Partial { .. })
}

#[tokio::test]
async fn a_receipt_is_printed_and_confirmed() {
    let (mut printer, control) = connect(PrinterConfig::default(), &settings());
    assert_eq!(printer.print(&receipt()).await.unwrap(), PrintOutcome::Confirmed);
    let pages = control.pages();
    assert_eq!(pages.len(), 1);
    assert_eq!(pages[0].notes(), [""; 0]);
    if let Ok(folder) = std::env::var("COUNTERTOP_LOOK") {
        std::fs::write(format!("{folder}/look.png"), pages[0].to_png().unwrap()).unwrap();
        std::fs::write(format!("{folder}/look.txt"), pages[0].to_text()).unwrap();
    }
    for line in ["签购单", "商户名称：测试商店（北京）有限", "谢谢惠顾〇："]
    {
        assert!(pages[0].text().contains(line), "{}", pages[0].text());
    }
    assert!(pages[0].text().contains("金额  ￥1,234.56"));
    assert!(control.unknown_commands().is_empty());
}

#[tokio::test]
async fn the_code_can_be_scanned() {
    let (mut printer, control) = connect(PrinterConfig::default(), &settings());
    printer.print(&receipt()).await.unwrap();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("receipt.png");
    std::fs::write(&file, control.pages()[0].to_png().unwrap()).unwrap();
    let Ok(output) = std::process::Command::new("zbarimg").arg("-q").arg(&file).output() else {
        eprintln!("zbarimg is not installed: the code was not read");
        return;
    };
    let seen = String::from_utf8(output.stdout).unwrap();
    assert_eq!(seen.trim(), "QR-Code:https://example.com/receipt?id=0001&amount=1234.56");
}

#[tokio::test]
async fn nothing_is_sent_to_a_printer_that_needs_a_person() {
    let (mut printer, control) = connect(PrinterConfig::default(), &settings());
    let needs = DeviceErrorKind::NeedsAttention;
    control.end_paper();
    assert_eq!(kind_of(printer.print(&receipt()).await), needs(Attention::PaperOut));
    control.load_paper();
    control.open_cover();
    assert_eq!(kind_of(printer.print(&receipt()).await), needs(Attention::CoverOpen));
    assert_eq!(printer.status().await.unwrap().attention, Some(Attention::CoverOpen));
    control.close_cover();
    control.set_overheated(true);
    assert_eq!(kind_of(printer.print(&receipt()).await), needs(Attention::Overheated));
    control.set_overheated(false);
    control.set_offline(true);
    assert_eq!(kind_of(printer.print(&receipt()).await), needs(Attention::Offline));
    control.set_offline(false);
    control.break_down();
    assert_eq!(kind_of(printer.print(&receipt()).await), needs(Attention::Fault));
    control.power_cycle();
    assert_eq!(control.page_count(), 0);
    assert_eq!(printer.print(&receipt()).await.unwrap(), PrintOutcome::Confirmed);
    assert_eq!(control.page_count(), 1);
}

#[tokio::test]
async fn paper_that_ends_on_the_way_is_a_partial_print() {
    let (mut printer, control) = connect(PrinterConfig::default(), &settings());
    control.end_paper_after(200);
    assert!(is_partial(printer.print(&receipt()).await.unwrap()));
    let needs = DeviceErrorKind::NeedsAttention(Attention::PaperOut);
    assert_eq!(kind_of(printer.print(&receipt()).await), needs);
    control.load_paper();
    timeout(PATIENCE, control.wait_for_pages(1)).await.unwrap();
    assert_eq!(printer.print(&receipt()).await.unwrap(), PrintOutcome::Confirmed);
    let pages = control.pages();
    assert_eq!(pages.len(), 2);
    assert_eq!(pages[0].text(), pages[1].text());
}

#[tokio::test]
async fn a_jammed_cutter_is_partial_and_recovers_once_cleared() {
    let (mut printer, control) = connect(PrinterConfig::default(), &settings());
    control.jam_cutter();
    assert!(is_partial(printer.print(&receipt()).await.unwrap()));
    let jammed = DeviceErrorKind::NeedsAttention(Attention::CutterJammed);
    assert_eq!(kind_of(printer.print(&receipt()).await), jammed);
    control.clear_cutter();
    assert_eq!(printer.print(&receipt()).await.unwrap(), PrintOutcome::Confirmed);
}

#[tokio::test]
async fn a_printer_that_answers_nothing_is_printed_on_blindly() {
    let config = PrinterConfig::default();
    let (mut printer, control) = connect(config, &settings());
    control.set_answers(false);
    assert_eq!(printer.print(&receipt()).await.unwrap(), PrintOutcome::Unknown);
    timeout(PATIENCE, control.wait_for_pages(1)).await.unwrap();
    assert_eq!(kind_of(printer.status().await), DeviceErrorKind::TimedOut);
    let health = printer.check_health(HealthLevel::Internal).await.unwrap();
    assert_eq!(health.health, Health::Warning);
}

#[tokio::test]
async fn a_printer_that_falls_silent_is_an_error_before_the_first_byte() {
    let (mut printer, control) = connect(PrinterConfig::default(), &settings());
    printer.status().await.unwrap();
    control.set_answers(false);
    assert_eq!(kind_of(printer.print(&receipt()).await), DeviceErrorKind::TimedOut);
    assert!(control.current().is_none());
}

#[tokio::test]
async fn a_printer_without_process_ids_says_processed_and_is_not_asked_again() {
    let mut config = PrinterConfig::default();
    config.process_ids = false;
    let settings = settings().with("process_id_timeout_ms", 2000);
    let (mut printer, _control) = connect(config, &settings);
    assert_eq!(printer.print(&receipt()).await.unwrap(), PrintOutcome::Processed);
    let before = std::time::Instant::now();
    assert_eq!(printer.print(&receipt()).await.unwrap(), PrintOutcome::Processed);
    assert!(before.elapsed() < Duration::from_millis(1900), "the second job waited too");
}

#[tokio::test]
async fn a_slow_printer_is_waited_for() {
    let (mut printer, control) = connect(PrinterConfig::default(), &settings());
    control.set_speed(Some(500));
    assert_eq!(printer.print(&receipt()).await.unwrap(), PrintOutcome::Confirmed);
    assert_eq!(control.page_count(), 1);
}

#[tokio::test]
async fn a_printer_that_hangs_up_on_the_way_leaves_the_outcome_open() {
    let (ours, mut theirs) = memory::pair();
    let info = DeviceInfo::new("virtual:printer".parse().unwrap(), "escpos", "test");
    let mut printer = EscPosPrinter::open(ours, info, &settings()).unwrap();
    let device = tokio::spawn(async move {
        use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
        for _ in 0..4 {
            theirs.read_exact(&mut [0; 3]).await.unwrap();
            theirs.write_all(&[0x12]).await.unwrap();
        }
        let mut question = [0; 14];
        theirs.read_exact(&mut question).await.unwrap();
        let mut answer = vec![0x37, 0x22];
        answer.extend(&question[7..11]);
        answer.extend([0x00, 0x00]);
        theirs.write_all(&answer).await.unwrap();
        theirs.read_exact(&mut [0; 10]).await.unwrap();
    });
    let outcome = printer.print(&receipt()).await.unwrap();
    assert!(is_partial(outcome), "{outcome:?}");
    device.await.unwrap();
    assert_eq!(kind_of(printer.print(&receipt()).await), DeviceErrorKind::Disconnected);
}

#[tokio::test]
async fn a_job_that_stalls_is_partial_and_the_next_one_is_whole() {
    let mut config = PrinterConfig::default();
    config.receive_buffer = 1024;
    let (device, control) = VirtualPrinter::new(config);
    let (ours, theirs) = tokio::io::duplex(256);
    tokio::spawn(device.serve(theirs));
    let info = DeviceInfo::new("virtual:printer".parse().unwrap(), "escpos", "test");
    let settings = settings().with("write_timeout_ms", 300);
    let mut printer = EscPosPrinter::open(Box::new(ours), info, &settings).unwrap();
    let mut long = Document::new();
    long.push(Block::Picture(Picture { width: 384, rows: vec![0x55; 48 * 600] })).cut();
    control.end_paper_after(100);
    assert!(is_partial(printer.print(&long).await.unwrap()));
    control.load_paper();
    assert_eq!(printer.print(&receipt()).await.unwrap(), PrintOutcome::Confirmed);
    let pages = control.pages();
    assert!(pages.last().unwrap().text().contains("谢谢惠顾〇："));
    assert!(control.unknown_commands().iter().all(|name| name == "00"), "only padding is unknown");
}

#[tokio::test]
async fn health_has_three_levels() {
    let (mut printer, control) = connect(PrinterConfig::default(), &settings());
    let health = printer.check_health(HealthLevel::Internal).await.unwrap();
    assert_eq!((health.health, health.text.as_str()), (Health::Good, "ready"));
    assert!(control.current().is_none());
    control.near_end();
    let health = printer.check_health(HealthLevel::Internal).await.unwrap();
    assert_eq!((health.health, health.text.as_str()), (Health::Warning, "paper near end"));
    assert_eq!(printer.check_health(HealthLevel::External).await.unwrap().health, Health::Good);
    assert_eq!(control.current().unwrap().text(), "Countertop: printer test\n");
    assert_eq!(printer.check_health(HealthLevel::Interactive).await.unwrap().health, Health::Good);
    control.open_cover();
    let health = printer.check_health(HealthLevel::External).await.unwrap();
    assert_eq!(health.health, Health::Bad);
    assert_eq!(health.text, "cover open: close the cover");
}

#[tokio::test]
async fn the_drawer_shares_the_line() {
    let (mut printer, control) = connect(PrinterConfig::default(), &settings());
    let mut drawer = printer.drawer();
    assert!(!drawer.drawer_opened().await.unwrap());
    let document = receipt();
    let (outcome, opened) = tokio::join!(printer.print(&document), drawer.open_drawer());
    assert_eq!(outcome.unwrap(), PrintOutcome::Confirmed);
    opened.unwrap();
    timeout(PATIENCE, control.wait_until(PrinterControl::drawer_open)).await.unwrap();
    assert!(drawer.drawer_opened().await.unwrap());
    assert_eq!(printer.status().await.unwrap().drawer_open, Some(true));
    control.close_drawer();
    assert!(!drawer.drawer_opened().await.unwrap());
    control.end_paper();
    let needs = DeviceErrorKind::NeedsAttention(Attention::PaperOut);
    assert_eq!(kind_of(drawer.open_drawer().await), needs);
    assert_eq!(control.drawer_pulses(), 1);
}

async fn open(selector: &str, settings: &Settings) -> Functions {
    EscPosDriver.open(&selector.parse().unwrap(), settings).await.unwrap()
}

#[tokio::test]
async fn the_driver_opens_a_serial_line() {
    let pty = Pty::open(None).unwrap();
    let selector = format!("serial:{}", pty.path().display());
    let (device, control) = VirtualPrinter::new(PrinterConfig::default());
    tokio::spawn(device.serve(pty));
    let mut functions = open(&selector, &settings()).await;
    let mut printer = functions.printer.take().unwrap();
    assert_eq!(printer.info().driver, "escpos");
    assert_eq!(printer.capabilities().columns, 32);
    assert_eq!(printer.print(&receipt()).await.unwrap(), PrintOutcome::Confirmed);
    functions.drawer.unwrap().open_drawer().await.unwrap();
    timeout(PATIENCE, control.wait_until(PrinterControl::drawer_open)).await.unwrap();
    assert_eq!(control.pages()[0].notes(), [""; 0]);
}

/// The kernel heeds XOFF and XON, and keeps them from the answers. (How much a line holds is tried in the
/// kernel lab: a pty has no speed.)
#[tokio::test]
async fn xoff_holds_a_job_on_a_serial_line_until_xon() {
    let pty = Pty::open(None).unwrap();
    let selector = format!("serial:{}", pty.path().display());
    let (mut cable, device) = tokio::io::duplex(64);
    let (printer, control) = VirtualPrinter::new(PrinterConfig::default());
    tokio::spawn(printer.serve(device));
    let settings = settings().with("flow", "xonxoff").with("write_timeout_ms", 20_000);
    let mut printer = open(&selector, &settings).await.printer.unwrap();
    let receipt = receipt();
    let mut pty = pty;
    let held = async {
        // The first question passes; behind it the printer says that it is busy.
        let mut question = [0; 3];
        pty.read_exact(&mut question).await.unwrap();
        pty.write_all(&[0x13]).await.unwrap();
        cable.write_all(&question).await.unwrap();
        let mut answer = [0];
        cable.read_exact(&mut answer).await.unwrap();
        pty.write_all(&answer).await.unwrap();
        let silence = timeout(Duration::from_millis(150), pty.read(&mut [0])).await;
        assert!(silence.is_err(), "the line went on behind XOFF: {silence:?}");
        pty.write_all(&[0x11]).await.unwrap();
        drop(tokio::io::copy_bidirectional(&mut pty, &mut cable).await);
    };
    tokio::select! {
        outcome = printer.print(&receipt) => assert_eq!(outcome.unwrap(), PrintOutcome::Confirmed),
        () = held => panic!("the line was closed"),
    }
    assert_eq!(control.pages()[0].notes(), [""; 0]);
}

#[tokio::test]
async fn the_driver_calls_a_network_printer_again_that_hung_up() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let relay = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let selector = format!("tcp:{}", relay.local_addr().unwrap());
    let address = listener.local_addr().unwrap();
    let (device, control) = VirtualPrinter::new(PrinterConfig::default());
    tokio::spawn(device.serve_tcp(listener));
    let hang_up = std::sync::Arc::new(tokio::sync::Notify::new());
    let told = std::sync::Arc::clone(&hang_up);
    tokio::spawn(async move {
        while let Ok((mut host, _)) = relay.accept().await {
            let mut printer = tokio::net::TcpStream::connect(address).await.unwrap();
            tokio::select! {
                _ = tokio::io::copy_bidirectional(&mut host, &mut printer) => {}
                () = told.notified() => {}
            }
        }
    });
    let mut printer = open(&selector, &settings()).await.printer.unwrap();
    assert_eq!(printer.print(&receipt()).await.unwrap(), PrintOutcome::Confirmed);
    hang_up.notify_one();
    assert_eq!(printer.print(&receipt()).await.unwrap(), PrintOutcome::Confirmed);
    assert_eq!(control.page_count(), 2);
}

#[tokio::test]
async fn settings_and_documents_that_cannot_work_are_refused() {
    let selector = "tcp:127.0.0.1:9".parse().unwrap();
    let bad = Settings::new().with("dots", "many");
    let error = EscPosDriver.open(&selector, &bad).await.unwrap_err();
    assert_eq!(error.kind(), DeviceErrorKind::InvalidInput);
    let (mut printer, control) = connect(PrinterConfig::default(), &settings());
    let mut document = Document::new();
    document.line("begin").push(Block::Picture(Picture { width: 400, rows: vec![0; 50] }));
    assert_eq!(kind_of(printer.print(&document).await), DeviceErrorKind::InvalidInput);
    assert!(control.current().is_none());
}
