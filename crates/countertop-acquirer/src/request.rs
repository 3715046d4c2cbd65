//! What a terminal asks of a host.

use core::fmt;

use countertop_device::{EncryptedPinBlock, Money, Sensitive};
use serde::{Deserialize, Serialize};

/// Is a system trace audit number (ISO 8583 field 11), 1 to 999999; in China also the voucher
/// number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Stan(u32);

/// Is a batch number (field 60.2), 1 to 999999.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct BatchNumber(u32);

macro_rules! six_digits {
    ($name:ident) => {
        impl $name {
            /// The first number.
            pub const FIRST: Self = Self(1);

            /// Creates a number; `None` outside 1 to 999999.
            #[must_use]
            pub fn new(number: u32) -> Option<Self> {
                (1..=999_999).contains(&number).then_some(Self(number))
            }

            /// Returns the number.
            #[must_use]
            pub fn get(self) -> u32 {
                self.0
            }

            /// Returns the next number; 1 follows 999999.
            #[must_use]
            pub fn next(self) -> Self {
                if self.0 >= 999_999 { Self(1) } else { Self(self.0 + 1) }
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{:06}", self.0)
            }
        }
    };
}

six_digits!(Stan);
six_digits!(BatchNumber);

/// Names a financial transaction.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum TransactionKind {
    /// Purchase.
    Sale,
    /// Undoes a sale of the same batch, whole.
    Void,
}

/// Asks the host for money to move.
#[derive(Debug, Clone)]
pub struct FinancialRequest {
    /// Sale or void.
    pub kind: TransactionKind,
    /// The number of this request.
    pub stan: Stan,
    /// The open batch.
    pub batch: BatchNumber,
    /// The amount; of a void, the whole amount of the original.
    pub amount: Money,
    /// How the card came in; of a void, how the original's did.
    pub entry: CardEntry,
    /// The PIN as the PIN pad gave it.
    pub pin_block: Option<EncryptedPinBlock>,
    /// The transaction that a void undoes.
    pub original: Option<OriginalTransaction>,
}

/// Says how a card, or a code in its place, came in, with what the host needs of it.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub enum CardEntry {
    /// Magnetic stripe.
    Stripe {
        /// Primary account number, digits.
        pan: Sensitive,
        /// Expiry, `YYMM`.
        expiry: String,
        /// Track 2 without sentinels, `=` or `D` as separator; empty for a void.
        track2: Sensitive,
        /// Whether a chip card was swiped because its chip could not be read.
        fallback: bool,
    },
    /// Contact chip.
    Chip {
        /// Primary account number, digits.
        pan: Sensitive,
        /// Expiry, `YYMM`.
        expiry: String,
        /// Card sequence number (5F34).
        sequence: Option<u8>,
        /// Track 2 equivalent data (57), `D` as separator; empty for a void.
        track2: Sensitive,
        /// Field 55 as BER-TLV; empty for a void.
        emv: Sensitive,
    },
    /// Contactless; the same data as [`CardEntry::Chip`].
    Contactless {
        /// Primary account number, digits.
        pan: Sensitive,
        /// Expiry, `YYMM`.
        expiry: String,
        /// Card sequence number (5F34).
        sequence: Option<u8>,
        /// Track 2 equivalent data (57).
        track2: Sensitive,
        /// Field 55 as BER-TLV.
        emv: Sensitive,
    },
    /// A payment code that the customer presented; for a void, empty.
    Code {
        /// The code's digits. One-shot: never stored, never sent twice.
        code: Sensitive,
    },
}

impl CardEntry {
    /// Returns the primary account number, where there is one.
    #[must_use]
    pub fn pan(&self) -> Option<&Sensitive> {
        match self {
            Self::Stripe { pan, .. } | Self::Chip { pan, .. } | Self::Contactless { pan, .. } => {
                Some(pan)
            }
            Self::Code { .. } => None,
        }
    }
}

/// Identifies the transaction that a void undoes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OriginalTransaction {
    /// Its batch.
    pub batch: BatchNumber,
    /// Its number.
    pub stan: Stan,
    /// Its retrieval reference number (field 37).
    pub rrn: String,
    /// Its authorisation code (field 38), where there was one.
    pub authorization_code: Option<String>,
}

/// Is a request that is ready to leave, and the reversal that undoes it.
///
/// The frame holds card data and is never stored. The reversal holds the card number at most; a
/// journal stores it encrypted.
#[derive(Debug, Clone)]
pub struct PreparedRequest {
    /// The whole frame as it goes over the wire.
    pub frame: Sensitive,
    /// What [`Acquirer::reverse`](crate::Acquirer::reverse) needs later; opaque to the terminal.
    pub reversal: Sensitive,
}

/// Says why a transaction is reversed (field 39 of the 0400).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ReversalReason {
    /// No answer in time (`98`); also after a crash.
    NoAnswer,
    /// Approved, but the terminal or the card could not complete (`96`).
    CannotComplete,
    /// The answer's message authentication code was wrong (`A0`).
    BadMac,
    /// Any other, and every repetition (`06`).
    Other,
}

/// Signs the terminal in at the host.
#[derive(Debug, Clone)]
pub struct SignInRequest {
    /// The number of this request.
    pub stan: Stan,
    /// The open batch.
    pub batch: BatchNumber,
    /// The operator, 1 to 99.
    pub operator: u8,
}
