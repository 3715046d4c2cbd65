//! Traffic, and the cable pulled at any moment of it.

use std::time::{Duration, Instant};

use countertop_device::{DeviceError, DeviceErrorKind, PrintOutcome, ReceiptPrinter, Settings};

use super::bench::{Bench, USB, USBLP, listed, open_printer, voucher};
use super::paper::{check_last, copy};
use crate::chance::Chance;
use crate::lab_test::{TestResult, check};

const LONG: Duration = Duration::from_secs(20);

/// Prints vouchers and asks for the state in turn, until something fails.
async fn busy(printer: &mut dyn ReceiptPrinter) -> Result<PrintOutcome, DeviceError> {
    loop {
        let outcome = printer.print(&voucher()).await?;
        if outcome != PrintOutcome::Confirmed {
            return Ok(outcome);
        }
        printer.status().await?;
    }
}

/// Pulled at so many instants that nobody has chosen, by both ways in turn; what broke off is brought
/// to its end.
pub(super) async fn pulled_at_random(rounds: u64) -> TestResult {
    let mut chance = Chance::seeded();
    let mut bench = Bench::plug().await?;
    let identity = listed()?.info.identity;
    let mut printer = open_printer(USB, &Settings::new()).await?;
    check!(printer.print(&voucher()).await? == PrintOutcome::Confirmed, "not confirmed");
    drop(printer);
    let whole = bench.control.pages().pop().ok_or("no receipt")?.text().to_owned();
    for round in 0..rounds {
        let selector = if round % 2 == 0 { USB } else { USBLP };
        let mut printer = open_printer(selector, &Settings::new()).await?;
        let traffic = tokio::spawn(async move {
            let ended = busy(&mut *printer).await;
            (printer, ended)
        });
        let instant = chance.pause(700);
        tokio::time::sleep(instant).await;
        bench.pull()?.await?;
        let began = Instant::now();
        let (mut printer, ended) = tokio::time::timeout(LONG, traffic).await??;
        println!("pulled after {instant:?}: {ended:?} after {:?}", began.elapsed());
        let outcome = match ended {
            Ok(outcome @ (PrintOutcome::NotStarted | PrintOutcome::Partial { .. })) => outcome,
            // Between two receipts, or before the first byte of one.
            Err(error) if error.kind() == DeviceErrorKind::Disconnected => PrintOutcome::NotStarted,
            other => return Err(format!("pulled after {instant:?}: {other:?}").into()),
        };
        bench.control.power_cycle();
        bench = bench.replug().await?;
        check!(listed()?.info.identity == identity, "another identity after the replug");
        let resumed = printer.resume(&voucher(), outcome, &copy()).await?;
        check!(resumed == PrintOutcome::Confirmed, "after the replug: {resumed:?}");
        check_last(&bench.control, &whole).map_err(|error| format!("{outcome:?}: {error}"))?;
    }
    bench.unplug().await
}
