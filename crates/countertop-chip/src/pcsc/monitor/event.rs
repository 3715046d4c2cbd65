//! What can happen.

/// Is something that happened to a reader, a card or the service.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum ReaderEvent {
    /// A card is in a reader.
    CardInserted {
        /// The reader's PC/SC name.
        reader: String,
        /// Its answer to reset; empty for a card that is mute.
        answer_to_reset: Vec<u8>,
    },
    /// A card has left a reader.
    CardRemoved {
        /// The reader's PC/SC name.
        reader: String,
    },
    /// A reader is there.
    ReaderArrived {
        /// Its PC/SC name.
        reader: String,
    },
    /// A reader is gone, with the card that was in it.
    ReaderDeparted {
        /// Its PC/SC name.
        reader: String,
    },
    /// The service answers again.
    ServiceBack,
    /// The service does not answer; its readers have departed.
    ServiceGone,
}

impl ReaderEvent {
    /// Returns the reader that it happened to; `None` when it happened to the service.
    #[must_use]
    pub fn reader(&self) -> Option<&str> {
        match self {
            Self::CardInserted { reader, .. }
            | Self::CardRemoved { reader }
            | Self::ReaderArrived { reader }
            | Self::ReaderDeparted { reader } => Some(reader),
            Self::ServiceBack | Self::ServiceGone => None,
        }
    }
}
