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

/// Is what [`find_tlv`] finds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FoundTlv<'a> {
    /// The NDEF message.
    Message(&'a [u8]),
    /// The memory ends with a terminator, and there is no message before it.
    Absent,
    /// More memory has to be read to tell.
    Incomplete,
}

/// Finds the NDEF message in the memory of a type 2 tag, from page 4 on.
#[must_use]
pub fn find_tlv(memory: &[u8]) -> FoundTlv<'_> {
    search(memory).unwrap_or(FoundTlv::Incomplete)
}

fn search(memory: &[u8]) -> Option<FoundTlv<'_>> {
    let mut rest = memory;
    loop {
        let (tag, behind) = rest.split_first()?;
        rest = behind;
        match *tag {
            NULL => continue,
            TERMINATOR => return Some(FoundTlv::Absent),
            _ => {}
        }
        let (length, behind) = length(rest)?;
        let (value, behind) = behind.split_at_checked(length)?;
        if *tag == NDEF_MESSAGE {
            return Some(FoundTlv::Message(value));
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
