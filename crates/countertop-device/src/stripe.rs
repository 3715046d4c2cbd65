//! Magnetic-stripe readers (UnifiedPOS: MSR).

use async_trait::async_trait;

use crate::{Device, DeviceError, Sensitive};

/// Reads magnetic stripes.
#[async_trait]
pub trait StripeReader: Device {
    /// Waits for the next swipe, for as long as it takes.
    ///
    /// An unreadable track is a value ([`TrackRead::Unreadable`]), not an error.
    ///
    /// # Cancel safety
    ///
    /// Cancel safe: a swipe that is cut off by dropping is discarded whole, the next call starts
    /// with the next swipe.
    async fn next_swipe(&mut self) -> Result<Swipe, DeviceError>;
}

/// Is one pass of a card through the slot.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Swipe {
    /// Tracks 1 to 3 (ISO/IEC 7811-6), each without sentinels and LRC.
    pub tracks: [TrackRead; 3],
}

impl Swipe {
    /// Returns the characters of track `number` (1 to 3) when it was read well.
    #[must_use]
    pub fn track(&self, number: usize) -> Option<&Sensitive> {
        match self.tracks.get(number.checked_sub(1)?)? {
            TrackRead::Good(track) => Some(track),
            TrackRead::Absent | TrackRead::Unreadable => None,
        }
    }
}

/// Is what the head saw of one track.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum TrackRead {
    /// Nothing is recorded, or the reader has no head for this track.
    #[default]
    Absent,
    /// The characters between the sentinels, parity and LRC checked by the reader or the driver.
    Good(Sensitive),
    /// Something is recorded that cannot be read.
    Unreadable,
}
