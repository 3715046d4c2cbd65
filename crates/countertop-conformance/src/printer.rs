//! Examines drivers of receipt printers.

use core::time::Duration;

use countertop_device::document::Document;
use countertop_device::{PrintOutcome, ReceiptPrinter};
use tokio::time::timeout;

use crate::common::{self, DropAfter, open, within};
use crate::report::{Fault, require};
use crate::{ExchangeFixture, Report, exchange};

/// Polls after which a wait for a change is dropped.
const POLLS: [usize; 4] = [1, 2, 5, 9];

/// Makes all checks.
///
/// # Cancel safety
///
/// Dropping it ends the examination; the fixture may be used again.
pub async fn run<F>(fixture: &mut F) -> Report
where
    F: ExchangeFixture<Function = dyn ReceiptPrinter>,
{
    let mut report = exchange::examine(fixture).await;
    report.add("capabilities", capabilities(fixture).await);
    report.add("what is on paper is not printed again", on_paper(fixture).await);
    report.add("a printer that is gone has not started", not_started(fixture).await);
    report.add("dropped waits for a change", dropped_waits(fixture).await);
    report
}

fn line() -> Document {
    let mut document = Document::new();
    document.line("conformance");
    document
}

/// Lines have columns and dots, and asking for them sends nothing.
async fn capabilities<F>(fixture: &mut F) -> Result<(), Fault>
where
    F: ExchangeFixture<Function = dyn ReceiptPrinter>,
{
    let opened = open(fixture).await?;
    let capabilities = opened.function.capabilities();
    require(capabilities.columns > 0 && capabilities.dots >= capabilities.columns, || {
        format!("no line fits on paper of {capabilities:?}")
    })?;
    require(opened.tap.received() == 0, || "capabilities send bytes to the device".into())
}

/// A job that came to its end is not printed again, whoever asks to resume it.
async fn on_paper<F>(fixture: &mut F) -> Result<(), Fault>
where
    F: ExchangeFixture<Function = dyn ReceiptPrinter>,
{
    let mut opened = open(fixture).await?;
    for outcome in [PrintOutcome::Confirmed, PrintOutcome::Processed] {
        let (document, copy) = (line(), line());
        let resumed = opened.function.resume(&document, outcome, &copy);
        let resumed = within(fixture.deadline(), "resume", resumed).await?;
        let is_same = matches!(resumed, Ok(now) if now == outcome);
        require(is_same, || format!("a job that is {outcome:?} is resumed to {resumed:?}"))?;
    }
    require(opened.tap.received() == 0, || "a job that is on paper is printed again".into())
}

/// Nothing reaches a printer that is gone, and nobody is told otherwise.
async fn not_started<F>(fixture: &mut F) -> Result<(), Fault>
where
    F: ExchangeFixture<Function = dyn ReceiptPrinter>,
{
    let mut opened = open(fixture).await?;
    opened.tap.hang_up();
    let document = line();
    let printed = within(fixture.deadline(), "print", opened.function.print(&document)).await?;
    let is_true = matches!(printed, Err(_) | Ok(PrintOutcome::NotStarted | PrintOutcome::Unknown));
    require(is_true, || format!("printing on a printer that is gone is {printed:?}"))
}

/// Who stops waiting for a change leaves a printer that works.
async fn dropped_waits<F>(fixture: &mut F) -> Result<(), Fault>
where
    F: ExchangeFixture<Function = dyn ReceiptPrinter>,
{
    let mut opened = open(fixture).await?;
    for polls in POLLS {
        let waiting = DropAfter::new(polls, opened.function.status_changed());
        // Whether it was told something is of no account.
        let _ = timeout(Duration::from_millis(200), waiting).await;
        let exchange = fixture.exchange(&mut *opened.function);
        let exchanged = within(Duration::from_secs(5), "an exchange", exchange).await?;
        exchanged.map_err(|error| {
            Fault::new(format!("after a wait that was dropped at poll {polls}: {error}"))
        })?;
    }
    common::keeps_secrets(fixture, &opened.function)
}
