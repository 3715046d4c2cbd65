//! PIN pads (UnifiedPOS: PINPad).
//!
//! A PIN leaves a PIN pad only as an encrypted block. Keys live in the PIN pad; the program sees
//! them wrapped under a key that it does not have. There is no method that yields a PIN or a key.

use core::time::Duration;

use async_trait::async_trait;

use crate::{Device, DeviceError, Money, Sensitive};

/// Takes PINs and computes message authentication codes with keys that never leave it.
#[async_trait]
pub trait PinPad: Device {
    /// Returns what this PIN pad can do. Performs no I/O.
    fn capabilities(&self) -> &PinPadCapabilities;

    /// Loads a working key that is wrapped under the terminal master key (UnifiedPOS: updateKey).
    ///
    /// Returns `false` when the key check value does not fit; the old key stays in that case.
    ///
    /// # Cancel safety
    ///
    /// Not cancel safe: the key may or may not have been replaced.
    async fn update_key(&mut self, usage: KeyUsage, key: &WrappedKey) -> Result<bool, DeviceError>;

    /// Asks the cardholder for a PIN and returns it as an encrypted block.
    ///
    /// # Cancel safety
    ///
    /// Cancel safe in that no PIN is lost or shown; the next call ends a prompt that still stands.
    async fn encrypt_pin(&mut self, request: &PinRequest) -> Result<PinEntry, DeviceError>;

    /// Computes the CBC-MAC of `data`, padded with zeros to whole blocks, under the MAC key
    /// (UnifiedPOS: computeMAC): ANSI X9.9 with a single-length key, the same with triple DES under
    /// a double-length one. Returns the whole last block.
    ///
    /// # Cancel safety
    ///
    /// Cancel safe: nothing changes in the PIN pad.
    async fn compute_mac(&mut self, data: &[u8]) -> Result<[u8; 8], DeviceError>;

    /// Asks the cardholder for a PIN and enciphers it for the card in the reader (EMV Book 2,
    /// clause 7.2). Called only where [`PinPadCapabilities::offline_enciphered_pin`] is set.
    ///
    /// The [`PinEntry::Entered`] it yields holds the data field of VERIFY, as long as the modulus.
    ///
    /// # Cancel safety
    ///
    /// As [`encrypt_pin`](Self::encrypt_pin).
    async fn encipher_offline_pin(
        &mut self,
        request: &OfflinePinRequest,
    ) -> Result<PinEntry<Sensitive>, DeviceError>;

    /// Shows up to two lines of text, or the idle picture for none.
    ///
    /// # Cancel safety
    ///
    /// Cancel safe: the text may or may not be shown.
    async fn display(&mut self, lines: &[&str]) -> Result<(), DeviceError>;
}

/// Says what a PIN pad can do.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct PinPadCapabilities {
    /// Serial number, as the host wants it in the sign-in message.
    pub serial_number: String,
    /// Whether it holds test keys only; such a one must never be used with a live profile.
    pub test_keys_only: bool,
    /// Whether it can encipher a PIN for the card itself.
    pub offline_enciphered_pin: bool,
}

impl PinPadCapabilities {
    /// Creates the capabilities of a PIN pad that takes online PINs only.
    pub fn new(serial_number: impl Into<String>, test_keys_only: bool) -> Self {
        Self { serial_number: serial_number.into(), test_keys_only, offline_enciphered_pin: false }
    }
}

/// Says what a working key is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum KeyUsage {
    /// Encrypts PIN blocks (TPK, in China PIK).
    Pin,
    /// Authenticates messages (TAK, in China MAK).
    Mac,
    /// Encrypts tracks (TDK).
    Data,
}

/// Is a key under the terminal master key, with its check value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WrappedKey {
    /// The key under the terminal master key: 8 bytes (single length) or 16 (double).
    pub cryptogram: Vec<u8>,
    /// The first bytes of eight zero bytes encrypted under the key, 3 or 4 of them.
    pub check_value: Vec<u8>,
}

/// Says which PIN is asked for.
#[derive(Debug, Clone)]
pub struct PinRequest {
    /// The card number that the block is bound to; only its last 13 digits matter.
    pub pan: Sensitive,
    /// The amount that the cardholder sees while typing.
    pub amount: Money,
    /// Layout of the block.
    pub format: PinBlockFormat,
    /// Fewest digits, 4 to 12.
    pub min_length: u8,
    /// Most digits, 4 to 12.
    pub max_length: u8,
    /// How long the cardholder may take.
    pub timeout: Duration,
}

/// Says which offline PIN is asked for, and for which key of which card.
#[derive(Debug, Clone)]
pub struct OfflinePinRequest {
    /// Modulus of the ICC's PIN encipherment key (or the ICC key).
    pub modulus: Vec<u8>,
    /// Its public exponent.
    pub exponent: Vec<u8>,
    /// The card's unpredictable number, from GET CHALLENGE.
    pub challenge: [u8; 8],
    /// The amount that the cardholder sees while typing.
    pub amount: Money,
    /// How long the cardholder may take.
    pub timeout: Duration,
}

/// Names the layout of a PIN block (ISO 9564-1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum PinBlockFormat {
    /// Format 0 (ANSI X9.8): PIN and card number.
    Iso0,
}

/// Is what came of asking for a PIN.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PinEntry<T = EncryptedPinBlock> {
    /// The cardholder typed one.
    Entered(T),
    /// The cardholder pressed enter without a digit.
    Bypassed,
    /// The cardholder pressed cancel.
    Cancelled,
    /// Nothing came in time.
    TimedOut,
}

/// Is a PIN under the PIN key. Never stored, never logged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EncryptedPinBlock(Sensitive);

impl EncryptedPinBlock {
    /// Takes the eight bytes that a PIN pad gave.
    #[must_use]
    pub fn new(block: [u8; 8]) -> Self {
        Self(Sensitive::from(block.as_slice()))
    }

    /// Returns the block for the message to the host. Never print, log or store it.
    #[must_use]
    pub fn expose(&self) -> &[u8] {
        self.0.expose()
    }
}
