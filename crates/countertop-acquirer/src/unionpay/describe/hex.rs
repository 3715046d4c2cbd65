//! Hexadecimal digits to bytes and back.

use super::BadHex;

/// Reads the bytes of a frame from hexadecimal digits, with or without white space between them.
///
/// # Errors
///
/// [`BadHex`] names the character.
pub fn frame_from_hex(text: &str) -> Result<Vec<u8>, BadHex> {
    let mut nibbles = Vec::new();
    for (index, character) in text.chars().enumerate() {
        if character.is_whitespace() {
            continue;
        }
        let digit = character.to_digit(16).and_then(|digit| u8::try_from(digit).ok());
        nibbles.push(digit.ok_or(BadHex::Character { position: index + 1, character })?);
    }
    if nibbles.len() % 2 == 1 {
        return Err(BadHex::Odd(nibbles.len()));
    }
    Ok(nibbles.chunks_exact(2).map(|pair| pair[0] << 4 | pair[1]).collect())
}

/// Returns upper-case hexadecimal digits.
pub(super) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02X}")).collect()
}
