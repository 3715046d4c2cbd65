//! String descriptors (clause 9.6.7).

use super::super::UsbError;
use super::STRING;

/// Is the language that practically every device has: English (United States).
pub const ENGLISH_UNITED_STATES: u16 = 0x0409;

/// Returns string descriptor 0: the languages of the others.
#[must_use]
pub fn languages() -> [u8; 4] {
    let [low, high] = ENGLISH_UNITED_STATES.to_le_bytes();
    [4, STRING, low, high]
}

/// Reads string descriptor 0.
///
/// # Errors
///
/// When the bytes end too early or are another descriptor.
pub fn parse_languages(bytes: &[u8]) -> Result<Vec<u16>, UsbError> {
    units(bytes)
}

/// Returns the descriptor of a text.
///
/// # Errors
///
/// [`BadString`](UsbError::BadString) when the text has more than 126 UTF-16 units.
pub fn string(text: &str) -> Result<Vec<u8>, UsbError> {
    let units: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let too_long = UsbError::BadString(units.len() + 2);
    let length = u8::try_from(units.len() + 2).map_err(|_| too_long)?;
    Ok([&[length, STRING], units.as_slice()].concat())
}

/// Reads the text of a descriptor.
///
/// # Errors
///
/// When the bytes end too early, are another descriptor, or no UTF-16.
pub fn parse_string(bytes: &[u8]) -> Result<String, UsbError> {
    String::from_utf16(&units(bytes)?).map_err(|_| UsbError::BadString(bytes.len()))
}

fn units(bytes: &[u8]) -> Result<Vec<u16>, UsbError> {
    let what = "string descriptor";
    let truncated = UsbError::Truncated { what, length: bytes.len() };
    let &[length, kind, ..] = bytes else { return Err(truncated) };
    if kind != STRING {
        return Err(UsbError::WrongType { what, found: kind });
    }
    let length = usize::from(length);
    if length < 2 {
        return Err(UsbError::BadLength { what, length });
    }
    let (units, odd) = bytes.get(2..length).ok_or(truncated)?.as_chunks();
    if !odd.is_empty() {
        return Err(UsbError::BadString(length));
    }
    Ok(units.iter().map(|&unit| u16::from_le_bytes(unit)).collect())
}
