//! Receipts that broke off, and are brought to their end.

use std::time::Duration;

use countertop_device::{Attention, DeviceErrorKind, PrintOutcome, Settings};
use countertop_virtual::printer::PrinterConfig;

use super::bench::{Bench, open_printer};
use super::paper::{Receipt, copy, printed_lines};
use crate::lab_test::{TestResult, check};

const LONG: Duration = Duration::from_secs(20);
/// Bytes that the printer takes, so that a receipt is many blocks.
const BUFFER: usize = 512;

/// What becomes of printer and program between the pull and the replug.
#[derive(Debug, Clone, Copy)]
struct Meanwhile {
    /// Whether the printer loses its power; else it prints what it has.
    off: bool,
    /// Whether the program opens the printer anew.
    anew: bool,
}

fn printer(speed: Option<u32>) -> PrinterConfig {
    let mut config = PrinterConfig::default();
    config.receive_buffer = BUFFER;
    config.speed = speed;
    config
}

/// Pulled in the middle of a receipt and plugged in again: it comes to its end behind a mark.
pub(super) async fn after_the_cable(selector: &'static str) -> TestResult {
    for (off, anew) in [(true, false), (false, false), (false, true)] {
        let meanwhile = Meanwhile { off, anew };
        println!("{meanwhile:?}");
        pulled(selector, meanwhile).await.map_err(|error| format!("{meanwhile:?}: {error}"))?;
    }
    Ok(())
}

async fn pulled(selector: &'static str, meanwhile: Meanwhile) -> TestResult {
    let settings = Settings::new().with("receive_buffer", BUFFER);
    let receipt = Receipt::new(40, &settings)?;
    let bench = Bench::plug_with(printer(Some(400)), Some("LAB0001")).await?;
    let mut printer = open_printer(selector, &settings).await?;
    let document = receipt.document.clone();
    let printing = tokio::spawn(async move {
        let outcome = printer.print(&document).await;
        (printer, outcome)
    });
    let half = bench.control.wait_until(|control| printed_lines(control) >= 20);
    tokio::time::timeout(LONG, half).await?;
    bench.pull()?.await?;
    let (mut printer, outcome) = tokio::time::timeout(LONG, printing).await??;
    let outcome = outcome?;
    println!("pulled: {outcome:?}, {} lines are on paper", printed_lines(&bench.control));
    check!(matches!(outcome, PrintOutcome::Partial { last_block: 1.. }), "it is {outcome:?}");
    receipt.check(&bench.control, outcome)?;
    let error = printer.resume(&receipt.document, outcome, &copy()).await;
    let error = error.err().ok_or("resumed without a cable")?;
    check!(error.kind() == DeviceErrorKind::Disconnected, "without a cable: {error}");
    if meanwhile.off {
        bench.control.power_cycle();
    }
    bench.control.set_speed(None);
    let bench = bench.replug().await?;
    if meanwhile.anew {
        drop(printer);
        printer = open_printer(selector, &settings).await?;
    }
    let outcome = printer.resume(&receipt.document, outcome, &copy()).await?;
    check!(outcome == PrintOutcome::Confirmed, "resumed: {outcome:?}");
    let copies = receipt.check(&bench.control, outcome)?;
    check!(copies == 1, "{copies} marks are on paper");
    drop(printer);
    bench.unplug().await
}

/// Out of paper in the middle of a receipt, between two blocks and within one that the printer has no
/// room for: with paper again it goes on where it was, and nothing is there twice.
pub(super) async fn after_paper(selector: &'static str) -> TestResult {
    for told in [BUFFER, 2 * BUFFER] {
        let settings = Settings::new().with("receive_buffer", told).with("write_timeout_ms", 3000);
        let run = out_of_paper(selector, &settings).await;
        run.map_err(|error| format!("told of a buffer of {told} bytes: {error}"))?;
    }
    Ok(())
}

async fn out_of_paper(selector: &str, settings: &Settings) -> TestResult {
    let receipt = Receipt::new(100, settings)?;
    let bench = Bench::plug_with(printer(None), Some("LAB0001")).await?;
    let mut printer = open_printer(selector, settings).await?;
    bench.control.end_paper_after(1200);
    let outcome = printer.print(&receipt.document).await?;
    println!("out of paper: {outcome:?}, {} lines are on it", printed_lines(&bench.control));
    check!(matches!(outcome, PrintOutcome::Partial { .. }), "the outcome is {outcome:?}");
    receipt.check(&bench.control, outcome)?;
    let error = printer.resume(&receipt.document, outcome, &copy()).await;
    let error = error.err().ok_or("resumed without paper")?;
    check!(error.kind() == DeviceErrorKind::NeedsAttention(Attention::PaperOut), "{error}");
    let state = printer.status().await?;
    check!(state.attention == Some(Attention::PaperOut), "the state is {state:?}");
    bench.control.load_paper();
    let outcome = printer.resume(&receipt.document, outcome, &copy()).await?;
    check!(outcome == PrintOutcome::Confirmed, "resumed: {outcome:?}");
    let copies = receipt.check(&bench.control, outcome)?;
    check!(copies == 0, "{copies} marks are on paper");
    check!(bench.control.page_count() == 1, "{} receipts", bench.control.page_count());
    drop(printer);
    bench.unplug().await
}
