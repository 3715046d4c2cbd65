//! Examines drivers of signature pads.

use countertop_device::SignaturePad;

use crate::{ExchangeFixture, Report, exchange};

/// Makes all checks.
///
/// # Cancel safety
///
/// Dropping it ends the examination; the fixture may be used again.
pub async fn run<F>(fixture: &mut F) -> Report
where
    F: ExchangeFixture<Function = dyn SignaturePad>,
{
    exchange::examine(fixture).await
}
