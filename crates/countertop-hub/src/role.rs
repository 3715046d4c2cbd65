//! What a device is for.

use core::fmt;

use serde::{Deserialize, Serialize};

/// Is a role that a device plays at the counter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Role {
    /// Reads chip cards by contact.
    Chip,
    /// Reads cards by radio.
    Contactless,
    /// Takes PINs and keeps the keys.
    PinPad,
    /// Prints the vouchers and opens the drawer.
    ReceiptPrinter,
    /// Reads codes.
    Scanner,
    /// Takes signatures.
    SignaturePad,
    /// Reads magnetic stripes.
    Stripe,
}

impl Role {
    /// All roles, in the order of the self-test.
    pub const ALL: [Self; 7] = [
        Self::ReceiptPrinter,
        Self::PinPad,
        Self::Chip,
        Self::Contactless,
        Self::Stripe,
        Self::Scanner,
        Self::SignaturePad,
    ];

    /// Finds the role that the configuration calls `name`.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.name() == name)
    }

    /// Returns the name that the configuration uses.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Chip => "chip",
            Self::Contactless => "contactless",
            Self::PinPad => "pin-pad",
            Self::ReceiptPrinter => "receipt-printer",
            Self::Scanner => "scanner",
            Self::SignaturePad => "signature-pad",
            Self::Stripe => "stripe",
        }
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
