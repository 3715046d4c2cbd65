//! Hexadecimal values of the parameter file.

use serde::de::Error as _;
use serde::{Deserialize, Deserializer};

/// Reads a string of hexadecimal digits.
pub(super) fn bytes<'de, D: Deserializer<'de>>(source: D) -> Result<Vec<u8>, D::Error> {
    let text = String::deserialize(source)?;
    decode(&text).ok_or_else(|| D::Error::custom(format!("`{text}` is no hexadecimal value")))
}

/// Reads a string of exactly `2 * N` hexadecimal digits.
pub(super) fn array<'de, D: Deserializer<'de>, const N: usize>(
    source: D,
) -> Result<[u8; N], D::Error> {
    let value = bytes(source)?;
    let length = value.len();
    value
        .try_into()
        .map_err(|_| D::Error::custom(format!("{N} bytes are wanted here, {length} are given")))
}

/// Reads a string that may be left out.
pub(super) fn some_array<'de, D: Deserializer<'de>, const N: usize>(
    source: D,
) -> Result<Option<[u8; N]>, D::Error> {
    array(source).map(Some)
}

/// Reads a string of any length that may be left out.
pub(super) fn some_bytes<'de, D: Deserializer<'de>>(
    source: D,
) -> Result<Option<Vec<u8>>, D::Error> {
    bytes(source).map(Some)
}

/// Reads one byte as two hexadecimal digits.
pub(super) fn byte<'de, D: Deserializer<'de>>(source: D) -> Result<u8, D::Error> {
    array::<D, 1>(source).map(|[byte]| byte)
}

fn decode(text: &str) -> Option<Vec<u8>> {
    let digits: Vec<u8> = text.bytes().filter(|byte| *byte != b' ').collect();
    let digit = |byte: u8| char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
    let (pairs, rest) = digits.as_chunks::<2>();
    let value = pairs.iter().map(|[high, low]| Some(digit(*high)? << 4 | digit(*low)?)).collect();
    if rest.is_empty() { value } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decodes_pairs_and_skips_spaces() {
        assert_eq!(decode("A0 00 03"), Some(vec![0xA0, 0x00, 0x03]));
        assert_eq!(decode(""), Some(vec![]));
        assert_eq!(decode("A"), None);
        assert_eq!(decode("G0"), None);
    }
}
