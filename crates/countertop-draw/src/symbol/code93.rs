//! CODE93 with all of ASCII.

use super::{Bars, LinearCode, SymbolError};

/// The characters that have a symbol of their own, in the order of their values (AIM USS-93, table 1).
const CHARACTERS: &[u8] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ-. $/+%";

/// Widths of the elements of each value, bar first; the last four values shift.
const WIDTHS: [u32; 47] = [
    131_112, 111_213, 111_312, 111_411, 121_113, 121_212, 121_311, 111_114, 131_211, 141_111,
    211_113, 211_212, 211_311, 221_112, 221_211, 231_111, 112_113, 112_212, 112_311, 122_112,
    132_111, 111_123, 111_222, 111_321, 121_122, 131_121, 212_112, 212_211, 211_122, 211_221,
    221_121, 222_111, 112_122, 112_221, 122_121, 123_111, 121_131, 311_112, 311_211, 321_111,
    112_131, 113_121, 211_131, 121_221, 312_111, 311_121, 122_211,
];
const START_STOP: u32 = 111_141;

/// Values of the shifts that are written ($), (%), (/) and (+).
const DOLLAR: u8 = 43;
const PERCENT: u8 = 44;
const SLASH: u8 = 45;
const PLUS: u8 = 46;

/// Encodes characters of ASCII, each by its own symbol or by a shift and a letter (AIM USS-93, table 2).
///
/// # Errors
///
/// When there are none, or one is not of ASCII.
pub(super) fn code93(data: &[u8]) -> Result<LinearCode, SymbolError> {
    if data.is_empty() {
        return Err(SymbolError::Data("it wants another number of characters"));
    }
    let values: Option<Vec<Vec<u8>>> = data.iter().map(|byte| values(*byte)).collect();
    let values = values.ok_or(SymbolError::Data("it has no such character"))?.concat();
    let mut bars = Bars::default();
    bars.extend_widths(&widths(START_STOP), true);
    for value in checked(values) {
        bars.extend_widths(&widths(WIDTHS[usize::from(value)]), true);
    }
    bars.extend_widths(&widths(START_STOP), true);
    // The stop character ends with a bar.
    bars.extend_widths(&[1], true);
    Ok(LinearCode { bars, text: readable(data) })
}

/// Returns the values of a character; `None` when it is not of ASCII.
fn values(byte: u8) -> Option<Vec<u8>> {
    let own = CHARACTERS.iter().position(|other| *other == byte);
    if let Some(value) = own.and_then(|place| u8::try_from(place).ok()) {
        return Some(vec![value]);
    }
    let (shift, letter) = match byte {
        0 => (PERCENT, b'U'),
        0x01..=0x1A => (DOLLAR, b'A' + (byte - 0x01)),
        0x1B..=0x1F => (PERCENT, b'A' + (byte - 0x1B)),
        b'!'..=b',' => (SLASH, b'A' + (byte - b'!')),
        b':' => (SLASH, b'Z'),
        b';'..=b'?' => (PERCENT, b'F' + (byte - b';')),
        b'@' => (PERCENT, b'V'),
        b'['..=b'_' => (PERCENT, b'K' + (byte - b'[')),
        b'`' => (PERCENT, b'W'),
        b'a'..=b'z' => (PLUS, b'A' + (byte - b'a')),
        b'{'..=0x7F => (PERCENT, b'P' + (byte - b'{')),
        _ => return None,
    };
    Some(vec![shift, 10 + (letter - b'A')])
}

/// Appends the check characters C and K, whose weights go up to 20 and to 15 from the right.
fn checked(mut values: Vec<u8>) -> Vec<u8> {
    for most in [20, 15] {
        let weights = (1..=most).cycle();
        let sum: u32 = values.iter().rev().zip(weights).map(|(it, by)| u32::from(*it) * by).sum();
        values.push(u8::try_from(sum % 47).unwrap_or(0));
    }
    values
}

fn widths(digits: u32) -> [u8; 6] {
    let digit = |place: u32| u8::try_from(digits / 10_u32.pow(5 - place) % 10).unwrap_or(0);
    [0, 1, 2, 3, 4, 5].map(digit)
}

/// Returns the characters, and a space for each control character.
fn readable(data: &[u8]) -> String {
    data.iter().map(|byte| if byte.is_ascii_control() { ' ' } else { char::from(*byte) }).collect()
}

#[cfg(test)]
mod tests {
    use barcoders::sym::code93::Code93;

    use super::*;

    fn modules(bars: &Bars) -> Vec<bool> {
        (0..bars.width()).map(|x| bars.is_bar(x)).collect()
    }

    /// All but K, the stop character and its bar: barcoders (2.0) has another K for `0123456789`, which no
    /// scanner takes.
    #[test]
    fn characters_with_a_symbol_are_those_of_another_encoder() {
        for text in ["0123456789", "ABCDEFGHIJKLMNOPQRSTUVWXYZ", "-. $/+%", "CODE 93 $1.00/%+-"] {
            let other = Code93::new(text).unwrap().encode();
            let other: Vec<bool> = other.into_iter().map(|module| module == 1).collect();
            let ours = modules(&code93(text.as_bytes()).unwrap().bars);
            let known = ours.len() - 19;
            assert_eq!(ours.len(), other.len(), "{text}");
            assert_eq!(ours[..known], other[..known], "{text}");
        }
    }

    #[test]
    fn both_check_characters_are_those_of_the_example() {
        let values: Vec<u8> = b"TEST93".iter().flat_map(|byte| values(*byte).unwrap()).collect();
        // AIM USS-93: C is +, K is 6.
        assert_eq!(checked(values)[6..], [41, 6]);
        // 165 mod 47, and 234 mod 47.
        assert_eq!(checked((0..10).collect())[10..], [24, 46]);
    }

    #[test]
    fn each_symbol_is_nine_modules_of_three_bars() {
        for digits in WIDTHS.into_iter().chain([START_STOP]) {
            assert_eq!(widths(digits).iter().sum::<u8>(), 9, "{digits}");
        }
        let different: std::collections::BTreeSet<u32> = WIDTHS.into_iter().collect();
        assert_eq!(different.len(), 47);
    }

    #[test]
    fn all_of_ascii_has_values_of_its_own() {
        let all: std::collections::BTreeSet<_> =
            (0..128).map(|byte| values(byte).unwrap()).collect();
        assert_eq!(all.len(), 128);
        assert_eq!(values(0x80), None);
        // AIM USS-93, table 2: NUL is (%)U, ESC (%)A, ! (/)A, z (+)Z, DEL (%)T.
        let shifted = [
            (0x00, 44, b'U'),
            (0x1B, 44, b'A'),
            (b'!', 45, b'A'),
            (b'z', 46, b'Z'),
            (0x7F, 44, b'T'),
        ];
        for (byte, shift, letter) in shifted {
            assert_eq!(values(byte), Some(vec![shift, letter - b'A' + 10]), "{byte:#04x}");
        }
    }

    #[test]
    fn control_characters_are_not_readable() {
        assert_eq!(code93(b"Code\x0193").unwrap().text, "Code 93");
    }

    #[test]
    fn what_is_not_ascii_is_told() {
        assert_eq!(code93(b"\xC4").unwrap_err().to_string(), "it has no such character");
        assert!(code93(b"").is_err());
    }
}
