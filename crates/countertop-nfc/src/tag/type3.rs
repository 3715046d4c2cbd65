//! Type 3 tags (NFC Forum Type 3 Tag 1.0; JIS X 6319-4).

use countertop_device::{CardSession, ContactlessTarget};

use super::TagError;

const CHECK: u8 = 0x06;
const UPDATE: u8 = 0x08;
/// Services of NDEF, little-endian as they are sent.
const READ_SERVICE: [u8; 2] = [0x0b, 0x00];
const WRITE_SERVICE: [u8; 2] = [0x09, 0x00];
/// An element of the block list in two bytes, and in three.
const TWO_BYTES: u8 = 0x80;
const THREE_BYTES: u8 = 0x00;
const BLOCK: usize = 16;
/// Blocks of a FeliCa Lite behind the attribute block.
const LITE_BLOCKS: u16 = 13;
/// Block with the configuration of a FeliCa Lite: byte 2 says whether it may be changed, byte 3 whether the
/// card answers to the system of NDEF.
const LITE_CONFIGURATION: u16 = 0x88;
const ALL_OPEN: u8 = 0xff;
const NDEF_SYSTEM: u8 = 0x01;
/// WriteFlag: a write is under way.
const WRITING: u8 = 0x0f;
/// What fits in an answer of 255 bytes.
const MOST_READ: u8 = 12;

/// Is the attribute block (Type 3 Tag 1.0, 6.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Attributes {
    version: u8,
    most_read: u8,
    most_written: u8,
    blocks: u16,
    write_flag: u8,
    writable: bool,
    length: u32,
}

impl Attributes {
    fn parse(block: &[u8]) -> Option<Self> {
        let (content, sum) = block.split_last_chunk::<2>()?;
        let own: u16 = content.iter().map(|byte| u16::from(*byte)).sum();
        let [version, most_read, most_written, high, low, _, _, _, _, write_flag, access, a, b, c] =
            *content
        else {
            return None;
        };
        let sound = own == u16::from_be_bytes(*sum) && version >> 4 == 1;
        sound.then(|| Self {
            version,
            most_read,
            most_written,
            blocks: u16::from_be_bytes([high, low]),
            write_flag,
            writable: access & 0x01 != 0,
            length: u32::from_be_bytes([0, a, b, c]),
        })
    }

    fn encode(self) -> [u8; BLOCK] {
        let [high, low] = self.blocks.to_be_bytes();
        let [_, a, b, c] = self.length.to_be_bytes();
        let access = u8::from(self.writable);
        let content = [
            self.version,
            self.most_read,
            self.most_written,
            high,
            low,
            0,
            0,
            0,
            0,
            self.write_flag,
            access,
            a,
            b,
            c,
        ];
        let sum: u16 = content.iter().map(|byte| u16::from(*byte)).sum();
        let mut block = [0; BLOCK];
        let whole = content.into_iter().chain(sum.to_be_bytes());
        block.iter_mut().zip(whole).for_each(|(place, byte)| *place = byte);
        block
    }

    fn capacity(self) -> usize {
        usize::from(self.blocks) * BLOCK
    }
}

pub(super) async fn read(
    session: &mut dyn CardSession,
    target: &ContactlessTarget,
) -> Result<Option<Vec<u8>>, TagError> {
    let attributes = attributes(session, target).await?;
    if attributes.write_flag == WRITING {
        return Ok(None);
    }
    let length = usize::try_from(attributes.length).unwrap_or(usize::MAX);
    if length > attributes.capacity() {
        return Err(TagError::Truncated);
    }
    let step = attributes.most_read.clamp(1, MOST_READ);
    let last = u16::try_from(length.div_ceil(BLOCK)).unwrap_or(u16::MAX);
    let mut message = Vec::new();
    for first in (1..=last).step_by(usize::from(step)) {
        let end = first.saturating_add(u16::from(step)).min(last.saturating_add(1));
        message.extend(check(session, target, first..end).await?);
    }
    message.truncate(length);
    Ok(Some(message))
}

pub(super) async fn state(
    session: &mut dyn CardSession,
    target: &ContactlessTarget,
) -> Result<(usize, bool), TagError> {
    let attributes = attributes(session, target).await?;
    Ok((attributes.capacity(), attributes.writable))
}

pub(super) async fn write(
    session: &mut dyn CardSession,
    target: &ContactlessTarget,
    message: &[u8],
) -> Result<(), TagError> {
    let old = attributes(session, target).await?;
    if !old.writable {
        return Err(TagError::ReadOnly);
    }
    let (length, capacity) = (message.len(), old.capacity());
    let Some(encoded) = u32::try_from(length).ok().filter(|_| length <= capacity) else {
        return Err(TagError::TooLong { length, capacity });
    };
    let begun = Attributes { write_flag: WRITING, ..old };
    let done = Attributes { write_flag: 0, length: encoded, ..old };
    let steps = async {
        update(session, target, 0, &begun.encode()).await?;
        for (number, part) in (1..).zip(message.chunks(BLOCK)) {
            let mut block = [0; BLOCK];
            block.iter_mut().zip(part).for_each(|(place, byte)| *place = *byte);
            update(session, target, number, &block).await?;
        }
        update(session, target, 0, &done.encode()).await
    };
    steps.await.map_err(TagError::torn)
}

/// A FeliCa Lite is prepared; others have blocks whose number only their issuer knows.
pub(super) async fn format(
    session: &mut dyn CardSession,
    target: &ContactlessTarget,
) -> Result<(), TagError> {
    match attributes(session, target).await {
        Ok(attributes) if !attributes.writable => return Err(TagError::ReadOnly),
        Ok(_) => return write(session, target, &[]).await,
        Err(TagError::NotFormatted) => {}
        Err(error) => return Err(error),
    }
    let configuration = lite_configuration(session, target).await?;
    let attributes = Attributes {
        version: 0x10,
        most_read: 4,
        most_written: 1,
        blocks: LITE_BLOCKS,
        write_flag: 0,
        writable: true,
        length: 0,
    };
    let steps = async {
        if let Some(configuration) = configuration {
            update(session, target, LITE_CONFIGURATION, &configuration).await?;
        }
        update(session, target, 0, &attributes.encode()).await
    };
    steps.await.map_err(TagError::torn)
}

/// Reads the configuration of a FeliCa Lite; returns what it has to be for the card to answer to the
/// system of NDEF, where it does not yet (FeliCa Lite-S User's Manual: block MC, `SYS_OP`).
async fn lite_configuration(
    session: &mut dyn CardSession,
    target: &ContactlessTarget,
) -> Result<Option<[u8; BLOCK]>, TagError> {
    let mut block = Vec::new();
    for needed in [LITE_BLOCKS, LITE_CONFIGURATION] {
        block = match check(session, target, needed..needed + 1).await {
            Err(TagError::Refused { .. }) => {
                return Err(TagError::Unsupported("be formatted: it is no FeliCa Lite"));
            }
            read => read?,
        };
    }
    let mut block: [u8; BLOCK] = block.try_into().map_err(|_| TagError::Malformed("read"))?;
    let [_, _, open, system, ..] = &mut block;
    match (*open, *system & NDEF_SYSTEM) {
        (_, NDEF_SYSTEM) => Ok(None),
        (ALL_OPEN, _) => {
            *system |= NDEF_SYSTEM;
            Ok(Some(block))
        }
        _ => Err(TagError::Unsupported("be formatted: its configuration is closed")),
    }
}

pub(super) async fn lock(
    session: &mut dyn CardSession,
    target: &ContactlessTarget,
) -> Result<(), TagError> {
    let old = attributes(session, target).await?;
    update(session, target, 0, &Attributes { writable: false, ..old }.encode()).await
}

pub(super) async fn dump(
    session: &mut dyn CardSession,
    target: &ContactlessTarget,
) -> Result<Vec<(usize, Vec<u8>)>, TagError> {
    let mut blocks = Vec::new();
    for number in 0..=u16::from(u8::MAX) {
        match check(session, target, number..number + 1).await {
            Ok(block) => blocks.push((usize::from(number), block)),
            Err(TagError::Refused { .. }) => break,
            Err(error) => return Err(error),
        }
    }
    Ok(blocks)
}

async fn attributes(
    session: &mut dyn CardSession,
    target: &ContactlessTarget,
) -> Result<Attributes, TagError> {
    match check(session, target, 0..1).await {
        Ok(block) => Attributes::parse(&block).ok_or(TagError::NotFormatted),
        Err(TagError::Refused { .. }) => Err(TagError::NotFormatted),
        Err(error) => Err(error),
    }
}

async fn check(
    session: &mut dyn CardSession,
    target: &ContactlessTarget,
    blocks: core::ops::Range<u16>,
) -> Result<Vec<u8>, TagError> {
    let place = usize::from(blocks.start);
    let count = u8::try_from(blocks.len()).unwrap_or(MOST_READ);
    let mut command = [&[CHECK], &target.uid[..], &[1], &READ_SERVICE, &[count]].concat();
    blocks.for_each(|number| push_block(&mut command, number));
    let answer = session.transmit(&command).await?;
    let content = accepted(answer.expose(), CHECK, target, "read", place)?;
    match content.split_first() {
        Some((own, data)) if *own == count && data.len() == usize::from(count) * BLOCK => {
            Ok(data.to_vec())
        }
        _ => Err(TagError::Malformed("read")),
    }
}

async fn update(
    session: &mut dyn CardSession,
    target: &ContactlessTarget,
    number: u16,
    block: &[u8; BLOCK],
) -> Result<(), TagError> {
    let mut command = [&[UPDATE], &target.uid[..], &[1], &WRITE_SERVICE, &[1]].concat();
    push_block(&mut command, number);
    command.extend_from_slice(block);
    let answer = session.transmit(&command).await?;
    accepted(answer.expose(), UPDATE, target, "write", usize::from(number)).map(drop)
}

fn push_block(command: &mut Vec<u8>, number: u16) {
    let [low, high] = number.to_le_bytes();
    match high {
        0 => command.extend([TWO_BYTES, low]),
        _ => command.extend([THREE_BYTES, low, high]),
    }
}

/// Returns what follows the status flags of an answer of this card.
fn accepted<'a>(
    answer: &'a [u8],
    command: u8,
    target: &ContactlessTarget,
    action: &'static str,
    place: usize,
) -> Result<&'a [u8], TagError> {
    let rest = answer.strip_prefix(&[command + 1]);
    let rest = rest.and_then(|rest| rest.strip_prefix(&target.uid[..]));
    match rest {
        Some([0x00, 0x00, content @ ..]) => Ok(content),
        Some([_, _, ..]) => Err(TagError::Refused { action, place }),
        _ => Err(TagError::Malformed(action)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The example of Type 3 Tag 1.0: 4 blocks read, 1 written, 13 blocks, 9 bytes of message.
    #[test]
    fn attribute_blocks_round_trip() {
        let attributes = Attributes {
            version: 0x10,
            most_read: 4,
            most_written: 1,
            blocks: 13,
            write_flag: 0,
            writable: true,
            length: 9,
        };
        let block = attributes.encode();
        assert_eq!(block, [0x10, 4, 1, 0, 13, 0, 0, 0, 0, 0, 1, 0, 0, 9, 0, 0x2c]);
        assert_eq!(Attributes::parse(&block), Some(attributes));
        for index in 0..BLOCK {
            let mut broken = block;
            broken[index] ^= 0x04;
            assert_eq!(Attributes::parse(&broken), None, "{index}");
            assert_eq!(Attributes::parse(&block[..index]), None, "{index}");
        }
    }
}
