//! Sectors of a MIFARE Classic, their blocks and their trailers (NXP MF1S50YYX_V1, 8.6; MF1S70YYX_V1, 8.6).

use core::ops::Range;

use countertop_device::{CardSession, ContactlessTarget};

use super::super::TagError;
use super::FACTORY_KEY;

/// The public keys A of the directory and of sectors with NDEF (AN1304, 5; AN1305, 6).
pub(super) const MAD_KEY: [u8; 6] = [0xa0, 0xa1, 0xa2, 0xa3, 0xa4, 0xa5];
pub(super) const NDEF_KEY: [u8; 6] = [0xd3, 0xf7, 0xd3, 0xf7, 0xd3, 0xf7];
const AUTHENTICATE_A: u8 = 0x60;
const AUTHENTICATE_B: u8 = 0x61;
const READ: u8 = 0x30;
const WRITE: u8 = 0xa0;
const ACK: [u8; 1] = [0x0a];
pub(super) const BLOCK: usize = 16;
/// Sectors up to here have four blocks, the others sixteen.
const SMALL_SECTORS: u8 = 32;
const SMALL: u8 = 4;
const LARGE: u8 = 16;

/// Returns a sector's blocks for data.
pub(super) fn data_blocks(sector: u8) -> Range<u8> {
    let (first, count) = match sector.checked_sub(SMALL_SECTORS) {
        None => (sector.saturating_mul(SMALL), SMALL),
        Some(large) => ((SMALL_SECTORS * SMALL).saturating_add(large.saturating_mul(LARGE)), LARGE),
    };
    first..first.saturating_add(count - 1)
}

/// Returns the block with a sector's keys and access bits.
pub(super) fn trailer_block(sector: u8) -> u8 {
    data_blocks(sector).end
}

pub(super) fn trailer(key: [u8; 6], access: [u8; 4]) -> [u8; BLOCK] {
    let mut trailer = [0; BLOCK];
    let content = key.into_iter().chain(access).chain(FACTORY_KEY);
    trailer.iter_mut().zip(content).for_each(|(place, byte)| *place = byte);
    trailer
}

/// Opens a sector with NDEF.
pub(super) async fn open(
    session: &mut dyn CardSession,
    target: &ContactlessTarget,
    sector: u8,
) -> Result<(), TagError> {
    match opens(session, target, sector, NDEF_KEY).await? {
        true => Ok(()),
        false => Err(TagError::Refused { action: "open", place: usize::from(sector) }),
    }
}

/// Opens a sector by the factory's key.
pub(super) async fn factory(
    session: &mut dyn CardSession,
    target: &ContactlessTarget,
    sector: u8,
) -> Result<bool, TagError> {
    Ok(opens(session, target, sector, FACTORY_KEY).await?
        || authenticate(session, target, AUTHENTICATE_B, sector, FACTORY_KEY).await?)
}

/// Tells whether the key opens the sector as key A.
pub(super) async fn opens(
    session: &mut dyn CardSession,
    target: &ContactlessTarget,
    sector: u8,
    key: [u8; 6],
) -> Result<bool, TagError> {
    authenticate(session, target, AUTHENTICATE_A, sector, key).await
}

async fn authenticate(
    session: &mut dyn CardSession,
    target: &ContactlessTarget,
    code: u8,
    sector: u8,
    key: [u8; 6],
) -> Result<bool, TagError> {
    // The last four bytes of a UID of seven count (AN10927, 3.2.5).
    let uid = target.uid.last_chunk::<4>().ok_or(TagError::Malformed("tell its identifier"))?;
    let command = [&[code, data_blocks(sector).start], &key[..], uid].concat();
    Ok(session.transmit(&command).await?.expose() == ACK)
}

pub(super) async fn read_block(
    session: &mut dyn CardSession,
    number: u8,
) -> Result<Vec<u8>, TagError> {
    let answer = session.transmit(&[READ, number]).await?;
    match answer.len() {
        BLOCK => Ok(answer.expose().to_vec()),
        _ => Err(TagError::Refused { action: "read", place: usize::from(number) }),
    }
}

pub(super) async fn write_block(
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn small_and_large_sectors() {
        assert_eq!((data_blocks(0), trailer_block(0)), (0..3, 3));
        assert_eq!((data_blocks(16), trailer_block(16)), (64..67, 67));
        assert_eq!((data_blocks(31), trailer_block(31)), (124..127, 127));
        assert_eq!((data_blocks(32), trailer_block(32)), (128..143, 143));
        assert_eq!((data_blocks(39), trailer_block(39)), (240..255, 255));
    }
}
