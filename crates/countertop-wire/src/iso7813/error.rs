//! What can be wrong with a track.

/// Says why a track cannot be read (UnifiedPOS reports START, END, PARITY and LRC per track).
///
/// Positions count characters from the start sentinel; no error carries card data.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum TrackError {
    /// A character that this track does not have.
    #[error("character {position} does not belong on this track")]
    Character {
        /// Its place.
        position: usize,
    },
    /// The end sentinel is missing.
    #[error("end sentinel missing")]
    End,
    /// The expiry is no month.
    #[error("expiry is not YYMM")]
    Expiry,
    /// Format code, separators or a field's length are not those of ISO/IEC 7813.
    #[error("fields are not those of ISO/IEC 7813")]
    Fields,
    /// More characters than the track holds.
    #[error("longer than the track")]
    Length,
    /// The longitudinal redundancy check does not fit.
    #[error("LRC wrong")]
    Lrc,
    /// The card number is not 8 to 19 digits.
    #[error("card number is not 8 to 19 digits")]
    Pan,
    /// A character's parity is even.
    #[error("parity of character {position} wrong")]
    Parity {
        /// Its place.
        position: usize,
    },
    /// The service code is not three digits.
    #[error("service code is not three digits")]
    ServiceCode,
    /// The start sentinel is missing.
    #[error("start sentinel missing")]
    Start,
}
