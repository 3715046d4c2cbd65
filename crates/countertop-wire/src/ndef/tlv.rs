//! The blocks in the memory of a type 2 tag (NFC Forum Type 2 Tag 1.1, 2.3).

const NULL: u8 = 0x00;
pub(super) const LOCK_CONTROL: u8 = 0x01;
pub(super) const MEMORY_CONTROL: u8 = 0x02;
pub(super) const NDEF_MESSAGE: u8 = 0x03;
pub(super) const TERMINATOR: u8 = 0xfe;
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

/// Returns where in a tag's memory an NDEF message block belongs: where the first one is, or where
/// the memory ends with a terminator or with what is no block, or else behind the last block that is
/// not empty. Blocks in front, which tell of lock bytes and reserved memory, stay.
///
/// Reserved bytes are no part of `memory`: [`OpenBytes`](super::OpenBytes) leaves them out.
#[must_use]
pub fn tlv_place(memory: &[u8]) -> usize {
    let (mut rest, mut behind_last) = (memory, 0);
    while let Some(Block { tag, behind, .. }) = block(rest)
        && !matches!(tag, NDEF_MESSAGE | TERMINATOR)
    {
        rest = behind;
        if tag != NULL {
            behind_last = memory.len() - rest.len();
        }
    }
    // Empty memory is a row of blocks that hold nothing.
    if rest.is_empty() { behind_last } else { memory.len() - rest.len() }
}

fn search(memory: &[u8]) -> Option<FoundTlv<'_>> {
    let mut rest = memory;
    loop {
        let Block { tag, value, behind } = block(rest)?;
        match tag {
            TERMINATOR => return Some(FoundTlv::Absent),
            NDEF_MESSAGE => return Some(FoundTlv::Message(value)),
            _ => rest = behind,
        }
    }
}

/// Is one block and what follows it.
pub(super) struct Block<'a> {
    pub(super) tag: u8,
    pub(super) value: &'a [u8],
    pub(super) behind: &'a [u8],
}

pub(super) fn block(bytes: &[u8]) -> Option<Block<'_>> {
    let (tag, behind) = bytes.split_first()?;
    if matches!(*tag, NULL | TERMINATOR) {
        return Some(Block { tag: *tag, value: &[], behind });
    }
    let (length, behind) = length(behind)?;
    let (value, behind) = behind.split_at_checked(length)?;
    Some(Block { tag: *tag, value, behind })
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
