//! Start and end sentinels as readers print them.

use zeroize::Zeroizing;

use super::alphabet::{END_SENTINEL, TrackNumber};
use super::error::TrackError;

/// The start sentinel of track 3 as many readers print it, to tell it from track 2.
const PRINTED_TRACK_3: u8 = b'+';

/// Returns the characters between the sentinels.
///
/// Takes `+` beside `;` as the start sentinel of track 3.
///
/// # Errors
///
/// [`TrackError::Start`] and [`TrackError::End`] for missing sentinels, else as
/// [`TrackNumber::check`].
pub fn strip_sentinels(track: TrackNumber, text: &[u8]) -> Result<&[u8], TrackError> {
    let (start, rest) = text.split_first().ok_or(TrackError::Start)?;
    let printed = track == TrackNumber::Three && *start == PRINTED_TRACK_3;
    if *start != track.start_sentinel() && !printed {
        return Err(TrackError::Start);
    }
    let inner = rest.strip_suffix(&[END_SENTINEL]).ok_or(TrackError::End)?;
    track.check(inner)?;
    Ok(inner)
}

/// Puts the sentinels of the card around `text`.
#[must_use]
pub fn add_sentinels(track: TrackNumber, text: &[u8]) -> Zeroizing<Vec<u8>> {
    let mut all = Zeroizing::new(Vec::with_capacity(text.len() + 2));
    all.push(track.start_sentinel());
    all.extend_from_slice(text);
    all.push(END_SENTINEL);
    all
}
