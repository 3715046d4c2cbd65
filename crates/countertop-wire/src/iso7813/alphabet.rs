//! Character sets of ISO/IEC 7811-6.

use super::TrackError;

/// Names a track by its place on the card.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum TrackNumber {
    /// Track 1 (IATA): 79 characters of 7 bits, letters and digits.
    One,
    /// Track 2 (ABA): 40 characters of 5 bits, digits.
    Two,
    /// Track 3 (ISO/IEC 4909): 107 characters of 5 bits, digits.
    Three,
}

impl TrackNumber {
    /// All tracks in the order of the card.
    pub const ALL: [Self; 3] = [Self::One, Self::Two, Self::Three];

    /// Returns the place in an array of three tracks, 0 to 2.
    #[must_use]
    pub const fn index(self) -> usize {
        match self {
            Self::One => 0,
            Self::Two => 1,
            Self::Three => 2,
        }
    }

    /// Returns the most characters between the sentinels (ISO/IEC 7813: 79, 40 and 107 with start
    /// sentinel, end sentinel and LRC).
    #[must_use]
    pub const fn max_len(self) -> usize {
        match self {
            Self::One => 76,
            Self::Two => 37,
            Self::Three => 104,
        }
    }

    /// Returns the start sentinel.
    ///
    /// Track 3 shares `;` with track 2 on the card; many readers print it as `+`.
    #[must_use]
    pub const fn start_sentinel(self) -> u8 {
        match self {
            Self::One => b'%',
            Self::Two | Self::Three => b';',
        }
    }

    /// Returns the field separator.
    #[must_use]
    pub const fn separator(self) -> u8 {
        match self {
            Self::One => b'^',
            Self::Two | Self::Three => b'=',
        }
    }

    /// Returns the number of data bits of a character, without parity.
    #[must_use]
    pub const fn data_bits(self) -> usize {
        match self {
            Self::One => 6,
            Self::Two | Self::Three => 4,
        }
    }

    /// Tells whether `character` may stand between the sentinels of this track.
    #[must_use]
    pub fn allows(self, character: u8) -> bool {
        let sentinel = character == END_SENTINEL || character == self.start_sentinel();
        !sentinel && self.code(character).is_some()
    }

    /// Checks length and characters of what stands between the sentinels.
    ///
    /// # Errors
    ///
    /// [`TrackError::Length`] and [`TrackError::Character`].
    pub fn check(self, text: &[u8]) -> Result<(), TrackError> {
        if text.len() > self.max_len() {
            return Err(TrackError::Length);
        }
        match text.iter().position(|&character| !self.allows(character)) {
            Some(position) => Err(TrackError::Character { position }),
            None => Ok(()),
        }
    }

    const fn offset(self) -> u8 {
        match self {
            Self::One => 0x20,
            Self::Two | Self::Three => 0x30,
        }
    }

    /// Returns the data bits of a character, or `None` for one that this track has no code for.
    pub(super) fn code(self, character: u8) -> Option<u8> {
        let code = character.checked_sub(self.offset())?;
        (code >> self.data_bits() == 0).then_some(code)
    }

    /// Returns the character of data bits.
    pub(super) fn character(self, code: u8) -> u8 {
        self.offset().wrapping_add(code)
    }
}

/// The end sentinel of every track.
pub(super) const END_SENTINEL: u8 = b'?';
