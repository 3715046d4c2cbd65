//! Contact chip readers (UnifiedPOS: SmartCardRW).

use async_trait::async_trait;

use crate::{CardSession, Device, DeviceError};

/// Reads cards by contact.
#[async_trait]
pub trait ChipReader: Device {
    /// Waits until a card is in the reader (UnifiedPOS: beginInsertion).
    ///
    /// Returns at once when one is in already.
    ///
    /// # Cancel safety
    ///
    /// Cancel safe.
    async fn await_card(&mut self) -> Result<(), DeviceError>;

    /// Waits until no card is in the reader (UnifiedPOS: beginRemoval).
    ///
    /// # Cancel safety
    ///
    /// Cancel safe.
    async fn await_removal(&mut self) -> Result<(), DeviceError>;

    /// Powers the card and starts an exclusive session with it.
    ///
    /// # Errors
    ///
    /// [`CardRemoved`](crate::DeviceErrorKind::CardRemoved) when none is in,
    /// [`Protocol`](crate::DeviceErrorKind::Protocol) when the card is mute.
    ///
    /// # Cancel safety
    ///
    /// Cancel safe: a session that nobody takes is closed.
    async fn connect(&mut self) -> Result<Box<dyn CardSession>, DeviceError>;
}
