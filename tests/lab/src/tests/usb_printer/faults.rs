//! Every fault at a block's boundary: the outcome is true, and the receipt comes to its end.

use std::time::Duration;

use countertop_device::{DeviceError, PrintOutcome, ReceiptPrinter, Settings};
use countertop_printer::{EscPosSettings, encode_job};
use countertop_virtual::printer::{Fault, FaultKind, FaultTrigger, PrinterConfig};

use super::bench::{Bench, open_printer};
use super::paper::{Receipt, copy};
use crate::chance::Chance;
use crate::lab_test::{TestResult, check};

/// Bytes that the printer takes, so that a receipt is many blocks.
const BUFFER: usize = 512;
/// Bytes of a process ID behind a block.
const BARRIER: usize = 11;
/// How often a person tries.
const TRIES: usize = 8;

fn settings() -> Settings {
    Settings::new()
        .with("receive_buffer", BUFFER)
        .with("status_timeout_ms", 1000)
        .with("confirm_timeout_ms", 6000)
        .with("write_timeout_ms", 3000)
}

fn printer(fault: Option<Fault>) -> PrinterConfig {
    let mut config = PrinterConfig::default();
    config.receive_buffer = BUFFER;
    config.faults.extend(fault);
    config
}

/// Lets each fault strike at a boundary that the seed tells. A pulled cable and a printer without power,
/// which leave the bus, have tests of their own (`resumed`).
pub(super) async fn at_boundaries(selector: &'static str) -> TestResult {
    let receipt = Receipt::new(40, &settings())?;
    let places = boundaries(selector, &receipt).await?;
    let mut chance = Chance::seeded();
    let leaves = |kind: &FaultKind| matches!(kind, FaultKind::Unplug | FaultKind::PowerOff);
    for kind in FaultKind::ALL.iter().copied().filter(|kind| !leaves(kind)) {
        let place = places[chance.below(places.len())];
        let run = strike(selector, &receipt, kind, place).await;
        run.map_err(|error| format!("{kind:?} after {place} bytes: {error}"))?;
    }
    Ok(())
}

/// Returns where blocks begin, and where the last one ends, in bytes that the printer has received.
async fn boundaries(selector: &str, receipt: &Receipt) -> TestResult<Vec<u64>> {
    let bench = Bench::plug_with(printer(None), Some("LAB0001")).await?;
    let mut printer = open_printer(selector, &settings()).await?;
    let outcome = printer.print(&receipt.document).await?;
    check!(outcome == PrintOutcome::Confirmed, "without a fault: {outcome:?}");
    let total = usize::try_from(bench.control.snapshot().bytes)?;
    let job = encode_job(&receipt.document, &EscPosSettings::from_settings(&settings())?)?;
    let lengths: Vec<usize> = job.blocks.iter().map(|block| block.bytes.len() + BARRIER).collect();
    let mut at = total.saturating_sub(lengths.iter().sum());
    let mut places = vec![u64::try_from(at)?];
    for length in lengths {
        at += length;
        places.push(u64::try_from(at)?);
    }
    drop(printer);
    bench.unplug().await?;
    Ok(places)
}

async fn strike(selector: &str, receipt: &Receipt, kind: FaultKind, place: u64) -> TestResult {
    let fault = Fault::new(kind).at(FaultTrigger::Byte(place));
    let bench = Bench::plug_with(printer(Some(fault)), Some("LAB0001")).await?;
    let mut printer = open_printer(selector, &settings()).await?;
    let mut outcome = PrintOutcome::NotStarted;
    for attempt in 0..TRIES {
        let result = try_once(&mut *printer, receipt, outcome).await;
        println!("{kind:?} after {place} bytes: {result:?}");
        if let Ok(told) = result {
            outcome = told;
            checked(receipt, &bench, outcome)?;
        }
        if matches!(outcome, PrintOutcome::Confirmed | PrintOutcome::Processed) {
            break;
        }
        bench.control.mend(kind);
        tokio::time::sleep(Duration::from_millis(300 + 500 * attempt as u64)).await;
    }
    let ended = matches!(outcome, PrintOutcome::Confirmed | PrintOutcome::Processed);
    check!(ended, "after {TRIES} tries it is {outcome:?}");
    let left = bench.control.snapshot().expected_faults;
    check!(left.is_empty(), "it has not struck: {left:?}");
    drop(printer);
    bench.unplug().await
}

async fn try_once(
    printer: &mut dyn ReceiptPrinter,
    receipt: &Receipt,
    outcome: PrintOutcome,
) -> Result<PrintOutcome, DeviceError> {
    match outcome {
        PrintOutcome::NotStarted => printer.print(&receipt.document).await,
        outcome => printer.resume(&receipt.document, outcome, &copy()).await,
    }
}

fn checked(receipt: &Receipt, bench: &Bench, outcome: PrintOutcome) -> TestResult {
    match outcome {
        // Nothing is said of what is on paper.
        PrintOutcome::Unknown => Ok(()),
        // A printer whose answers were wrong when it was asked how it confirms.
        PrintOutcome::Processed => receipt.check(&bench.control, PrintOutcome::Confirmed).map(drop),
        outcome => receipt.check(&bench.control, outcome).map(drop),
    }
}
