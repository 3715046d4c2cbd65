//! What is not shown.

use countertop_wire::iso8583::{Format, RawField};

use super::hex::hex;

/// The shortest run of digits that may be a card number or a payment code.
const SECRET_DIGITS: usize = 13;

/// Masks a card number: first six and last four digits stay.
pub(super) fn pan(digits: &str) -> String {
    let count = digits.chars().count();
    let keep = |index: usize| count >= SECRET_DIGITS && (index < 6 || index + 4 >= count);
    let mask = |(index, digit)| if keep(index) { digit } else { '*' };
    digits.chars().enumerate().map(mask).collect()
}

/// Masks a track: of its card number, first six and last four digits stay, and the separator.
pub(super) fn track(characters: &str) -> String {
    match characters.split_once(['D', '=', '^']) {
        Some((number, rest)) => format!("{}D{}", pan(number), "*".repeat(rest.chars().count())),
        None => "*".repeat(characters.chars().count()),
    }
}

/// Tells whether a run of digits in a text may be a card number or a payment code.
pub(super) fn has_secret_digits(bytes: &[u8]) -> bool {
    let mut runs = bytes.split(|byte| !byte.is_ascii_digit());
    runs.any(|run| run.len() >= SECRET_DIGITS)
}

/// Says how much is withheld.
pub(super) fn withheld(count: usize) -> String {
    format!("withheld ({count} bytes)")
}

/// Returns a field's bytes with the length shown and the value masked. A card number keeps the
/// digits that may be seen.
pub(super) fn raw(field: &RawField<'_>) -> String {
    let prefix = field.spec.length.prefix();
    let (length, value) = field.bytes.split_at(prefix.min(field.bytes.len()));
    let shown = match (field.spec.number, field.spec.format) {
        (2, Format::Numeric) => {
            let digits = core::str::from_utf8(&field.value).unwrap_or_default();
            let spare = if digits.len() % 2 == 1 { "0" } else { "" };
            format!("{}{spare}", pan(digits))
        }
        _ => "*".repeat(2 * value.len()),
    };
    format!("{}{shown}", hex(length))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn six_and_four_stay() {
        assert_eq!(pan("6200000000000005"), "620000******0005");
        assert_eq!(pan("620000000000"), "************");
        assert_eq!(pan(""), "");
        assert_eq!(track("6200000000000005D30122010000"), "620000******0005D***********");
        assert_eq!(track("62000000"), "********");
    }

    #[test]
    fn long_runs_are_secret() {
        assert!(has_secret_digits(b"QR6200000000000000005 "));
        assert!(!has_secret_digits(b"123456789012 123456789012"));
    }
}
