//! Application identifiers of GS1.
//!
//! Source: GS1 General Specifications, clauses 3 and 7.8 (which lengths are predefined).

use super::{BarcodeError, BarcodeSystem, check};

/// Is what an identifier's value looks like.
#[derive(Debug, Clone, Copy)]
enum Format {
    /// So many digits, the last of which checks the others.
    Checked(usize),
    /// So many digits.
    Digits(usize),
    /// Up to so many digits.
    UpToDigits(usize),
    /// Up to so many characters.
    UpTo(usize),
}

use Format::{Checked, Digits, UpTo, UpToDigits};

/// Identifiers by their first digits; of several that fit, the first counts.
const FORMATS: &[(&str, Format)] = &[
    ("00", Checked(18)),
    ("01", Checked(14)),
    ("02", Checked(14)),
    ("03", Checked(14)),
    ("10", UpTo(20)),
    ("11", Digits(6)),
    ("12", Digits(6)),
    ("13", Digits(6)),
    ("15", Digits(6)),
    ("16", Digits(6)),
    ("17", Digits(6)),
    ("20", Digits(2)),
    ("21", UpTo(20)),
    ("22", UpTo(20)),
    ("235", UpTo(28)),
    ("242", UpToDigits(6)),
    ("24", UpTo(30)),
    ("25", UpTo(30)),
    ("30", UpToDigits(8)),
    ("31", Digits(6)),
    ("32", Digits(6)),
    ("33", Digits(6)),
    ("34", Digits(6)),
    ("35", Digits(6)),
    ("36", Digits(6)),
    ("37", UpToDigits(8)),
    ("390", UpToDigits(15)),
    ("391", UpToDigits(18)),
    ("392", UpToDigits(15)),
    ("393", UpToDigits(18)),
    ("394", Digits(4)),
    ("402", Digits(17)),
    ("40", UpTo(30)),
    ("41", Checked(13)),
    ("422", Digits(3)),
    ("42", UpTo(20)),
    ("7001", Digits(13)),
    ("7003", Digits(10)),
    ("8005", Digits(6)),
    ("8006", Digits(18)),
    ("8018", Checked(18)),
    ("9", UpTo(90)),
];

/// The most that a value of any other identifier has.
const OTHER: Format = UpTo(90);

/// Identifiers whose values end where their length says, by their first digits; others end with
/// FNC1.
const PREDEFINED: [&str; 22] = [
    "00", "01", "02", "03", "04", "11", "12", "13", "14", "15", "16", "17", "18", "19", "20", "31",
    "32", "33", "34", "35", "36", "41",
];

/// Returns the data of GS k.
pub(super) fn data(
    system: BarcodeSystem,
    elements: &[(&str, &str)],
) -> Result<Vec<u8>, BarcodeError> {
    if !matches!(system, BarcodeSystem::Gs1128 | BarcodeSystem::DataBarExpanded) {
        return Err(BarcodeError::Form { system, reason: "it has no application identifiers" });
    }
    let mut out = Vec::new();
    for (index, (identifier, value)) in elements.iter().enumerate() {
        let value = checked(identifier, value)?;
        out.push(b'(');
        out.extend_from_slice(identifier.as_bytes());
        out.push(b')');
        for byte in value {
            if matches!(byte, b'(' | b')' | b'*') {
                out.push(b'{');
            }
            out.push(byte);
        }
        if index + 1 < elements.len() && !is_predefined(identifier) {
            out.extend(b"{1");
        }
    }
    Ok(out)
}

fn is_predefined(identifier: &str) -> bool {
    let first = identifier.get(..2).unwrap_or_default();
    PREDEFINED.contains(&first)
}

/// Checks a value, and adds the check digit that is missing.
fn checked(identifier: &str, value: &str) -> Result<Vec<u8>, BarcodeError> {
    let wrong = |reason| BarcodeError::Identifier { identifier: identifier.to_owned(), reason };
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if !(2..=4).contains(&identifier.len()) || !digits(identifier) {
        return Err(wrong("an identifier is two to four digits"));
    }
    let known = FORMATS.iter().find(|(first, _)| identifier.starts_with(first));
    let format = known.map_or(OTHER, |(_, format)| *format);
    if value.is_empty() {
        return Err(wrong("it is empty"));
    }
    let numeric = matches!(format, Checked(_) | Digits(_) | UpToDigits(_));
    if numeric && !digits(value) {
        return Err(wrong("it has digits alone"));
    }
    if !value.bytes().all(is_character) {
        return Err(wrong("it has a character that GS1 has not"));
    }
    let mut value = value.as_bytes().to_vec();
    match format {
        Checked(length) if value.len() + 1 == length => value.push(check::digit(&value)),
        Checked(length) if value.len() == length => {
            let (last, body) = value.split_last().unwrap_or((&0, &[]));
            if *last != check::digit(body) {
                return Err(wrong("its check digit is wrong"));
            }
        }
        Digits(length) if value.len() == length => {}
        UpTo(most) | UpToDigits(most) if value.len() <= most => {}
        _ => return Err(wrong("it has not the length that it should have")),
    }
    Ok(value)
}

/// Tells whether GS1's character set 82 has a character.
fn is_character(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"!\"%&'()*+,-./:;<=>?_".contains(&byte)
}
