//! Examines drivers of code scanners.

use countertop_device::{CodeScanner, Scan};

use crate::{EventFixture, Report, events};

/// Makes all checks.
///
/// # Cancel safety
///
/// Dropping it ends the examination; the fixture may be used again.
pub async fn run<F>(fixture: &mut F) -> Report
where
    F: EventFixture<Function = dyn CodeScanner, Event = Scan>,
{
    events::examine(fixture).await
}
