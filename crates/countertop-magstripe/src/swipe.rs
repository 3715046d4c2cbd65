//! From the tracks of a protocol to the tracks of the function trait.

use countertop_device::{Sensitive, Swipe, TrackRead};
use countertop_wire::stripe::TrackField;

/// Returns the swipe of `tracks`. When the reader reports a bad read and nothing was read well, all
/// tracks count as unreadable, so that the cashier asks for another swipe.
pub(crate) fn swipe_of(tracks: &[TrackField; 3], read_well: bool) -> Swipe {
    let any_text = tracks.iter().any(|track| matches!(track, TrackField::Text(_)));
    let hopeless = !read_well && !any_text;
    let read = |track: &TrackField| match track {
        TrackField::Text(text) => TrackRead::Good(Sensitive::from(text.as_slice())),
        TrackField::Absent if !hopeless => TrackRead::Absent,
        TrackField::Absent | TrackField::Unreadable => TrackRead::Unreadable,
    };
    Swipe { tracks: tracks.each_ref().map(read) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failed_read_is_unreadable_on_all_tracks() {
        let nothing = [TrackField::Absent, TrackField::Absent, TrackField::Absent];
        assert_eq!(swipe_of(&nothing, false).tracks, [const { TrackRead::Unreadable }; 3]);
        assert_eq!(swipe_of(&nothing, true).tracks, [const { TrackRead::Absent }; 3]);
    }

    #[test]
    fn good_tracks_survive_a_bad_one() {
        let tracks = [TrackField::Absent, TrackField::text(b"1=2"), TrackField::Unreadable];
        let swipe = swipe_of(&tracks, false);
        assert_eq!(swipe.tracks[0], TrackRead::Absent);
        assert_eq!(swipe.track(2).unwrap().expose(), b"1=2");
        assert_eq!(swipe.tracks[2], TrackRead::Unreadable);
    }
}
