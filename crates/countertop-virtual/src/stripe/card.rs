//! Cards with a stripe, and what can go wrong when one is swiped.

use core::fmt;

use countertop_device::Sensitive;
use countertop_wire::iso7813::{TrackBits, TrackError, TrackNumber, decode_bits, encode_bits};
use countertop_wire::stripe::TrackField;

/// Is a card with up to three recorded tracks.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct StripeCard {
    tracks: [Option<Sensitive>; 3],
}

impl StripeCard {
    /// Records `tracks`, each without sentinels.
    ///
    /// # Errors
    ///
    /// When a track is too long or has characters that it cannot hold.
    pub fn new(tracks: [Option<&str>; 3]) -> Result<Self, TrackError> {
        for (track, text) in TrackNumber::ALL.into_iter().zip(tracks) {
            track.check(text.unwrap_or_default().as_bytes())?;
        }
        Ok(Self { tracks: tracks.map(|text| text.map(|text| Sensitive::from(text.as_bytes()))) })
    }

    /// Returns the bits that the head sees of one track.
    pub(super) fn bits(&self, track: TrackNumber, fault: Option<SwipeFault>) -> TrackBits {
        let text = self.tracks.get(track.index()).and_then(Option::as_ref);
        let bits = text.and_then(|text| encode_bits(track, text.expose()).ok());
        let mut bits = bits.unwrap_or_default();
        match fault {
            Some(SwipeFault::Backward) => bits.reversed(),
            Some(SwipeFault::Scratch(scratched)) if scratched == track => {
                bits.flip(bits.len() / 2);
                bits
            }
            _ => bits,
        }
    }

    /// Returns what a reader that decodes makes of one track.
    pub(crate) fn field(&self, track: TrackNumber, fault: Option<SwipeFault>) -> TrackField {
        let bits = self.bits(track, fault);
        match decode_bits(track, &bits) {
            _ if bits.is_empty() => TrackField::Absent,
            Ok(text) => TrackField::Text(text),
            Err(_) => TrackField::Unreadable,
        }
    }
}

impl fmt::Debug for StripeCard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("StripeCard").finish_non_exhaustive()
    }
}

/// Is what goes wrong during a swipe.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum SwipeFault {
    /// The card is swiped the other way round; a good reader does not mind.
    Backward,
    /// The reader falls silent after so many bytes of its answer.
    CutOff(usize),
    /// Line noise comes before the answer.
    Noise,
    /// A scratch on one track.
    Scratch(TrackNumber),
}
