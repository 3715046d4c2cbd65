//! Type 2 tags (NFC Forum Type 2 Tag 1.2).

use countertop_device::CardSession;

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
/// Unit of the container's size byte.
const SIZE_UNIT: usize = 8;
/// Size bytes of an Ultralight, whose locks are all in page 2, and of an Ultralight C.
const SIZE_ULTRALIGHT: u8 = 0x06;
const SIZE_ULTRALIGHT_C: u8 = 0x12;
/// A page that only an Ultralight C has.
const BEYOND_ULTRALIGHT: usize = 0x10;
const LOCKS_ULTRALIGHT_C: usize = 0x28;
/// Access byte of a container: no writing.
const READ_ONLY: u8 = 0x0f;

/// Is what the container says.
#[derive(Debug, Clone, Copy)]
struct Container {
    size: u8,
    access: u8,
}

impl Container {
    async fn read(session: &mut dyn CardSession) -> Result<Self, TagError> {
        match read_pages(session, CONTAINER).await?[..] {
            [NDEF_MAGIC, _version, size, access, ..] => Ok(Self { size, access }),
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
    write_page(session, CONTAINER, &container).await?;
    match read_pages(session, CONTAINER).await?.get(..PAGE) == Some(&container) {
        true => Ok(Container { size, access: 0x00 }),
        false => Err(TagError::Unsupported("be formatted: other data are burnt into it")),
    }
}

/// Burns the lock bits: the container's access, then the dynamic ones, those of the first pages
/// last, for they lock the container as well.
pub(super) async fn lock(session: &mut dyn CardSession) -> Result<(), TagError> {
    let container = Container::read(session).await?;
    let dynamic = dynamic_locks(session, container).await?;
    let access = [NDEF_MAGIC, VERSION, container.size, READ_ONLY];
    write_page(session, CONTAINER, &access).await?;
    if let Some(page) = dynamic {
        write_page(session, page, &[0xff, 0xff, 0xff, 0x00]).await?;
    }
    write_page(session, LOCKS, &[0x00, 0x00, 0xff, 0xff]).await
}

pub(super) async fn dump(session: &mut dyn CardSession) -> Result<Vec<(usize, Vec<u8>)>, TagError> {
    let last = match ntag::Model::of(session).await {
        Ok(Some(model)) => model.pages(),
        _ if refuses(session, BEYOND_ULTRALIGHT).await? => BEYOND_ULTRALIGHT,
        _ => LOCKS_ULTRALIGHT_C + PAGE,
    };
    let mut pages = Vec::new();
    for first in (0..last).step_by(PAGE) {
        let Ok(content) = read_pages(session, first).await else { continue };
        let numbered = (first..last).zip(content.chunks(PAGE).map(<[u8]>::to_vec));
        pages.extend(numbered);
    }
    Ok(pages)
}

async fn size(session: &mut dyn CardSession) -> Result<u8, TagError> {
    if let Some(model) = ntag::Model::of(session).await? {
        return Ok(model.container_size());
    }
    match refuses(session, BEYOND_ULTRALIGHT).await? {
        true => Ok(SIZE_ULTRALIGHT),
        false => Ok(SIZE_ULTRALIGHT_C),
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

async fn dynamic_locks(
    session: &mut dyn CardSession,
    container: Container,
) -> Result<Option<usize>, TagError> {
    if container.size <= SIZE_ULTRALIGHT {
        return Ok(None);
    }
    let model = ntag::Model::of(session).await?;
    Ok(Some(model.map_or(LOCKS_ULTRALIGHT_C, ntag::Model::dynamic_locks)))
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
