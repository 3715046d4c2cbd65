//! MIFARE DESFire EV1 in plain: what needs no key (NXP MF3ICDx21_41_81; native commands wrapped as
//! ISO/IEC 7816-4 APDUs).

use countertop_device::CardSession;

use super::TagError;

const GET_APPLICATION_IDS: u8 = 0x6a;
const SELECT_APPLICATION: u8 = 0x5a;
const GET_FILE_IDS: u8 = 0x6f;
const GET_FILE_SETTINGS: u8 = 0xf5;
const READ_DATA: u8 = 0xbd;
const READ_RECORDS: u8 = 0xbb;
const MORE_FRAMES: u8 = 0xaf;
const WRAPPED: u8 = 0x90;
const STATUS: u8 = 0x91;
const DONE: u8 = 0x00;
/// Frames of an answer at the most: more than the largest file has.
const MOST_FRAMES: usize = 1024;

/// Is what a file is (FileType).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum FileKind {
    /// Standard or backup data, of so many bytes.
    Data(u32),
    /// Records: how long each is, and how many there are.
    Records {
        /// The length of one.
        length: u32,
        /// How many there are.
        count: u32,
    },
    /// A value.
    Value,
    /// Another kind.
    Other(u8),
}

/// Lists the applications' identifiers.
///
/// # Errors
///
/// [`TagError::Refused`] with the card's status as place, such as `ae` when a key is needed; else
/// what the session met.
///
/// # Cancel safety
///
/// Not cancel safe, as [`CardSession::transmit`].
pub async fn applications(session: &mut dyn CardSession) -> Result<Vec<[u8; 3]>, TagError> {
    let ids = run(session, GET_APPLICATION_IDS, &[], "list applications").await?;
    Ok(ids.as_chunks::<3>().0.to_vec())
}

/// Selects an application.
///
/// # Errors
///
/// As [`applications`].
///
/// # Cancel safety
///
/// As [`applications`].
pub async fn select(session: &mut dyn CardSession, id: [u8; 3]) -> Result<(), TagError> {
    run(session, SELECT_APPLICATION, &id, "select an application").await.map(drop)
}

/// Lists the numbers of the selected application's files.
///
/// # Errors
///
/// As [`applications`].
///
/// # Cancel safety
///
/// As [`applications`].
pub async fn files(session: &mut dyn CardSession) -> Result<Vec<u8>, TagError> {
    run(session, GET_FILE_IDS, &[], "list files").await
}

/// Tells what a file is.
///
/// # Errors
///
/// As [`applications`].
///
/// # Cancel safety
///
/// As [`applications`].
pub async fn file_kind(session: &mut dyn CardSession, file: u8) -> Result<FileKind, TagError> {
    let settings = run(session, GET_FILE_SETTINGS, &[file], "tell what a file is").await?;
    // Type, way of communication, access rights, then what depends on the type.
    let number = |bytes: &[u8; 3]| {
        let [low, middle, high] = *bytes;
        u32::from_le_bytes([low, middle, high, 0])
    };
    let malformed = TagError::Malformed("tell what a file is");
    let [kind, _, _, _, rest @ ..] = &settings[..] else { return Err(malformed) };
    Ok(match (*kind, rest.as_chunks::<3>().0) {
        (0x00 | 0x01, [size, ..]) => FileKind::Data(number(size)),
        (0x03 | 0x04, [length, _most, count, ..]) => {
            FileKind::Records { length: number(length), count: number(count) }
        }
        (0x02, _) => FileKind::Value,
        (0x00 | 0x01 | 0x03 | 0x04, _) => return Err(malformed),
        (other, _) => FileKind::Other(other),
    })
}

/// Reads a data file from `offset` on: `length` bytes, or all with 0.
///
/// # Errors
///
/// As [`applications`].
///
/// # Cancel safety
///
/// As [`applications`].
pub async fn read_data(
    session: &mut dyn CardSession,
    file: u8,
    offset: u32,
    length: u32,
) -> Result<Vec<u8>, TagError> {
    run(session, READ_DATA, &range(file, offset, length), "read a file").await
}

/// Reads records: `offset` counts from the newest backwards, `count` of them or all with 0. They
/// come from the oldest on, one behind the other.
///
/// # Errors
///
/// As [`applications`].
///
/// # Cancel safety
///
/// As [`applications`].
pub async fn read_records(
    session: &mut dyn CardSession,
    file: u8,
    offset: u32,
    count: u32,
) -> Result<Vec<u8>, TagError> {
    run(session, READ_RECORDS, &range(file, offset, count), "read records").await
}

fn range(file: u8, first: u32, second: u32) -> Vec<u8> {
    let mut range = vec![file];
    for number in [first, second] {
        range.extend(number.to_le_bytes().iter().take(3));
    }
    range
}

/// Sends a native command and collects the frames of its answer.
async fn run(
    session: &mut dyn CardSession,
    code: u8,
    data: &[u8],
    action: &'static str,
) -> Result<Vec<u8>, TagError> {
    let mut answer = Vec::new();
    let mut command = wrap(code, data);
    for _ in 0..MOST_FRAMES {
        let frame = session.transmit(&command).await?;
        let (content, status) = match frame.expose() {
            [content @ .., STATUS, status] => (content, *status),
            _ => return Err(TagError::Unsupported("be read: it is no DESFire")),
        };
        answer.extend_from_slice(content);
        match status {
            DONE => return Ok(answer),
            MORE_FRAMES => command = wrap(MORE_FRAMES, &[]),
            status => return Err(TagError::Refused { action, place: usize::from(status) }),
        }
    }
    Err(TagError::Malformed(action))
}

fn wrap(code: u8, data: &[u8]) -> Vec<u8> {
    let mut command = vec![WRAPPED, code, 0x00, 0x00];
    if let Ok(length @ 1..) = u8::try_from(data.len()) {
        command.push(length);
        command.extend_from_slice(data);
    }
    command.push(0x00);
    command
}
