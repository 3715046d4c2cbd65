//! Examines drivers of magnetic-stripe readers.

use countertop_device::{StripeReader, Swipe};

use crate::{EventFixture, Report, events};

/// Makes all checks.
///
/// # Cancel safety
///
/// Dropping it ends the examination; the fixture may be used again.
pub async fn run<F>(fixture: &mut F) -> Report
where
    F: EventFixture<Function = dyn StripeReader, Event = Swipe>,
{
    events::examine(fixture).await
}
