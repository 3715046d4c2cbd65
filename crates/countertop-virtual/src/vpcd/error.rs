//! What can go wrong between a virtual card and vpcd.

use std::io;

use countertop_wire::vpcd::VpcdError;

/// Says why a card cannot be in the virtual reader.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SlotError {
    /// The reader's port does not accept a card.
    #[error("connect to vpcd at {address}: {source}; is pcscd running with vsmartcard-vpcd?")]
    Connect {
        /// The address of the reader's slot.
        address: String,
        /// What the system says.
        source: io::Error,
    },
    /// The connection to the reader broke.
    #[error("exchange with vpcd: {0}")]
    Link(#[from] io::Error),
    /// The reader sent something that vpcd does not define.
    #[error("message from vpcd: {0}")]
    Protocol(#[from] VpcdError),
    /// A card is in the slot already.
    #[error("insert a card into the virtual reader: remove the other card first")]
    Occupied,
    /// The task that runs the slot has ended.
    #[error("the virtual card slot does not run")]
    Stopped,
}
