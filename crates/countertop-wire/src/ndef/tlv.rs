//! The blocks in the memory of a type 2 tag (NFC Forum Type 2 Tag 1.1, 2.3).

const NULL: u8 = 0x00;
const NDEF_MESSAGE: u8 = 0x03;
const TERMINATOR: u8 = 0xfe;
/// A length byte that announces two more.
const LONG: u8 = 0xff;

/// Wraps a message for the memory of a type 2 tag: an NDEF message block and a terminator.
#[must_use]
pub fn wrap_tlv(message: &[u8]) -> Vec<u8> {
    let mut bytes = vec![NDEF_MESSAGE];
    match u8::try_from(message.len()) {
        Ok(length) if length < LONG => bytes.push(length),
        _ => {
            bytes.push(LONG);
            bytes.extend(u16::try_from(message.len()).unwrap_or(u16::MAX).to_be_bytes());
        }
    }
    bytes.extend_from_slice(message);
    bytes.push(TERMINATOR);
    bytes
}

/// Finds the NDEF message in the memory of a type 2 tag, from page 4 on; `None` when there is no
/// such block, or when it is cut off.
#[must_use]
pub fn find_tlv(memory: &[u8]) -> Option<&[u8]> {
    let mut rest = memory;
    loop {
        let (tag, behind) = rest.split_first()?;
        rest = behind;
        if *tag == NULL {
            continue;
        }
        if *tag == TERMINATOR {
            return None;
        }
        let (length, behind) = length(rest)?;
        let (value, behind) = behind.split_at_checked(length)?;
        if *tag == NDEF_MESSAGE {
            return Some(value);
        }
        rest = behind;
    }
}

fn length(bytes: &[u8]) -> Option<(usize, &[u8])> {
    match bytes {
        [LONG, high, low, rest @ ..] => {
            Some((usize::from(u16::from_be_bytes([*high, *low])), rest))
        }
        [LONG, ..] | [] => None,
        [length, rest @ ..] => Some((usize::from(*length), rest)),
    }
}
