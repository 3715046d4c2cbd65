//! Card numbers (primary account numbers, ISO/IEC 7812).

use core::fmt;

use zeroize::Zeroizing;

use super::error::TrackError;

/// Is a card number of 8 to 19 digits. Its `Debug` is masked, and it is wiped on drop.
#[derive(Clone, PartialEq, Eq)]
pub struct Pan(Zeroizing<String>);

impl Pan {
    /// Takes the digits of a card number. The check digit is not looked at: see
    /// [`luhn_is_good`](Self::luhn_is_good).
    ///
    /// # Errors
    ///
    /// [`TrackError::Pan`] for anything but 8 to 19 digits.
    pub fn parse(digits: &[u8]) -> Result<Self, TrackError> {
        let good = (8..=19).contains(&digits.len()) && digits.iter().all(u8::is_ascii_digit);
        let text = core::str::from_utf8(digits).ok().filter(|_| good).ok_or(TrackError::Pan)?;
        Ok(Self(Zeroizing::new(text.to_owned())))
    }

    /// Returns the digits. Never print, log or store them.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// Returns the number as it may be shown: the first six digits, stars, the last four; the last
    /// four alone when there are fewer than 13 digits (PCI DSS, requirement 3.4.1).
    #[must_use]
    pub fn masked(&self) -> String {
        let len = self.0.len();
        let head = if len < 13 { 0 } else { 6 };
        let shown = |place: usize| place < head || place + 4 >= len;
        let mask = |(place, digit)| if shown(place) { digit } else { '*' };
        self.0.chars().enumerate().map(mask).collect()
    }

    /// Tells whether the check digit fits (ISO/IEC 7812-1, annex B: Luhn).
    #[must_use]
    pub fn luhn_is_good(&self) -> bool {
        let digits = self.0.bytes().rev().map(|digit| u32::from(digit - b'0'));
        let sum: u32 = digits.enumerate().map(|(place, digit)| weigh(place, digit)).sum();
        sum.is_multiple_of(10)
    }
}

fn weigh(place: usize, digit: u32) -> u32 {
    match (place.is_multiple_of(2), digit * 2) {
        (true, _) => digit,
        (false, double) if double > 9 => double - 9,
        (false, double) => double,
    }
}

impl fmt::Debug for Pan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Pan({})", self.masked())
    }
}
