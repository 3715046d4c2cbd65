//! MIFARE Classic 1K with an application directory (NXP AN1304 and AN1305). Of a 4K the first KiB is
//! used.

use countertop_device::{CardSession, ContactlessTarget};

use super::TagError;
use super::area::{self, Plan};

/// The key of cards as they leave the factory.
pub const FACTORY_KEY: [u8; 6] = [0xff; 6];

/// The public keys A of the directory and of sectors with NDEF (AN1304, 5; AN1305, 6).
const MAD_KEY: [u8; 6] = [0xa0, 0xa1, 0xa2, 0xa3, 0xa4, 0xa5];
const NDEF_KEY: [u8; 6] = [0xd3, 0xf7, 0xd3, 0xf7, 0xd3, 0xf7];
/// Access bits and general purpose byte of their trailers: read by key A, written by key B; read and
/// written by both.
const MAD_ACCESS: [u8; 4] = [0x78, 0x77, 0x88, 0xc1];
const NDEF_ACCESS: [u8; 4] = [0x7f, 0x07, 0x88, 0x40];
/// Application identifier of NDEF in the directory, as it lies there.
const NDEF_AID: [u8; 2] = [0x03, 0xe1];
const AUTHENTICATE_A: u8 = 0x60;
const AUTHENTICATE_B: u8 = 0x61;
const READ: u8 = 0x30;
const WRITE: u8 = 0xa0;
const ACK: [u8; 1] = [0x0a];
const BLOCK: usize = 16;
/// Sectors of the directory's first part, without its own.
const SECTORS: core::ops::Range<u8> = 1..16;
const DATA_BLOCKS: u8 = 3;

/// Is the sectors with NDEF and what is in them.
struct Sectors {
    numbers: Vec<u8>,
    memory: Vec<u8>,
}

impl Sectors {
    async fn read(
        session: &mut dyn CardSession,
        target: &ContactlessTarget,
    ) -> Result<Self, TagError> {
        if !authenticate(session, target, AUTHENTICATE_A, 0, MAD_KEY).await? {
            return Err(TagError::NotFormatted);
        }
        let directory = [read_block(session, 1).await?, read_block(session, 2).await?].concat();
        let numbers = ndef_sectors(&directory).ok_or(TagError::NotFormatted)?;
        let mut memory = Vec::new();
        for sector in &numbers {
            open(session, target, *sector).await?;
            for block in 0..DATA_BLOCKS {
                memory.extend(read_block(session, sector * 4 + block).await?);
            }
        }
        Ok(Self { numbers, memory })
    }

    /// Returns sector and block of the memory's part of this number.
    fn place(&self, index: usize) -> Option<(u8, u8)> {
        let per_sector = usize::from(DATA_BLOCKS);
        let sector = *self.numbers.get(index / per_sector)?;
        let block = u8::try_from(index % per_sector).ok()?;
        Some((sector, sector * 4 + block))
    }
}

pub(super) async fn read(
    session: &mut dyn CardSession,
    target: &ContactlessTarget,
) -> Result<Option<Vec<u8>>, TagError> {
    let sectors = Sectors::read(session, target).await?;
    Ok(area::message(&sectors.memory))
}

pub(super) async fn state(
    session: &mut dyn CardSession,
    target: &ContactlessTarget,
) -> Result<(usize, bool), TagError> {
    let sectors = Sectors::read(session, target).await?;
    Ok((area::capacity(&sectors.memory), true))
}

pub(super) async fn write(
    session: &mut dyn CardSession,
    target: &ContactlessTarget,
    message: &[u8],
) -> Result<(), TagError> {
    let sectors = Sectors::read(session, target).await?;
    let plan = Plan::new(&sectors.memory, message)?;
    let mut current = None;
    for (index, content) in plan.steps(&sectors.memory, BLOCK) {
        let (sector, block) = sectors.place(index).ok_or(TagError::Malformed("write"))?;
        let step = async {
            if current != Some(sector) {
                open(session, target, sector).await?;
            }
            write_block(session, block, &content).await
        };
        step.await.map_err(TagError::torn)?;
        current = Some(sector);
    }
    Ok(())
}

/// Prepares a card with the factory's keys; one that is prepared already is emptied.
pub(super) async fn format(
    session: &mut dyn CardSession,
    target: &ContactlessTarget,
) -> Result<(), TagError> {
    match write(session, target, &[]).await {
        Err(TagError::NotFormatted) => {}
        result => return result,
    }
    // Contents first, then the keys, the directory's own sector last: until then the card is none
    // for messages, and can be formatted again.
    for sector in SECTORS {
        let trailer = trailer(NDEF_KEY, NDEF_ACCESS);
        if factory(session, target, sector).await? {
            if sector == SECTORS.start {
                let mut empty = [0; BLOCK];
                [empty[0], empty[2]] = [0x03, 0xfe];
                write_block(session, sector * 4, &empty).await?;
            }
            write_block(session, sector * 4 + DATA_BLOCKS, &trailer).await?;
        } else {
            open(session, target, sector).await.map_err(|_| foreign_keys())?;
        }
    }
    if !factory(session, target, 0).await? {
        return Err(foreign_keys());
    }
    let directory = directory();
    for (number, block) in (1..).zip(directory.chunks(BLOCK)) {
        write_block(session, number, block).await?;
    }
    write_block(session, DATA_BLOCKS, &trailer(MAD_KEY, MAD_ACCESS)).await
}

pub(super) async fn dump(
    session: &mut dyn CardSession,
    target: &ContactlessTarget,
) -> Result<Vec<(usize, Vec<u8>)>, TagError> {
    let mut blocks = Vec::new();
    for sector in 0..SECTORS.end {
        let mut opened = false;
        for key in [FACTORY_KEY, NDEF_KEY, MAD_KEY] {
            opened = opened || authenticate(session, target, AUTHENTICATE_A, sector, key).await?;
        }
        let numbers = sector * 4..sector * 4 + 4;
        for number in numbers.filter(|_| opened) {
            match read_block(session, number).await {
                Ok(block) => blocks.push((usize::from(number), block)),
                Err(TagError::Refused { .. }) => {}
                Err(error) => return Err(error),
            }
        }
    }
    Ok(blocks)
}

fn foreign_keys() -> TagError {
    TagError::Unsupported("be formatted: it has keys of somebody else")
}

async fn open(
    session: &mut dyn CardSession,
    target: &ContactlessTarget,
    sector: u8,
) -> Result<(), TagError> {
    match authenticate(session, target, AUTHENTICATE_A, sector, NDEF_KEY).await? {
        true => Ok(()),
        false => Err(TagError::Refused { action: "open", place: usize::from(sector) }),
    }
}

/// Opens a sector by the factory's key.
async fn factory(
    session: &mut dyn CardSession,
    target: &ContactlessTarget,
    sector: u8,
) -> Result<bool, TagError> {
    Ok(authenticate(session, target, AUTHENTICATE_A, sector, FACTORY_KEY).await?
        || authenticate(session, target, AUTHENTICATE_B, sector, FACTORY_KEY).await?)
}

/// Tells whether the key opens the sector.
async fn authenticate(
    session: &mut dyn CardSession,
    target: &ContactlessTarget,
    code: u8,
    sector: u8,
    key: [u8; 6],
) -> Result<bool, TagError> {
    // The last four bytes of a UID of seven count (AN10927, 3.2.5).
    let uid = target.uid.last_chunk::<4>().ok_or(TagError::Malformed("tell its identifier"))?;
    let command = [&[code, sector * 4], &key[..], uid].concat();
    Ok(session.transmit(&command).await?.expose() == ACK)
}

async fn read_block(session: &mut dyn CardSession, number: u8) -> Result<Vec<u8>, TagError> {
    let answer = session.transmit(&[READ, number]).await?;
    match answer.len() {
        BLOCK => Ok(answer.expose().to_vec()),
        _ => Err(TagError::Refused { action: "read", place: usize::from(number) }),
    }
}

async fn write_block(
    session: &mut dyn CardSession,
    number: u8,
    content: &[u8],
) -> Result<(), TagError> {
    let answer = session.transmit(&[&[WRITE, number], content].concat()).await?;
    match answer.expose() {
        answer if answer == ACK => Ok(()),
        _ => Err(TagError::Refused { action: "write", place: usize::from(number) }),
    }
}

fn trailer(key: [u8; 6], access: [u8; 4]) -> [u8; BLOCK] {
    let mut trailer = [0; BLOCK];
    let content = key.into_iter().chain(access).chain(FACTORY_KEY);
    trailer.iter_mut().zip(content).for_each(|(place, byte)| *place = byte);
    trailer
}

/// Returns the directory of a card that is for NDEF alone: CRC, info byte, and an identifier for
/// each sector.
fn directory() -> Vec<u8> {
    let content = [&[0x01][..], &NDEF_AID.repeat(SECTORS.len())].concat();
    [&[crc8(&content)], &content[..]].concat()
}

/// Returns the sectors that the directory gives to NDEF; `None` when it is none.
fn ndef_sectors(directory: &[u8]) -> Option<Vec<u8>> {
    let (crc, content) = directory.split_first()?;
    let (_info, identifiers) = content.split_first()?;
    let (identifiers, _) = identifiers.as_chunks::<2>();
    let numbered = SECTORS.zip(identifiers);
    let sectors: Vec<u8> =
        numbered.filter(|(_, id)| **id == NDEF_AID).map(|(sector, _)| sector).collect();
    (*crc == crc8(content) && !sectors.is_empty()).then_some(sectors)
}

/// CRC of the directory (AN1304, 3.7): polynomial 1D, preset C7.
fn crc8(bytes: &[u8]) -> u8 {
    bytes.iter().fold(0xc7, |crc, byte| {
        (0..8).fold(crc ^ byte, |crc, _| if crc & 0x80 == 0 { crc << 1 } else { (crc << 1) ^ 0x1d })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Such a directory begins with 14 01 03 E1 on the cards of the field.
    #[test]
    fn directories() {
        let directory = directory();
        assert_eq!((directory.len(), &directory[..4]), (32, &[0x14, 0x01, 0x03, 0xe1][..]));
        assert_eq!(ndef_sectors(&directory), Some(SECTORS.collect()));
        let mut broken = directory.clone();
        broken[5] ^= 1;
        assert_eq!(ndef_sectors(&broken), None);
        let other = [&[0x01], &[0; 30][..]].concat();
        assert_eq!(ndef_sectors(&[&[crc8(&other)], &other[..]].concat()), None);
        (0..4).for_each(|length| assert_eq!(ndef_sectors(&directory[..length]), None));
    }
}
