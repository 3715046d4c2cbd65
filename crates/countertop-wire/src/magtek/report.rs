//! The report of a swipe.

use core::fmt;

use zeroize::Zeroizing;

use super::{EncodeType, MagneSafe};

/// Is one swipe as the reader reports it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct CardReport {
    /// Tracks 1 to 3.
    pub tracks: [TrackData; 3],
    /// What kind of recording it is.
    pub encode_type: EncodeType,
    /// What MagneSafe readers add; `None` for others.
    pub magnesafe: Option<MagneSafe>,
}

/// Is what the reader reports of one track.
#[derive(Clone, PartialEq, Eq, Default)]
pub enum TrackData {
    /// Nothing is recorded.
    #[default]
    Absent,
    /// Something is recorded that the reader cannot decode.
    Unreadable,
    /// The characters from the start sentinel to the end sentinel.
    Clear(Zeroizing<Vec<u8>>),
    /// The same under a key that only the reader and its owner's host know.
    Encrypted(Vec<u8>),
}

impl fmt::Debug for TrackData {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Absent => f.write_str("Absent"),
            Self::Unreadable => f.write_str("Unreadable"),
            Self::Clear(text) => write!(f, "Clear({} characters)", text.len()),
            Self::Encrypted(data) => write!(f, "Encrypted({} bytes)", data.len()),
        }
    }
}
