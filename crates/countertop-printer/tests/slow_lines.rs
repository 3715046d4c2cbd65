//! A question waits behind the data of its own job: on a slow line, in a serial server, before a full
//! buffer. Its silence is not the printer's.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::time::Duration;

use countertop_device::document::Document;
use countertop_device::{DeviceInfo, PrintOutcome, ReceiptPrinter as _, Settings};
use countertop_printer::EscPosPrinter;
use countertop_transport::BoxLink;
use countertop_virtual::printer::{PrinterConfig, PrinterControl, VirtualPrinter};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _, DuplexStream, copy, split};
use tokio::time::{Instant, sleep, sleep_until};

/// Bytes that the kernel takes for a serial line in advance.
const KERNEL: usize = 4096;

/// Carries bytes to the printer at so many in a second, and answers at once.
async fn carry(host: DuplexStream, printer: DuplexStream, rate: u64) {
    let (mut from_host, mut to_host) = split(host);
    let (mut from_printer, mut to_printer) = split(printer);
    let there = async {
        let mut free_at = Instant::now();
        let mut piece = [0; 16];
        while let Ok(count @ 1..) = from_host.read(&mut piece).await {
            let time = Duration::from_nanos(count as u64 * 1_000_000_000 / rate);
            free_at = free_at.max(Instant::now()) + time;
            sleep_until(free_at).await;
            to_printer.write_all(&piece[..count]).await.unwrap();
        }
    };
    tokio::join!(there, copy(&mut from_printer, &mut to_host)).1.unwrap();
}

fn printer(
    config: PrinterConfig,
    rate: u64,
    settings: &Settings,
) -> (EscPosPrinter, PrinterControl) {
    let (device, control) = VirtualPrinter::new(config);
    let (host, line) = tokio::io::duplex(KERNEL);
    // A printer's interface takes a byte or two before its buffer does.
    let (end, printer) = tokio::io::duplex(16);
    tokio::spawn(device.serve(printer));
    tokio::spawn(carry(line, end, rate));
    let info = DeviceInfo::new("virtual:printer".parse().unwrap(), "escpos", "slow line");
    (EscPosPrinter::open(Box::new(host) as BoxLink, info, settings).unwrap(), control)
}

fn config(process_ids: bool, speed: Option<u32>) -> PrinterConfig {
    let mut config = PrinterConfig::default();
    (config.process_ids, config.speed) = (process_ids, speed);
    config
}

fn receipt() -> Document {
    let mut document = Document::new();
    for line in 0..200 {
        document.columns(format!("line {line}"), "1.00");
    }
    document.cut();
    document
}

/// Prints and tells the outcome, and how many lines are on paper.
async fn printed(config: PrinterConfig, rate: u64, settings: &Settings) -> (PrintOutcome, usize) {
    let (mut printer, control) = printer(config, rate, settings);
    let outcome = printer.print(&receipt()).await.unwrap();
    let pages = control.paper();
    (outcome, pages.iter().map(|page| page.text().matches("line ").count()).sum())
}

/// With and without process IDs, and a status that comes by itself.
fn kinds() -> impl Iterator<Item = (bool, bool)> {
    [(true, true), (true, false), (false, true), (false, false)].into_iter()
}

#[tokio::test(start_paused = true)]
async fn slow_lines_and_slow_printers_confirm_at_once() {
    // Bytes in a second of the line, bytes of the buffer, rows printed in a second.
    let slow = [
        (960, 4096, None),
        (240, 4096, None),
        (11_520, 2048, Some(500)),
        (11_520, 512, Some(500)),
        (1_000_000, 45, Some(500)),
        (960, 512, Some(300)),
    ];
    for (rate, receive_buffer, speed) in slow {
        for (process_ids, asb) in kinds() {
            let mut config = config(process_ids, speed);
            config.receive_buffer = receive_buffer;
            let settings = Settings::new().with("asb", asb);
            let (outcome, lines) = printed(config, rate, &settings).await;
            let expected =
                if process_ids { PrintOutcome::Confirmed } else { PrintOutcome::Processed };
            let kind = (rate, receive_buffer, speed, process_ids, asb);
            assert_eq!((outcome, lines), (expected, 200), "{kind:?}");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_printer_that_falls_silent_is_told_within_the_time_of_a_confirmation() {
    for (process_ids, asb) in kinds() {
        let config = config(process_ids, Some(500));
        let (mut printer, control) = printer(config, 11_520, &Settings::new().with("asb", asb));
        let begin = Instant::now();
        let silent = async {
            sleep(Duration::from_secs(3)).await;
            control.set_answers(false);
        };
        let document = receipt();
        let (outcome, ()) = tokio::join!(printer.print(&document), silent);
        assert!(matches!(outcome, Ok(PrintOutcome::Partial { .. })), "{outcome:?}");
        let took = begin.elapsed();
        assert!(took < Duration::from_secs(3 + 30 + 2), "{took:?}");
    }
}

/// Answers DLE EOT 1 at once, and the others late: the cutter is jammed.
async fn late_causes(mut line: DuplexStream) {
    let mut question = [0; 3];
    while line.read_exact(&mut question).await.is_ok() {
        assert_eq!(question[..2], [0x10, 0x04]);
        let answer = match question[2] {
            1 => 0x1E,
            2 => 0x52,
            3 => 0x1A,
            _ => 0x1E,
        };
        if question[2] != 1 {
            sleep(Duration::from_millis(800)).await;
        }
        line.write_all(&[answer]).await.unwrap();
    }
}

#[tokio::test(start_paused = true)]
async fn a_late_cause_is_still_that_cause() {
    let (host, line) = tokio::io::duplex(64);
    tokio::spawn(late_causes(line));
    let info = DeviceInfo::new("virtual:printer".parse().unwrap(), "escpos", "late");
    let mut printer = EscPosPrinter::open(Box::new(host), info, &Settings::new()).unwrap();
    for _ in 0..3 {
        let status = printer.status().await.unwrap();
        assert_eq!(status.attention, Some(countertop_device::Attention::CutterJammed));
        assert!(status.paper_near_end);
    }
}
