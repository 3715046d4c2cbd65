//! Serial protocols of magnetic-stripe readers.
//!
//! * [`msr`]: the escape commands of the MSR605 family (MSR206, MSR605, MSR606 and their many
//!   relatives), "MSR605 Programmer's Manual", revision B, sections 6 to 8, and "MSR206
//!   Programmer's Manual", UDN PM017-U, revision C.1.
//! * [`mod@line`]: readers that send each swipe as a line of text, `%…?;…?+…?` and CR.
//!
//! Both work in both directions: what a driver writes, a virtual reader parses, and the reverse.

pub mod line;
pub mod msr;

use core::fmt;

use zeroize::Zeroizing;

use crate::iso7813::{TrackNumber, add_sentinels, strip_sentinels};

/// Is what a reader reports of one track.
#[derive(Clone, PartialEq, Eq, Default)]
pub enum TrackField {
    /// Nothing is recorded, or there is no head for this track.
    #[default]
    Absent,
    /// The characters between the sentinels, which are good characters of this track.
    Text(Zeroizing<Vec<u8>>),
    /// Something is recorded that cannot be read.
    Unreadable,
}

impl TrackField {
    /// Takes the characters between the sentinels.
    #[must_use]
    pub fn text(text: &[u8]) -> Self {
        Self::Text(Zeroizing::new(text.to_vec()))
    }

    /// Takes characters with sentinels, as a reader prints them.
    fn printed(track: TrackNumber, text: &[u8]) -> Self {
        match strip_sentinels(track, text) {
            // `%E?` is what readers print for a track that they could not read.
            Ok(b"E") | Err(_) => Self::Unreadable,
            Ok(inner) => Self::text(inner),
        }
    }

    fn print(&self, track: TrackNumber) -> Option<Zeroizing<Vec<u8>>> {
        match self {
            Self::Text(text) => Some(add_sentinels(track, text)),
            Self::Absent | Self::Unreadable => None,
        }
    }
}

impl fmt::Debug for TrackField {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Absent => f.write_str("Absent"),
            Self::Text(text) => write!(f, "Text({} characters)", text.len()),
            Self::Unreadable => f.write_str("Unreadable"),
        }
    }
}

#[cfg(test)]
mod tests;
