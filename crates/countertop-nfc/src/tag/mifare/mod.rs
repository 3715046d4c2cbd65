//! MIFARE Classic 1K and 4K with application directories (NXP AN10787, AN1304 and AN1305).

mod directory;
mod sector;

use countertop_device::{CardSession, ContactlessTarget};
use countertop_wire::ndef::{FoundTlv, find_tlv};

use self::directory::Directory;
use self::sector::{
    BLOCK, MAD_KEY, NDEF_KEY, data_blocks, factory, open, opens, read_block, trailer,
    trailer_block, write_block,
};
use super::TagError;
use super::area;

/// The key of cards as they leave the factory.
pub const FACTORY_KEY: [u8; 6] = [0xff; 6];

/// SAK of a card with 40 sectors (AN10833, 3.1).
const SAK_4K: u8 = 0x18;
/// SAK of a card with five sectors, which is none of those that AN1304 is about.
const SAK_MINI: u8 = 0x09;
/// Access bits and general purpose byte of trailers: read by key A, written by key B; read and written by
/// both. The directory's tell its version, and that there are several applications.
const MAD_ACCESS: [u8; 4] = [0x78, 0x77, 0x88, 0xc1];
const SECOND_MAD_ACCESS: [u8; 4] = [0x78, 0x77, 0x88, 0xc2];
const NDEF_ACCESS: [u8; 4] = [0x7f, 0x07, 0x88, 0x40];
/// Where in a trailer the general purpose byte is.
const GENERAL_PURPOSE: usize = 9;
/// Its bits of a sector with NDEF: who may write.
const WRITE_ACCESS: u8 = 0x03;

/// Is the blocks with NDEF and what is in them.
struct Area {
    /// Sector and block of each sixteen bytes of the memory.
    blocks: Vec<(u8, u8)>,
    content: area::Area,
    /// Whether every sector that was opened may be written (AN1304, 3.4: write access).
    writable: bool,
}

impl Area {
    /// Reads all of it.
    async fn read(
        session: &mut dyn CardSession,
        target: &ContactlessTarget,
    ) -> Result<Self, TagError> {
        Self::read_until(session, target, |_| false).await
    }

    /// Reads as much as there is to know of the message and its room; the rest is left empty.
    async fn read_message(
        session: &mut dyn CardSession,
        target: &ContactlessTarget,
    ) -> Result<Self, TagError> {
        let found = |memory: &[u8]| find_tlv(memory) != FoundTlv::Incomplete;
        Self::read_until(session, target, found).await
    }

    async fn read_until(
        session: &mut dyn CardSession,
        target: &ContactlessTarget,
        enough: impl Fn(&[u8]) -> bool,
    ) -> Result<Self, TagError> {
        let sectors = ndef_sectors(session, target).await?;
        let (mut blocks, mut memory) = (Vec::new(), Vec::new());
        let mut writable = true;
        for sector in sectors {
            let numbers = data_blocks(sector);
            if !enough(&memory) {
                open(session, target, sector).await?;
                for number in numbers.clone() {
                    memory.extend(read_block(session, number).await?);
                }
                writable &= general_purpose(session, sector).await? & WRITE_ACCESS == 0;
            }
            blocks.extend(numbers.map(|number| (sector, number)));
        }
        memory.resize(blocks.len() * BLOCK, 0);
        Ok(Self { blocks, content: area::Area::whole(memory), writable })
    }
}

/// Returns the sectors that the card's directories give to NDEF.
async fn ndef_sectors(
    session: &mut dyn CardSession,
    target: &ContactlessTarget,
) -> Result<Vec<u8>, TagError> {
    let mut sectors = listed(session, target, Directory::First).await?;
    let first = general_purpose(session, Directory::First.sector()).await?;
    if directory::has_second(first) {
        sectors.extend(listed(session, target, Directory::Second).await?);
    }
    if sectors.is_empty() { Err(TagError::NotFormatted) } else { Ok(sectors) }
}

/// Reads the general purpose byte of a sector that is open.
async fn general_purpose(session: &mut dyn CardSession, sector: u8) -> Result<u8, TagError> {
    let trailer = read_block(session, trailer_block(sector)).await?;
    Ok(trailer.get(GENERAL_PURPOSE).copied().unwrap_or_default())
}

async fn listed(
    session: &mut dyn CardSession,
    target: &ContactlessTarget,
    directory: Directory,
) -> Result<Vec<u8>, TagError> {
    if !opens(session, target, directory.sector(), MAD_KEY).await? {
        return Err(TagError::NotFormatted);
    }
    let mut content = Vec::new();
    for block in directory.blocks() {
        content.extend(read_block(session, block).await?);
    }
    directory.ndef_sectors(&content).ok_or(TagError::NotFormatted)
}

pub(super) async fn read(
    session: &mut dyn CardSession,
    target: &ContactlessTarget,
) -> Result<Option<Vec<u8>>, TagError> {
    Area::read_message(session, target).await?.content.message()
}

pub(super) async fn state(
    session: &mut dyn CardSession,
    target: &ContactlessTarget,
) -> Result<(usize, bool), TagError> {
    let area = Area::read_message(session, target).await?;
    Ok((area.content.capacity(), area.writable))
}

pub(super) async fn write(
    session: &mut dyn CardSession,
    target: &ContactlessTarget,
    message: &[u8],
) -> Result<(), TagError> {
    let area = Area::read(session, target).await?;
    area.content.message()?;
    replace(session, target, &area, message).await
}

/// Replaces what is in the area, whatever it is, if it may be written.
async fn replace(
    session: &mut dyn CardSession,
    target: &ContactlessTarget,
    area: &Area,
    message: &[u8],
) -> Result<(), TagError> {
    if !area.writable {
        return Err(TagError::ReadOnly);
    }
    let mut current = None;
    for (index, content) in area.content.replace(message, BLOCK)? {
        let (sector, block) = *area.blocks.get(index).ok_or(TagError::Malformed("write"))?;
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
    match Area::read(session, target).await {
        Ok(area) => return replace(session, target, &area, &[]).await,
        Err(TagError::NotFormatted) => {}
        Err(error) => return Err(error),
    }
    require_keys(session, target).await?;
    prepare(session, target).await.map_err(TagError::torn)
}

/// Makes sure that nothing stands in the way, before anything is changed.
async fn require_keys(
    session: &mut dyn CardSession,
    target: &ContactlessTarget,
) -> Result<(), TagError> {
    if target.sak == SAK_MINI {
        return Err(TagError::Unsupported("be formatted: it is a MIFARE Mini"));
    }
    let both = [Directory::First, Directory::Second];
    for directory in both.into_iter().take(if has_4k(target) { 2 } else { 1 }) {
        let own = (directory.sector(), MAD_KEY);
        for (sector, key) in directory.sectors().map(|sector| (sector, NDEF_KEY)).chain([own]) {
            let known = factory(session, target, sector).await?
                || opens(session, target, sector, key).await?;
            if !known {
                return Err(foreign_keys());
            }
        }
    }
    Ok(())
}

/// Writes the contents first, then the keys, the first directory's own sector last: until then the card is
/// none for messages, and can be formatted again.
async fn prepare(
    session: &mut dyn CardSession,
    target: &ContactlessTarget,
) -> Result<(), TagError> {
    prepare_sectors(session, target, Directory::First).await?;
    let access = if has_4k(target) {
        prepare_sectors(session, target, Directory::Second).await?;
        prepare_directory(session, target, Directory::Second, MAD_ACCESS).await?;
        SECOND_MAD_ACCESS
    } else {
        MAD_ACCESS
    };
    prepare_directory(session, target, Directory::First, access).await
}

/// Gives the sectors of a directory the keys for NDEF; the first one of all gets an empty message.
async fn prepare_sectors(
    session: &mut dyn CardSession,
    target: &ContactlessTarget,
    directory: Directory,
) -> Result<(), TagError> {
    for sector in directory.sectors() {
        if !factory(session, target, sector).await? {
            open(session, target, sector).await.map_err(|_| foreign_keys())?;
            continue;
        }
        if sector == Directory::First.sectors().start {
            let mut empty = [0; BLOCK];
            [empty[0], empty[2]] = [0x03, 0xfe];
            write_block(session, data_blocks(sector).start, &empty).await?;
        }
        write_block(session, trailer_block(sector), &trailer(NDEF_KEY, NDEF_ACCESS)).await?;
    }
    Ok(())
}

/// Writes a directory, and its keys when it is there.
async fn prepare_directory(
    session: &mut dyn CardSession,
    target: &ContactlessTarget,
    directory: Directory,
    access: [u8; 4],
) -> Result<(), TagError> {
    let sector = directory.sector();
    if !factory(session, target, sector).await? {
        // A format that was torn may have come so far.
        let done = listed(session, target, directory).await;
        return done.map(drop).map_err(|_| foreign_keys());
    }
    let content = directory.for_ndef();
    for (number, block) in directory.blocks().zip(content.chunks(BLOCK)) {
        write_block(session, number, block).await?;
    }
    write_block(session, trailer_block(sector), &trailer(MAD_KEY, access)).await
}

pub(super) async fn dump(
    session: &mut dyn CardSession,
    target: &ContactlessTarget,
) -> Result<Vec<(usize, Vec<u8>)>, TagError> {
    let mut blocks = Vec::new();
    let last = if has_4k(target) { Directory::Second } else { Directory::First };
    for sector in 0..last.sectors().end {
        let mut opened = false;
        for key in [FACTORY_KEY, NDEF_KEY, MAD_KEY] {
            opened = opened || opens(session, target, sector, key).await?;
        }
        let numbers = data_blocks(sector).start..=trailer_block(sector);
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

fn has_4k(target: &ContactlessTarget) -> bool {
    target.sak & SAK_4K == SAK_4K
}

fn foreign_keys() -> TagError {
    TagError::Unsupported("be formatted: it has keys of somebody else")
}
