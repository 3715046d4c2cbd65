//! How a card came in, as the journal keeps it.

use countertop_acquirer::CardEntry;
use serde::{Deserialize, Serialize};

/// Says how a card, or a code in its place, came in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum EntryMode {
    /// Magnetic stripe.
    Stripe,
    /// Magnetic stripe of a chip card whose chip could not be read.
    Fallback,
    /// Contact chip.
    Chip,
    /// Contactless.
    Contactless,
    /// Keyed by the operator.
    Manual,
    /// A payment code instead of a card.
    Code,
}

impl EntryMode {
    /// Returns how an entry came in; `None` for one this version does not know.
    #[must_use]
    pub fn of(entry: &CardEntry) -> Option<Self> {
        match entry {
            CardEntry::Stripe { fallback: true, .. } => Some(Self::Fallback),
            CardEntry::Stripe { .. } => Some(Self::Stripe),
            CardEntry::Chip { .. } => Some(Self::Chip),
            CardEntry::Contactless { .. } => Some(Self::Contactless),
            CardEntry::Code { .. } => Some(Self::Code),
            _ => None,
        }
    }
}
