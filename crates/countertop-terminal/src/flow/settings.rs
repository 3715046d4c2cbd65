//! Settings of the terminal that are no device's and no host's.

use core::time::Duration;

use countertop_device::{Currency, Money};
use serde::{Deserialize, Serialize};

/// Holds the settings of the operating flow.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct TerminalSettings {
    /// The merchant's name on vouchers, at most 40 columns.
    pub merchant_name: String,
    /// The merchant's number, 15 characters.
    pub merchant_id: String,
    /// The terminal's number, 8 characters.
    pub terminal_id: String,
    /// The currency of all amounts.
    pub currency: Currency,
    /// Up to and including this many minor units a tap needs neither PIN nor signature; 0 for never.
    pub no_pin_limit_minor: u64,
    /// Whether a swiped card is asked for a signature beside the PIN.
    pub sign_stripe: bool,
    /// How long a prompt to the customer stands, in milliseconds.
    pub prompt_timeout_ms: u64,
    /// Columns of the vouchers: 32 on 58 mm paper, 48 on 80 mm.
    pub columns: u16,
    /// Whether vouchers are marked as training.
    pub training: bool,
}

impl Default for TerminalSettings {
    fn default() -> Self {
        Self {
            merchant_name: "Countertop".into(),
            merchant_id: "000000000000001".into(),
            terminal_id: "10000001".into(),
            currency: Currency::CNY,
            no_pin_limit_minor: 100_000,
            sign_stripe: true,
            prompt_timeout_ms: 60_000,
            columns: 32,
            training: false,
        }
    }
}

impl TerminalSettings {
    /// Returns the limit for taps without PIN and signature.
    #[must_use]
    pub fn no_pin_limit(&self) -> Money {
        Money::from_minor(self.no_pin_limit_minor, self.currency)
    }

    pub(super) fn prompt_timeout(&self) -> Duration {
        Duration::from_millis(self.prompt_timeout_ms.max(1))
    }
}
