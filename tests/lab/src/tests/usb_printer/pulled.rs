//! The cable, pulled at every stage.

use std::time::{Duration, Instant};

use countertop_device::{DeviceError, DeviceErrorKind, PrintOutcome, Settings};
use countertop_transport::{Line, open as open_link};
use countertop_virtual::printer::PrinterConfig;

use super::bench::{Bench, NODE, SOON, USB, USBLP, listed, open_printer, voucher};
use super::paper::Receipt;
use crate::kernel;
use crate::lab_test::{TestResult, check};

const LONG: Duration = Duration::from_secs(20);

/// Is a printer that is soon full, so that a job takes its time.
fn slow() -> PrinterConfig {
    let mut config = PrinterConfig::default();
    config.receive_buffer = 4096;
    config.speed = Some(400);
    config
}

fn is_disconnected(error: &DeviceError) -> TestResult {
    check!(error.kind() == DeviceErrorKind::Disconnected, "the caller got {error}");
    Ok(())
}

/// Says how long after the kernel had let the device go the caller knew.
fn in_time(what: &str, gone: Instant, told: Instant) -> TestResult {
    let late = told.saturating_duration_since(gone);
    let early = gone.saturating_duration_since(told);
    println!("{what}: told {late:?} after, or {early:?} before, the kernel had forgotten it");
    check!(late < SOON, "{what}: told {late:?} after the kernel");
    Ok(())
}

/// Pulled before it is opened; and found again.
pub(super) async fn before_opening() -> TestResult {
    let bench = Bench::plug().await?;
    bench.pull()?.await?;
    kernel::wait_gone(NODE).await?;
    for selector in [USB, USBLP] {
        let error = open_link(&selector.parse()?, &Settings::new()).await;
        let error = error.err().ok_or("opened what is not there")?;
        check!(error.kind() == DeviceErrorKind::NotFound, "{error}");
    }
    let bench = bench.replug().await?;
    for selector in [USB, USBLP] {
        drop(open_printer(selector, &Settings::new()).await?);
    }
    bench.unplug().await
}

/// Pulled while open and idle; the next call says so, and after a replug the same printer works.
pub(super) async fn idle(selector: &'static str) -> TestResult {
    let bench = Bench::plug().await?;
    let identity = listed()?.info.identity;
    let mut printer = open_printer(selector, &Settings::new()).await?;
    printer.status().await?;
    bench.pull()?.await?;
    let began = Instant::now();
    let error = printer.status().await.err().ok_or("a pulled printer has a state")?;
    println!("status of a pulled printer took {:?}", began.elapsed());
    is_disconnected(&error)?;
    let error = printer.print(&voucher()).await.err().ok_or("a pulled printer prints")?;
    is_disconnected(&error)?;
    let bench = bench.replug().await?;
    check!(listed()?.info.identity == identity, "another identity");
    let outcome = printer.print(&voucher()).await?;
    check!(outcome == PrintOutcome::Confirmed, "the outcome is {outcome:?}");
    check!(bench.control.page_count() == 1, "{} receipts", bench.control.page_count());
    drop(printer);
    bench.unplug().await
}

/// Pulled while somebody waits for an answer.
pub(super) async fn blocked_read(selector: &'static str) -> TestResult {
    let bench = Bench::plug().await?;
    let link = open_link(&selector.parse()?, &Settings::new()).await?;
    let mut line = Line::new(link, selector);
    let reading = tokio::spawn(async move {
        let error = line.read_some_forever(&mut Vec::new(), "wait").await.err();
        (error, Instant::now())
    });
    tokio::task::yield_now().await;
    let gone = bench.pull()?;
    let (error, told) = tokio::time::timeout(LONG, reading).await??;
    is_disconnected(&error.ok_or("read from a pulled printer")?)?;
    in_time("blocked read", gone.await?, told)?;
    bench.unplug().await
}

/// Pulled in the middle of 3 MB, while the printer takes no more of them.
pub(super) async fn blocked_write(selector: &'static str) -> TestResult {
    let bench = Bench::plug_with(slow(), Some("LAB0001")).await?;
    let link = open_link(&selector.parse()?, &Settings::new()).await?;
    let mut line = Line::new(link, selector);
    let writing = tokio::spawn(async move {
        let job = b"0123456789012345678901234567890\n".repeat(3_000_000 / 32);
        let error = line.write(&job, LONG, "print").await.err();
        (error, Instant::now())
    });
    let begun = bench.control.wait_until(|control| control.current().is_some());
    tokio::time::timeout(LONG, begun).await?;
    let gone = bench.pull()?;
    let (error, told) = tokio::time::timeout(LONG, writing).await??;
    is_disconnected(&error.ok_or("wrote to a pulled printer")?)?;
    in_time("blocked write", gone.await?, told)?;
    bench.unplug().await
}

/// Pulled in the middle of a receipt: the outcome is the truth, and the next one is printed whole.
pub(super) async fn mid_receipt(selector: &'static str) -> TestResult {
    let bench = Bench::plug_with(slow(), Some("LAB0001")).await?;
    let mut printer = open_printer(selector, &Settings::new()).await?;
    let receipt = Receipt::new(40, &Settings::new())?;
    let document = receipt.document.clone();
    let printing = tokio::spawn(async move {
        let outcome = printer.print(&document).await;
        (printer, outcome, Instant::now())
    });
    let begun = bench.control.wait_until(|control| control.current().is_some());
    tokio::time::timeout(LONG, begun).await?;
    let gone = bench.pull()?;
    let (mut printer, outcome, told) = tokio::time::timeout(LONG, printing).await??;
    let outcome = outcome?;
    check!(outcome != PrintOutcome::Confirmed, "pulled off, and yet confirmed");
    receipt.check(&bench.control, outcome)?;
    in_time("receipt", gone.await?, told)?;
    bench.control.power_cycle();
    bench.control.set_speed(None);
    let bench = bench.replug().await?;
    let before = bench.control.page_count();
    let outcome = printer.print(&voucher()).await?;
    check!(outcome == PrintOutcome::Confirmed, "the outcome is {outcome:?}");
    check!(bench.control.page_count() == before + 1, "not one receipt more");
    drop(printer);
    bench.unplug().await
}

/// Pulled while the printer owes an answer to a status request.
pub(super) async fn during_status(selector: &'static str) -> TestResult {
    let bench = Bench::plug().await?;
    bench.control.set_answers(false);
    let patient = Settings::new().with("status_timeout_ms", 15_000);
    let mut printer = open_printer(selector, &patient).await?;
    let asking = tokio::spawn(async move {
        let error = printer.status().await.err();
        (error, Instant::now())
    });
    // The question is on its way in no time; there is nothing to be seen of it.
    tokio::time::sleep(Duration::from_millis(200)).await;
    let gone = bench.pull()?;
    let (error, told) = tokio::time::timeout(LONG, asking).await??;
    is_disconnected(&error.ok_or("a pulled printer has a state")?)?;
    in_time("status", gone.await?, told)?;
    bench.unplug().await
}
