//! Type 1 tags with static memory (NFC Forum Type 1 Tag 1.2).

use countertop_device::{CardSession, ContactlessTarget};

use super::TagError;
use super::area::{Area, Steps};

const RALL: u8 = 0x00;
const WRITE_E: u8 = 0x53;
/// Header of static memory.
const STATIC: u8 = 0x11;
/// The whole memory: 15 blocks of eight bytes.
const MEMORY: usize = 120;
const BLOCK: usize = 8;
/// Capability container, and the message behind it, up to the end of block C.
const CONTAINER: usize = 0x08;
const AREA: core::ops::Range<usize> = 0x0c..0x68;
const NDEF_MAGIC: u8 = 0xe1;
const WRITE_ACCESS: usize = 0x0b;
const FORMATTED: [u8; 4] = [NDEF_MAGIC, 0x10, 0x0e, 0x00];
const READ_ONLY: u8 = 0x0f;
const LOCKS: [usize; 2] = [0x70, 0x71];

pub(super) async fn read(
    session: &mut dyn CardSession,
    target: &ContactlessTarget,
) -> Result<Option<Vec<u8>>, TagError> {
    let memory = formatted(session, target).await?;
    area_of(&memory).message()
}

pub(super) async fn state(
    session: &mut dyn CardSession,
    target: &ContactlessTarget,
) -> Result<(usize, bool), TagError> {
    let memory = formatted(session, target).await?;
    Ok((area_of(&memory).capacity(), is_writable(&memory)))
}

pub(super) async fn write(
    session: &mut dyn CardSession,
    target: &ContactlessTarget,
    message: &[u8],
) -> Result<(), TagError> {
    let memory = formatted(session, target).await?;
    if !is_writable(&memory) {
        return Err(TagError::ReadOnly);
    }
    let area = area_of(&memory);
    area.message()?;
    write_area(session, target, area.replace(message, 1)?).await
}

pub(super) async fn format(
    session: &mut dyn CardSession,
    target: &ContactlessTarget,
) -> Result<(), TagError> {
    let memory = all(session, target).await?;
    if memory.get(CONTAINER) == Some(&NDEF_MAGIC) && !is_writable(&memory) {
        return Err(TagError::ReadOnly);
    }
    write_area(session, target, area_of(&memory).empty(1)?).await?;
    // Magic last: until then the tag is none for messages.
    for (place, value) in (CONTAINER..AREA.start).zip(FORMATTED).rev() {
        write_byte(session, target, place, value).await.map_err(TagError::torn)?;
    }
    Ok(())
}

async fn write_area(
    session: &mut dyn CardSession,
    target: &ContactlessTarget,
    steps: Steps,
) -> Result<(), TagError> {
    for (index, byte) in steps {
        let value = byte.first().copied().unwrap_or_default();
        write_byte(session, target, AREA.start + index, value).await.map_err(TagError::torn)?;
    }
    Ok(())
}

pub(super) async fn lock(
    session: &mut dyn CardSession,
    target: &ContactlessTarget,
) -> Result<(), TagError> {
    formatted(session, target).await?;
    write_byte(session, target, WRITE_ACCESS, READ_ONLY).await?;
    for place in LOCKS {
        write_byte(session, target, place, 0xff).await?;
    }
    Ok(())
}

pub(super) async fn dump(
    session: &mut dyn CardSession,
    target: &ContactlessTarget,
) -> Result<Vec<(usize, Vec<u8>)>, TagError> {
    let memory = all(session, target).await?;
    Ok(memory.chunks(BLOCK).map(<[u8]>::to_vec).enumerate().collect())
}

async fn formatted(
    session: &mut dyn CardSession,
    target: &ContactlessTarget,
) -> Result<Vec<u8>, TagError> {
    let memory = all(session, target).await?;
    match memory.get(CONTAINER) {
        Some(&NDEF_MAGIC) => Ok(memory),
        _ => Err(TagError::NotFormatted),
    }
}

async fn all(
    session: &mut dyn CardSession,
    target: &ContactlessTarget,
) -> Result<Vec<u8>, TagError> {
    let answer = session.transmit(&with_uid(&[RALL, 0, 0], target)).await?;
    match answer.expose() {
        [STATIC, _, memory @ ..] if memory.len() == MEMORY => Ok(memory.to_vec()),
        [header, ..] if *header != STATIC => {
            Err(TagError::Unsupported("be read: its memory is not the static one of type 1"))
        }
        _ => Err(TagError::Malformed("read")),
    }
}

async fn write_byte(
    session: &mut dyn CardSession,
    target: &ContactlessTarget,
    place: usize,
    value: u8,
) -> Result<(), TagError> {
    let refused = TagError::Refused { action: "write", place };
    let address = u8::try_from(place).map_err(|_| refused)?;
    let answer = session.transmit(&with_uid(&[WRITE_E, address, value], target)).await?;
    confirmed(answer.expose(), address, value)
}

/// Looks at the answer to a write: the tag sends the address and what is there then, of which a PN532
/// hands on the byte alone (ACS ACR122U API V2.04, 7.4).
fn confirmed(answer: &[u8], address: u8, value: u8) -> Result<(), TagError> {
    match *answer {
        [now] if now == value => Ok(()),
        [own, now] if own == address && now == value => Ok(()),
        [_] | [_, _] => Err(TagError::Refused { action: "write", place: address.into() }),
        _ => Err(TagError::Malformed("write")),
    }
}

fn with_uid(command: &[u8], target: &ContactlessTarget) -> Vec<u8> {
    [command, &target.uid].concat()
}

fn area_of(memory: &[u8]) -> Area {
    Area::of_tag(memory.get(AREA).unwrap_or_default().to_vec(), AREA.start)
}

fn is_writable(memory: &[u8]) -> bool {
    memory.get(WRITE_ACCESS).is_some_and(|access| access & 0x0f == 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_byte_is_confirmed_with_its_address_and_without() {
        for answer in [&[0x5a][..], &[0x0c, 0x5a]] {
            assert!(confirmed(answer, 0x0c, 0x5a).is_ok());
        }
        for answer in [&[0x5b][..], &[0x0c, 0x5b], &[0x0d, 0x5a]] {
            let error = confirmed(answer, 0x0c, 0x5a).unwrap_err();
            assert!(matches!(error, TagError::Refused { place: 0x0c, .. }), "{answer:02x?}");
        }
        for answer in [&[][..], &[0x0c, 0x5a, 0x00]] {
            let error = confirmed(answer, 0x0c, 0x5a).unwrap_err();
            assert!(matches!(error, TagError::Malformed(_)), "{answer:02x?}");
        }
    }
}
