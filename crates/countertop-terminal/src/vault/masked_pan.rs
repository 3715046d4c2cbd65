//! Card numbers with the middle withheld.

use core::fmt;

use countertop_device::Sensitive;
use serde::{Deserialize, Serialize};

/// Is a card number of which the first six and the last four digits are shown at most
/// (PCI DSS, requirement 3.4): `620000******0005`; of a payment code the last four only.
///
/// No whole number fits into it, however it is made.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct MaskedPan(String);

/// Says that a text is no masked card number; it withholds the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("text is no masked card number: it shows too many digits, or has other characters")]
pub struct NotMasked;

const SHOWN_AT_START: usize = 6;
const SHOWN_AT_END: usize = 4;
/// The shortest number of which six and four digits may be shown (ISO 7812: up to 19).
const SHORTEST_FOR_BOTH: usize = 13;

impl MaskedPan {
    /// Masks a card number. Of one with fewer than 13 digits only the last four stay, of one with
    /// fewer than five characters nothing.
    #[must_use]
    pub fn of_pan(pan: &Sensitive) -> Self {
        let start = if pan.len() >= SHORTEST_FOR_BOTH { SHOWN_AT_START } else { 0 };
        Self(mask(pan.expose(), start))
    }

    /// Masks a payment code: the last four digits stay.
    #[must_use]
    pub fn of_code(code: &Sensitive) -> Self {
        Self(mask(code.expose(), 0))
    }

    /// Returns the text, `620000******0005`.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Returns the last four digits, or what there is.
    #[must_use]
    pub fn last_four(&self) -> &str {
        self.0.get(self.0.len().saturating_sub(SHOWN_AT_END)..).unwrap_or_default()
    }
}

fn mask(digits: &[u8], start: usize) -> String {
    let end = if digits.len() > SHOWN_AT_END { digits.len() - SHOWN_AT_END } else { digits.len() };
    let shown = |(at, &digit): (usize, &u8)| {
        let show = (at < start || at >= end) && digit.is_ascii_digit();
        if show { char::from(digit) } else { '*' }
    };
    digits.iter().enumerate().map(shown).collect()
}

impl fmt::Display for MaskedPan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl TryFrom<String> for MaskedPan {
    type Error = NotMasked;

    fn try_from(text: String) -> Result<Self, NotMasked> {
        let proper = text.bytes().all(|byte| byte == b'*' || byte.is_ascii_digit());
        let start = if text.len() >= SHORTEST_FOR_BOTH { SHOWN_AT_START } else { 0 };
        let masked = mask(text.as_bytes(), start);
        if proper && masked == text { Ok(Self(text)) } else { Err(NotMasked) }
    }
}

impl From<MaskedPan> for String {
    fn from(pan: MaskedPan) -> Self {
        pan.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of_pan(digits: &str) -> String {
        MaskedPan::of_pan(&Sensitive::from(digits.as_bytes())).to_string()
    }

    #[test]
    fn shows_six_and_four() {
        assert_eq!(of_pan("6200000000000005"), "620000******0005");
        assert_eq!(of_pan("6200000000000000005"), "620000*********0005");
    }

    #[test]
    fn short_numbers_show_less() {
        assert_eq!(of_pan("620000000005"), "********0005");
        assert_eq!(of_pan("6205"), "****");
        assert_eq!(of_pan(""), "");
        assert_eq!(of_pan("62000000000000é"), "620000******00**");
    }

    #[test]
    fn codes_show_four() {
        let code = Sensitive::from(b"6212345678901234567".as_slice());
        let masked = MaskedPan::of_code(&code);
        assert_eq!(masked.as_str(), "***************4567");
        assert_eq!(masked.last_four(), "4567");
    }

    #[test]
    fn whole_numbers_do_not_pass_as_masked() {
        for text in ["6200000000000005", "620000*****10005", "62000005", "620000******000X"] {
            assert_eq!(MaskedPan::try_from(text.to_owned()), Err(NotMasked), "{text}");
        }
        assert!(MaskedPan::try_from("620000******0005".to_owned()).is_ok());
    }
}
