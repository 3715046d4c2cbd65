//! Digits two to a byte (binary-coded decimal), and the hexadecimal nibbles of tracks.

use super::FieldFault;

/// Says where the spare nibble of an odd number of digits is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Pad {
    /// In front of the digits: the value is right-justified, as in field 23.
    Left,
    /// Behind the digits: the value is left-justified, as in field 22 and all variable fields.
    Right,
}

/// Packs digits into nibbles; a spare nibble is `0`.
///
/// With `hexadecimal`, the letters `A` to `F` are nibbles too, and `=` is the separator `D`.
///
/// # Errors
///
/// [`FieldFault::BadCharacter`] for a character that is no digit.
pub fn pack(digits: &[u8], pad: Pad, hexadecimal: bool) -> Result<Vec<u8>, FieldFault> {
    let mut nibbles = Vec::with_capacity(digits.len() + 1);
    let odd = digits.len() % 2 == 1;
    if odd && pad == Pad::Left {
        nibbles.push(0);
    }
    for (position, &byte) in digits.iter().enumerate() {
        let nibble = nibble(byte, hexadecimal);
        nibbles.push(nibble.ok_or(FieldFault::BadCharacter { position, byte })?);
    }
    if odd && pad == Pad::Right {
        nibbles.push(0);
    }
    Ok(nibbles.chunks_exact(2).map(|pair| pair[0] << 4 | pair[1]).collect())
}

/// Unpacks `count` digits from `bytes`, which hold just as many nibbles or one more.
///
/// The spare nibble may be `0`, as UnionPay writes it, or `F`, as other systems do.
///
/// # Errors
///
/// [`FieldFault::BadNibble`] for a nibble that is no digit, [`FieldFault::BadPad`] for another
/// spare nibble.
pub fn unpack(
    bytes: &[u8],
    count: usize,
    pad: Pad,
    hexadecimal: bool,
) -> Result<Vec<u8>, FieldFault> {
    let nibbles = bytes.iter().flat_map(|byte| [byte >> 4, byte & 0x0F]);
    let spare = (bytes.len() * 2).saturating_sub(count);
    let first = if pad == Pad::Left { spare } else { 0 };
    let mut digits = Vec::with_capacity(count);
    for (place, nibble) in nibbles.enumerate() {
        if place < first || place >= first + count {
            check_pad(nibble)?;
        } else if nibble > 9 && !hexadecimal {
            return Err(FieldFault::BadNibble { position: place - first, nibble });
        } else {
            digits.push(character(nibble));
        }
    }
    Ok(digits)
}

fn check_pad(nibble: u8) -> Result<(), FieldFault> {
    if matches!(nibble, 0x0 | 0xF) { Ok(()) } else { Err(FieldFault::BadPad { nibble }) }
}

fn nibble(character: u8, hexadecimal: bool) -> Option<u8> {
    match character {
        b'0'..=b'9' => Some(character - b'0'),
        b'A'..=b'F' if hexadecimal => Some(character - b'A' + 10),
        b'=' if hexadecimal => Some(0x0D),
        _ => None,
    }
}

fn character(nibble: u8) -> u8 {
    if nibble < 10 { b'0' + nibble } else { b'A' + nibble - 10 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pads_either_side() {
        assert_eq!(pack(b"051", Pad::Right, false).unwrap(), [0x05, 0x10]);
        assert_eq!(pack(b"001", Pad::Left, false).unwrap(), [0x00, 0x01]);
        assert_eq!(unpack(&[0x05, 0x10], 3, Pad::Right, false).unwrap(), b"051");
        assert_eq!(unpack(&[0x00, 0x01], 3, Pad::Left, false).unwrap(), b"001");
        assert_eq!(unpack(&[0x05, 0x1F], 3, Pad::Right, false).unwrap(), b"051");
    }

    #[test]
    fn tracks_take_a_separator() {
        assert_eq!(pack(b"62=3", Pad::Right, true).unwrap(), [0x62, 0xD3]);
        assert_eq!(unpack(&[0x62, 0xD3], 4, Pad::Right, true).unwrap(), b"62D3");
    }

    #[test]
    fn faults_name_the_place() {
        let letter = FieldFault::BadCharacter { position: 1, byte: b'x' };
        assert_eq!(pack(b"1x", Pad::Right, true).unwrap_err(), letter);
        let nibble = FieldFault::BadNibble { position: 2, nibble: 0xA };
        assert_eq!(unpack(&[0x01, 0xA2], 4, Pad::Right, false).unwrap_err(), nibble);
        let pad = FieldFault::BadPad { nibble: 7 };
        assert_eq!(unpack(&[0x05, 0x17], 3, Pad::Right, false).unwrap_err(), pad);
        assert_eq!(unpack(&[0x70, 0x01], 3, Pad::Left, false).unwrap_err(), pad);
    }
}
