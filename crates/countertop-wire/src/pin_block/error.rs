//! What can be wrong with a PIN or a PIN block.

/// Says why there is no PIN or PIN block. Carries no digit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PinBlockError {
    /// A digit of the PIN is none; usually the wrong key or the wrong card number.
    #[error("PIN has something other than digits: wrong key or card number")]
    Digits,
    /// What follows the PIN is not all `F`.
    #[error("fill is not F: wrong key or card number")]
    Fill,
    /// The control nibble is not that of the format.
    #[error("not a PIN block of this format: wrong key")]
    Format,
    /// A key is not 8 or 16 bytes.
    #[error("DES key is not 8 or 16 bytes")]
    KeyLength,
    /// The PIN is not 4 to 12 digits.
    #[error("PIN is not 4 to 12 digits")]
    Length,
    /// The modulus is too short for the data to be enciphered.
    #[error("modulus shorter than 17 bytes")]
    Modulus,
    /// The card number has something other than digits.
    #[error("card number has something other than digits")]
    Pan,
}
