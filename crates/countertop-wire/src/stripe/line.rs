//! Readers that send each swipe as a line of text: `%…?;…?+…?` and CR.
//!
//! The tracks come in the order of the card, empty ones are left out, and `%E?`, `;E?` or `+E?`
//! stands for a track that cannot be read: the default of MagTek, ID TECH and other serial and
//! CDC readers.

use zeroize::Zeroizing;

use crate::iso7813::{TrackNumber, add_sentinels};

use super::TrackField;

/// Parses a line without its end. A second `;` track is track 3, as on the card.
///
/// Returns `None` for a line in which nothing starts like a track.
#[must_use]
pub fn parse_line(line: &[u8]) -> Option<[TrackField; 3]> {
    let mut tracks: [TrackField; 3] = Default::default();
    let mut rest = line;
    let mut found = false;
    while let Some(start) = rest.iter().position(|byte| b"%;+".contains(byte)) {
        rest = rest.get(start..)?;
        let end = rest.iter().position(|&byte| byte == b'?').map_or(rest.len(), |end| end + 1);
        let (text, after) = rest.split_at(end);
        let track = track_of(text.first().copied()?, &tracks);
        if let Some(field) = tracks.get_mut(track.index()) {
            *field = TrackField::printed(track, text);
        }
        (rest, found) = (after, true);
    }
    found.then_some(tracks)
}

fn track_of(sentinel: u8, tracks: &[TrackField; 3]) -> TrackNumber {
    match sentinel {
        b'%' => TrackNumber::One,
        b';' if matches!(tracks, [_, TrackField::Absent, _]) => TrackNumber::Two,
        _ => TrackNumber::Three,
    }
}

/// Returns the line of a swipe, with CR at its end.
#[must_use]
pub fn encode_line(tracks: &[TrackField; 3]) -> Zeroizing<Vec<u8>> {
    let mut line = Zeroizing::new(Vec::new());
    for (track, field) in TrackNumber::ALL.into_iter().zip(tracks) {
        let printed = match field {
            TrackField::Absent => continue,
            TrackField::Text(text) => add_sentinels(track, text),
            TrackField::Unreadable => add_sentinels(track, b"E"),
        };
        let start = line.len();
        line.extend_from_slice(&printed);
        if let (TrackNumber::Three, Some(sentinel)) = (track, line.get_mut(start)) {
            *sentinel = b'+';
        }
    }
    line.push(b'\r');
    line
}
