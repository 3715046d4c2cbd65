//! What a reader knows of an application by radio (EMV Book A, clause 5.2; Book B, table 3-1;
//! Book C-2, annex A).

use core::time::Duration;

use serde::Deserialize;

use super::hex;

/// Holds the data of one combination of an application and a kernel; limits are in minor units.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct ContactlessParameters {
    /// The kernel; none is that of the application's provider.
    #[serde(default)]
    pub kernel: Option<u8>,
    /// Reader Contactless Transaction Limit: from this amount on the card goes into the slot
    /// (UnionPay DF20; Mastercard `DF8124`).
    pub transaction_limit: u64,
    /// Reader CVM Required Limit: UnionPay asks nobody for a PIN or a signature up to this amount,
    /// inclusive (DF21), Mastercard likewise (`DF8126`); Visa under it.
    pub cvm_limit: u64,
    /// Reader Contactless Floor Limit: above it the host decides (UnionPay DF19; Mastercard
    /// `DF8123`).
    #[serde(default)]
    pub floor_limit: u64,
    /// Whether an approval of the card ends the sale. It needs books and a host that take it;
    /// without, every transaction goes to the host.
    #[serde(default)]
    pub offline_approval: bool,
    /// Status Check Support: whether an amount of one unit of the currency always goes to the host.
    #[serde(default)]
    pub status_check: bool,
    /// Zero Amount Allowed.
    #[serde(default = "yes")]
    pub zero_amount_allowed: bool,
    /// Extended Selection Support: whether `9F29` becomes part of the name in SELECT.
    #[serde(default = "yes")]
    pub extended_selection: bool,
    /// Terminal Transaction Qualifiers (`9F66`) before those of this transaction are added.
    #[serde(deserialize_with = "hex::array")]
    pub ttq: [u8; 4],
    /// What kernel 2 wants to know beside.
    #[serde(default)]
    pub kernel_2: Kernel2Parameters,
}

/// Holds the configuration of kernel 2 (EMV Book C-2, annex A). The defaults are the book's, but for
/// one torn transaction that is remembered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[non_exhaustive]
pub struct Kernel2Parameters {
    /// Reader Contactless Transaction Limit for confirmation on the device (`DF8125`); none is the
    /// other one.
    pub transaction_limit_on_device: Option<u64>,
    /// Kernel Configuration (`DF811B`), bit 6: CVM on the device.
    pub on_device_cvm: bool,
    /// Max Number of Torn Transaction Log Records (`DF811D`); 0 recovers nothing.
    pub torn_records: u8,
    /// Max Lifetime of Torn Transaction Log Record (`DF811C`), in seconds.
    pub torn_lifetime_s: u16,
    /// Message Hold Time (`DF812D`), in units of 100 ms.
    pub message_hold_time: u16,
}

impl ContactlessParameters {
    /// Creates limits without offline approval.
    #[must_use]
    pub const fn new(transaction_limit: u64, cvm_limit: u64, ttq: [u8; 4]) -> Self {
        Self {
            kernel: None,
            transaction_limit,
            cvm_limit,
            floor_limit: 0,
            offline_approval: false,
            status_check: false,
            zero_amount_allowed: true,
            extended_selection: true,
            ttq,
            kernel_2: Kernel2Parameters::BOOK,
        }
    }
}

impl Kernel2Parameters {
    const BOOK: Self = Self {
        transaction_limit_on_device: None,
        on_device_cvm: true,
        torn_records: 1,
        torn_lifetime_s: 300,
        message_hold_time: 13,
    };

    /// Returns how long a torn transaction can be recovered.
    #[must_use]
    pub fn torn_lifetime(&self) -> Duration {
        Duration::from_secs(self.torn_lifetime_s.into())
    }

    /// Returns how long a message is shown at least.
    #[must_use]
    pub fn message_hold_time(&self) -> Duration {
        Duration::from_millis(100) * u32::from(self.message_hold_time)
    }
}

impl Default for Kernel2Parameters {
    fn default() -> Self {
        Self::BOOK
    }
}

const fn yes() -> bool {
    true
}
