//! Examines drivers of PIN pads.

use countertop_device::PinPad;

use crate::{ExchangeFixture, Report, exchange};

/// Makes all checks.
///
/// # Cancel safety
///
/// Dropping it ends the examination; the fixture may be used again.
pub async fn run<F>(fixture: &mut F) -> Report
where
    F: ExchangeFixture<Function = dyn PinPad>,
{
    exchange::examine(fixture).await
}
