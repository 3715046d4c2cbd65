//! Type 2 tags (NFC Forum Type 2 Tag 1.2).

use countertop_device::CardSession;
use countertop_wire::ndef::LockBits;

use super::area::{Area, Steps};
use super::{TagError, ntag};

/// READ: four pages of four bytes.
const READ: u8 = 0x30;
const READ_LENGTH: usize = 16;
const WRITE: u8 = 0xa2;
const ACK: [u8; 1] = [0x0a];
const PAGE: usize = 4;
/// Page of the lock bytes, and of the capability container.
const LOCKS: usize = 0x02;
const CONTAINER: usize = 0x03;
/// First page of the message.
const FIRST: usize = 0x04;
/// First byte of the container of a tag for NDEF; version 1.0.
const NDEF_MAGIC: u8 = 0xe1;
const VERSION: u8 = 0x10;
/// Where the dynamic lock bits of a tag begin that does not say so: behind the message's memory, a bit for
/// each 8 bytes beyond the first 48 (2.2.2).
const STATICALLY_LOCKED: usize = 48;
const LOCKED_BY_A_BIT: usize = 8;
/// Unit of the container's size byte.
const SIZE_UNIT: usize = 8;
/// Size bytes of an Ultralight and of an Ultralight C.
const SIZE_ULTRALIGHT: u8 = 0x06;
const SIZE_ULTRALIGHT_C: u8 = 0x12;
/// A page that only an Ultralight C has.
const BEYOND_ULTRALIGHT: usize = 0x10;
/// The last page of an Ultralight C that can be read; behind it are its keys.
const LAST_OF_ULTRALIGHT_C: usize = 0x2b;
/// Access byte of a container: no writing.
const READ_ONLY: u8 = 0x0f;

/// Is what the container says.
#[derive(Debug, Clone, Copy)]
struct Container {
    version: u8,
    size: u8,
    access: u8,
}

impl Container {
    async fn read(session: &mut dyn CardSession) -> Result<Self, TagError> {
        match read_pages(session, CONTAINER).await?[..] {
            [NDEF_MAGIC, version, size, access, ..] => Ok(Self { version, size, access }),
            _ => Err(TagError::NotFormatted),
        }
    }

    fn is_writable(self) -> bool {
        self.access & 0x0f == 0
    }
}

pub(super) async fn read(session: &mut dyn CardSession) -> Result<Option<Vec<u8>>, TagError> {
    let container = Container::read(session).await?;
    area(session, container).await?.message()
}

pub(super) async fn state(session: &mut dyn CardSession) -> Result<(usize, bool), TagError> {
    let container = Container::read(session).await?;
    let area = area(session, container).await?;
    Ok((area.capacity(), container.is_writable()))
}

pub(super) async fn write(session: &mut dyn CardSession, message: &[u8]) -> Result<(), TagError> {
    let container = Container::read(session).await?;
    if !container.is_writable() {
        return Err(TagError::ReadOnly);
    }
    let area = area(session, container).await?;
    area.message()?;
    write_area(session, area.replace(message, PAGE)?).await
}

async fn write_area(session: &mut dyn CardSession, steps: Steps) -> Result<(), TagError> {
    for (index, page) in steps {
        write_page(session, FIRST + index, &page).await.map_err(TagError::torn)?;
    }
    Ok(())
}

pub(super) async fn format(session: &mut dyn CardSession) -> Result<(), TagError> {
    let container = match Container::read(session).await {
        Ok(container) if !container.is_writable() => return Err(TagError::ReadOnly),
        Err(TagError::NotFormatted) => burn_container(session).await?,
        found => found?,
    };
    let area = area(session, container).await?;
    write_area(session, area.empty(PAGE)?).await
}

/// Makes a tag one for messages. The bits of its container are only ever set: what is there already stays.
async fn burn_container(session: &mut dyn CardSession) -> Result<Container, TagError> {
    let size = size(session).await?;
    let container = [NDEF_MAGIC, VERSION, size, 0x00];
    let burnt = read_pages(session, CONTAINER).await?;
    if burnt.iter().zip(container).any(|(old, new)| old & !new != 0) {
        return Err(TagError::Unsupported("be formatted: other data are burnt into it"));
    }
    write_page(session, CONTAINER, &container).await.map_err(burnt_or_refused)?;
    match read_pages(session, CONTAINER).await?.get(..PAGE) == Some(&container) {
        true => Ok(Container { version: VERSION, size, access: 0x00 }),
        false => Err(TagError::Malformed("keep its container")),
    }
}

/// Says what a first write has left: a tag that refuses it is what it was.
fn burnt_or_refused(error: TagError) -> TagError {
    match error {
        refused @ TagError::Refused { .. } => refused,
        other => other.torn(),
    }
}

/// Burns the lock bits: the container's access, then the dynamic ones, those of the first pages
/// last, for they lock the container as well.
pub(super) async fn lock(session: &mut dyn CardSession) -> Result<(), TagError> {
    let container = Container::read(session).await?;
    let dynamic = match dynamic_locks(session, container).await? {
        Some(bits) => locked_pages(session, bits).await?,
        None => Vec::new(),
    };
    let Container { version, size, access } = container;
    let closed = [NDEF_MAGIC, version, size, access | READ_ONLY];
    write_page(session, CONTAINER, &closed).await.map_err(burnt_or_refused)?;
    let rest = async {
        for (page, content) in dynamic {
            write_page(session, page, &content).await?;
        }
        write_page(session, LOCKS, &[0x00, 0x00, 0xff, 0xff]).await
    };
    rest.await.map_err(TagError::torn)
}

/// Finds the dynamic lock bits: as the model has them, as a block says, or in their usual place.
async fn dynamic_locks(
    session: &mut dyn CardSession,
    container: Container,
) -> Result<Option<LockBits>, TagError> {
    if container.size <= SIZE_ULTRALIGHT {
        return Ok(None);
    }
    if let Some(model) = ntag::Model::of(session).await? {
        return Ok(model.dynamic_locks());
    }
    let named = area(session, container).await?.lock_bits();
    let size = usize::from(container.size) * SIZE_UNIT;
    let count = size.saturating_sub(STATICALLY_LOCKED).div_ceil(LOCKED_BY_A_BIT);
    let usual = LockBits { address: FIRST * PAGE + size, count };
    Ok(named.or_else(|| Some(usual).filter(|bits| bits.count > 0)))
}

/// Returns the pages with lock bits, and what they hold once all are set.
async fn locked_pages(session: &mut dyn CardSession, bits: LockBits) -> Result<Steps, TagError> {
    let LockBits { address, count } = bits;
    let last = address + (count - 1) / 8;
    let mut pages = Vec::new();
    for page in address / PAGE..=last / PAGE {
        let mut content = read_pages(session, page).await?;
        content.truncate(PAGE);
        pages.extend(content);
    }
    let offset = address % PAGE;
    for bit in 0..count {
        if let Some(byte) = pages.get_mut(offset + bit / 8) {
            *byte |= 1 << (bit % 8);
        }
    }
    Ok((address / PAGE..).zip(pages.chunks(PAGE).map(<[u8]>::to_vec)).collect())
}

pub(super) async fn dump(session: &mut dyn CardSession) -> Result<Vec<(usize, Vec<u8>)>, TagError> {
    let last = match ntag::Model::of(session).await {
        Ok(Some(model)) => model.pages(),
        _ if refuses(session, BEYOND_ULTRALIGHT).await? => BEYOND_ULTRALIGHT,
        _ => LAST_OF_ULTRALIGHT_C + 1,
    };
    let mut pages = Vec::new();
    for first in (0..last).step_by(PAGE) {
        let Ok(content) = read_pages(session, first).await else { continue };
        let numbered = (first..last).zip(content.chunks(PAGE).map(<[u8]>::to_vec));
        pages.extend(numbered);
    }
    Ok(pages)
}

/// Finds the size for the container, which cannot be taken back.
async fn size(session: &mut dyn CardSession) -> Result<u8, TagError> {
    const UNKNOWN: TagError = TagError::Unsupported("be formatted: nobody knows how large it is");
    if let Some(version) = ntag::version(session).await? {
        let model = ntag::Model::from_version(version);
        return model.map(ntag::Model::container_size).ok_or(UNKNOWN);
    }
    if refuses(session, BEYOND_ULTRALIGHT).await? {
        return Ok(SIZE_ULTRALIGHT);
    }
    let last_readable = !refuses(session, LAST_OF_ULTRALIGHT_C).await?;
    match last_readable && refuses(session, LAST_OF_ULTRALIGHT_C + 1).await? {
        true => Ok(SIZE_ULTRALIGHT_C),
        false => Err(UNKNOWN),
    }
}

/// Tells whether a page is beyond the memory. Of an Ultralight reading wraps: page 16 is page 0.
async fn refuses(session: &mut dyn CardSession, page: usize) -> Result<bool, TagError> {
    let first = read_pages(session, 0).await?;
    match read_pages(session, page).await {
        Ok(content) => Ok(content == first),
        Err(TagError::Refused { .. }) => Ok(true),
        Err(error) => Err(error),
    }
}

/// Reads the memory for messages. Control blocks count addresses from page 0 on.
async fn area(session: &mut dyn CardSession, container: Container) -> Result<Area, TagError> {
    let size = usize::from(container.size) * SIZE_UNIT;
    let mut memory = Vec::new();
    while memory.len() < size {
        let page = FIRST + memory.len() / PAGE;
        memory.extend(read_pages(session, page).await?);
    }
    memory.truncate(size);
    Ok(Area::of_tag(memory, FIRST * PAGE))
}

async fn read_pages(session: &mut dyn CardSession, page: usize) -> Result<Vec<u8>, TagError> {
    let refused = TagError::Refused { action: "read", place: page };
    let Ok(number) = u8::try_from(page) else { return Err(refused) };
    let answer = session.transmit(&[READ, number]).await?;
    if answer.len() == READ_LENGTH { Ok(answer.expose().to_vec()) } else { Err(refused) }
}

async fn write_page(
    session: &mut dyn CardSession,
    page: usize,
    content: &[u8],
) -> Result<(), TagError> {
    let refused = TagError::Refused { action: "write", place: page };
    let (Ok(number), [a, b, c, d]) = (u8::try_from(page), content) else { return Err(refused) };
    let answer = session.transmit(&[WRITE, number, *a, *b, *c, *d]).await?;
    if answer.expose() == ACK { Ok(()) } else { Err(refused) }
}
