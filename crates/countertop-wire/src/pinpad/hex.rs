//! Upper-case hexadecimal text, as these PIN pads write bytes.

use zeroize::Zeroizing;

use super::PacketError;

pub(super) fn push_hex(text: &mut Vec<u8>, bytes: &[u8]) {
    const DIGITS: &[u8; 16] = b"0123456789ABCDEF";
    for byte in bytes {
        text.push(DIGITS[usize::from(byte >> 4)]);
        text.push(DIGITS[usize::from(byte & 0xf)]);
    }
}

pub(super) fn parse_hex(text: &[u8]) -> Result<Zeroizing<Vec<u8>>, PacketError> {
    let (pairs, rest) = text.as_chunks::<2>();
    if !rest.is_empty() {
        return Err(PacketError::Hex);
    }
    let mut bytes = Zeroizing::new(Vec::with_capacity(pairs.len()));
    for [high, low] in pairs {
        bytes.push(digit(*high)? << 4 | digit(*low)?);
    }
    Ok(bytes)
}

/// Parses exactly eight bytes.
pub(super) fn parse_block(text: &[u8]) -> Result<[u8; 8], PacketError> {
    <[u8; 8]>::try_from(parse_hex(text)?.as_slice()).map_err(|_| PacketError::Length)
}

/// Parses a wrapped working key of 8 or 16 bytes.
pub(super) fn parse_key(text: &[u8]) -> Result<Vec<u8>, PacketError> {
    let key = parse_hex(text)?;
    match key.len() {
        8 | 16 => Ok(key.to_vec()),
        _ => Err(PacketError::Length),
    }
}

fn digit(character: u8) -> Result<u8, PacketError> {
    let digit = char::from(character).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
    digit.ok_or(PacketError::Hex)
}
