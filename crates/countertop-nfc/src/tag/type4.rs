//! Type 4 tags (NFC Forum Type 4 Tag 2.0): an application on a card of ISO/IEC 14443-4.

use countertop_device::CardSession;

use super::TagError;

const APPLICATION: [u8; 7] = [0xd2, 0x76, 0x00, 0x00, 0x85, 0x01, 0x01];
const CONTAINER_FILE: [u8; 2] = [0xe1, 0x03];
const CONTAINER_LENGTH: u8 = 15;
/// TLV of the NDEF file: identifier, size, access to read and to write.
const FILE_CONTROL: [u8; 2] = [0x04, 0x06];
/// Where in the container the access to write is.
const WRITE_ACCESS: usize = 14;
const NEVER: u8 = 0xff;
const LENGTH_BYTES: usize = 2;
/// From here on a place has no offset: the highest bit stands for a short file identifier (ISO/IEC 7816-4,
/// READ BINARY).
const UNREACHABLE: usize = 0x8000;
const OK: [u8; 2] = [0x90, 0x00];

/// Is what the capability container says.
#[derive(Debug, Clone, Copy)]
struct Container {
    file: [u8; 2],
    size: usize,
    most_read: u8,
    most_written: u8,
    write_access: u8,
}

impl Container {
    /// Selects the application and its container, and reads it.
    async fn read(session: &mut dyn CardSession) -> Result<Self, TagError> {
        let name = u8::try_from(APPLICATION.len()).unwrap_or_default();
        let select = [&[0x00, 0xa4, 0x04, 0x00, name], &APPLICATION[..], &[0x00]].concat();
        let found = session.transmit(&select).await?;
        if !found.expose().ends_with(&OK) {
            return Err(TagError::NotFormatted);
        }
        select_file(session, CONTAINER_FILE).await?;
        let content = read_binary(session, 0, CONTAINER_LENGTH).await?;
        Self::parse(&content).ok_or(TagError::Malformed("tell what it holds"))
    }

    fn parse(content: &[u8]) -> Option<Self> {
        let [_, _, _version, read_high, read_low, write_high, write_low, rest @ ..] = content
        else {
            return None;
        };
        let [high, low, size_high, size_low, _read, write_access, ..] =
            *rest.strip_prefix(&FILE_CONTROL)?
        else {
            return None;
        };
        let most = |high: u8, low: u8| match high {
            0 => low.max(1),
            _ => u8::MAX,
        };
        Some(Self {
            file: [high, low],
            size: usize::from(u16::from_be_bytes([size_high, size_low])).min(UNREACHABLE),
            most_read: most(*read_high, *read_low),
            most_written: most(*write_high, *write_low),
            write_access,
        })
    }

    fn capacity(self) -> usize {
        self.size.saturating_sub(LENGTH_BYTES)
    }
}

pub(super) async fn read(session: &mut dyn CardSession) -> Result<Option<Vec<u8>>, TagError> {
    let container = Container::read(session).await?;
    select_file(session, container.file).await?;
    let length = read_binary(session, 0, 2).await?;
    let length = length.try_into().ok().map(u16::from_be_bytes);
    let length = usize::from(length.ok_or(TagError::Malformed("tell how long the message is"))?);
    if length > container.capacity() {
        return Err(TagError::Truncated);
    }
    read_part(session, container, LENGTH_BYTES, length).await.map(Some)
}

pub(super) async fn state(session: &mut dyn CardSession) -> Result<(usize, bool), TagError> {
    let container = Container::read(session).await?;
    Ok((container.capacity(), container.write_access == 0))
}

pub(super) async fn write(session: &mut dyn CardSession, message: &[u8]) -> Result<(), TagError> {
    let container = Container::read(session).await?;
    if container.write_access != 0 {
        return Err(TagError::ReadOnly);
    }
    let (length, capacity) = (message.len(), container.capacity());
    let Some(encoded) = u16::try_from(length).ok().filter(|_| length <= capacity) else {
        return Err(TagError::TooLong { length, capacity });
    };
    select_file(session, container.file).await?;
    let steps = async {
        update_binary(session, 0, &[0, 0]).await?;
        let step = usize::from(container.most_written);
        for (index, part) in message.chunks(step).enumerate() {
            update_binary(session, LENGTH_BYTES + index * step, part).await?;
        }
        match encoded {
            0 => Ok(()),
            encoded => update_binary(session, 0, &encoded.to_be_bytes()).await,
        }
    };
    steps.await.map_err(TagError::torn)
}

/// Empties the file of a card that has the application.
pub(super) async fn format(session: &mut dyn CardSession) -> Result<(), TagError> {
    match write(session, &[]).await {
        Err(TagError::NotFormatted) => Err(TagError::Unsupported(
            "be formatted: it has no application for messages, which its issuer has to put on it",
        )),
        result => result,
    }
}

/// Closes the access to write, where the card lets its container be changed.
pub(super) async fn lock(session: &mut dyn CardSession) -> Result<(), TagError> {
    Container::read(session).await?;
    update_binary(session, WRITE_ACCESS, &[NEVER]).await
}

/// Returns the container and the file, with their identifiers as numbers.
pub(super) async fn dump(session: &mut dyn CardSession) -> Result<Vec<(usize, Vec<u8>)>, TagError> {
    let container = Container::read(session).await?;
    let content = read_binary(session, 0, CONTAINER_LENGTH).await?;
    select_file(session, container.file).await?;
    let file = read_part(session, container, 0, container.size).await?;
    let number = |id: [u8; 2]| usize::from(u16::from_be_bytes(id));
    Ok(vec![(number(CONTAINER_FILE), content), (number(container.file), file)])
}

async fn read_part(
    session: &mut dyn CardSession,
    container: Container,
    start: usize,
    length: usize,
) -> Result<Vec<u8>, TagError> {
    let mut content = Vec::new();
    while content.len() < length {
        let left = u8::try_from(length - content.len()).unwrap_or(u8::MAX);
        let part = read_binary(session, start + content.len(), left.min(container.most_read));
        let part = part.await?;
        if part.is_empty() {
            return Err(TagError::Malformed("read"));
        }
        content.extend(part);
    }
    Ok(content)
}

async fn select_file(session: &mut dyn CardSession, id: [u8; 2]) -> Result<(), TagError> {
    let [high, low] = id;
    let answer = session.transmit(&[0x00, 0xa4, 0x00, 0x0c, 0x02, high, low]).await?;
    match answer.expose() {
        answer if answer.ends_with(&OK) => Ok(()),
        _ => Err(TagError::NotFormatted),
    }
}

async fn read_binary(
    session: &mut dyn CardSession,
    offset: usize,
    length: u8,
) -> Result<Vec<u8>, TagError> {
    let refused = TagError::Refused { action: "read", place: offset };
    let Ok(place) = u16::try_from(offset) else { return Err(refused) };
    let [high, low] = place.to_be_bytes();
    let answer = session.transmit(&[0x00, 0xb0, high, low, length]).await?;
    match answer.expose().strip_suffix(&OK) {
        Some(data) => Ok(data.to_vec()),
        None => Err(refused),
    }
}

async fn update_binary(
    session: &mut dyn CardSession,
    offset: usize,
    data: &[u8],
) -> Result<(), TagError> {
    let refused = TagError::Refused { action: "write", place: offset };
    let (Ok(place), Ok(length)) = (u16::try_from(offset), u8::try_from(data.len())) else {
        return Err(refused);
    };
    let [high, low] = place.to_be_bytes();
    let command = [&[0x00, 0xd6, high, low, length], data].concat();
    let answer = session.transmit(&command).await?;
    if answer.expose() == OK { Ok(()) } else { Err(refused) }
}
