//! What the terminal knows of a transaction before the card comes.

use countertop_device::Money;

/// Is the Transaction Type (`9C`): the first two digits of ISO 8583's processing code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct TransactionType(pub u8);

impl TransactionType {
    /// Purchase of goods or services.
    pub const PURCHASE: Self = Self(0x00);
    /// Cash.
    pub const CASH: Self = Self(0x01);
    /// Pre-authorisation.
    pub const PRE_AUTHORISATION: Self = Self(0x03);
    /// Purchase with cashback.
    pub const CASHBACK: Self = Self(0x09);
    /// Refund.
    pub const REFUND: Self = Self(0x20);
    /// Balance inquiry.
    pub const BALANCE_INQUIRY: Self = Self(0x31);
}

/// Says which PINs can be taken; it decides what the terminal tells the card (`9F33`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum PinSupport {
    /// There is no PIN pad.
    None,
    /// The PIN pad enciphers for the host.
    Online,
    /// The PIN pad enciphers for the host and for the card
    /// ([`PinPadCapabilities::offline_enciphered_pin`](countertop_device::PinPadCapabilities)).
    OnlineAndOfflineEnciphered,
}

impl PinSupport {
    const fn missing_capabilities(self) -> u8 {
        match self {
            Self::None => ONLINE_PIN | OFFLINE_ENCIPHERED_PIN,
            Self::Online => OFFLINE_ENCIPHERED_PIN,
            Self::OnlineAndOfflineEnciphered => 0,
        }
    }
}

/// Bits of byte 2 of Terminal Capabilities (EMV Book 4, table 26). A plaintext PIN would have to
/// pass through our memory, so that it is declared only for a reader with a key pad of its own.
const PLAINTEXT_PIN: u8 = 0x80;
const ONLINE_PIN: u8 = 0x40;
/// RSA (bit 5) and ECC (bit 1).
const OFFLINE_ENCIPHERED_PIN: u8 = 0x11;

/// Holds a transaction's data.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct TransactionData {
    /// Amount, Authorised (`9F02`) with its currency (`5F2A`, `5F36`).
    pub amount: Money,
    /// Amount, Other (`9F03`): the cash part, in minor units.
    pub amount_other: u64,
    /// Transaction Date (`9A`): YYMMDD, two digits to a byte.
    pub date: [u8; 3],
    /// Transaction Time (`9F21`): HHMMSS, two digits to a byte.
    pub time: [u8; 3],
    /// Transaction Type (`9C`).
    pub transaction_type: TransactionType,
    /// Transaction Sequence Counter (`9F41`).
    pub sequence_counter: u32,
    /// Unpredictable Number (`9F37`).
    pub unpredictable_number: [u8; 4],
    /// A random number from 1 to 99 for random transaction selection; none for no selection.
    pub random_selection: Option<u8>,
    /// Terminal Identification (`9F1C`): up to eight characters.
    pub terminal_id: String,
    /// Merchant Identifier (`9F16`): up to fifteen characters.
    pub merchant_id: String,
    /// Merchant Name and Location (`9F4E`).
    pub merchant_name: String,
    /// Which PINs can be taken.
    pub pin: PinSupport,
    /// Whether the cashier wants the host to decide (EMV Book 4, clause 6.3.5).
    pub force_online: bool,
    /// Whether the card reader has a key pad, so that the card can be given a PIN in clear.
    pub(crate) pin_at_reader: bool,
}

impl TransactionData {
    /// Creates the data of a transaction at a terminal without a PIN pad.
    ///
    /// `date` and `time` have two digits to a byte; `unpredictable_number` comes from a good source
    /// of randomness.
    #[must_use]
    pub fn new(
        amount: Money,
        transaction_type: TransactionType,
        date: [u8; 3],
        time: [u8; 3],
        unpredictable_number: [u8; 4],
    ) -> Self {
        Self {
            amount,
            amount_other: 0,
            date,
            time,
            transaction_type,
            sequence_counter: 1,
            unpredictable_number,
            random_selection: None,
            terminal_id: String::new(),
            merchant_id: String::new(),
            merchant_name: String::new(),
            pin: PinSupport::None,
            force_online: false,
            pin_at_reader: false,
        }
    }

    /// Returns the bits of Terminal Capabilities' second byte that have to be off.
    pub(crate) const fn missing_capabilities(&self) -> u8 {
        let reader = if self.pin_at_reader { 0 } else { PLAINTEXT_PIN };
        reader | self.pin.missing_capabilities()
    }
}
