//! PIN entry at the card reader itself (PC/SC part 10: secure PIN entry).

use core::time::Duration;

use async_trait::async_trait;

use crate::DeviceError;

/// Lets the cardholder type the PIN at the card reader, which gives it to the card in the clear
/// (EMV Book 3, clause 6.5.12): it never comes to this computer.
///
/// [`CardSession::secure_pin_entry`](crate::CardSession::secure_pin_entry) has one where the reader
/// has a key pad.
#[async_trait]
pub trait SecurePinEntry: Send {
    /// Asks for the PIN and lets the card verify it.
    ///
    /// # Errors
    ///
    /// As [`CardSession::transmit`](crate::CardSession::transmit);
    /// [`Protocol`](crate::DeviceErrorKind::Protocol) when the reader does not take the request.
    ///
    /// # Cancel safety
    ///
    /// Not cancel safe: the reader goes on asking until its own time is over. Drop the session after
    /// a cancelled call.
    async fn verify_pin(
        &mut self,
        request: &SecurePinRequest,
    ) -> Result<SecurePinOutcome, DeviceError>;
}

/// Says how the PIN is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SecurePinRequest {
    /// Fewest digits, 4 to 12.
    pub min_length: u8,
    /// Most digits, 4 to 12.
    pub max_length: u8,
    /// How long the cardholder may take, rounded up to seconds, at most 255.
    pub timeout: Duration,
}

/// Is what came of asking for a PIN at the reader.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum SecurePinOutcome {
    /// The card answered VERIFY with this status word.
    Answered([u8; 2]),
    /// The cardholder pressed cancel.
    Cancelled,
    /// Nothing came in time.
    TimedOut,
    /// The PIN was too short or too long; the card has not seen it.
    WrongLength,
}
