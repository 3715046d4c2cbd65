//! Messages: the records' framing (NDEF 1.0, 3.2).

use core::num::NonZeroUsize;

use super::record::{Record, TypeName};

/// Is a message: records in their order.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Message {
    /// The records.
    pub records: Vec<Record>,
}

/// Says why bytes are no message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum NdefError {
    /// A chunk is missing, or one comes that continues nothing.
    #[error("the chunks of record {0} do not fit together")]
    Chunked(usize),
    /// The first record does not begin the message, a later one does, or the last does not end it.
    #[error("record {0} begins or ends the message at the wrong place")]
    Order(usize),
    /// Bytes are missing.
    #[error("record {0} is cut off")]
    Truncated(usize),
    /// The type name format is reserved.
    #[error("record {0} has an unknown kind of type name")]
    TypeName(usize),
}

const MESSAGE_BEGIN: u8 = 0x80;
const MESSAGE_END: u8 = 0x40;
const CHUNK: u8 = 0x20;
const SHORT: u8 = 0x10;
const ID_LENGTH: u8 = 0x08;
const TYPE_NAME: u8 = 0x07;
/// Type name of a chunk that continues a record.
const UNCHANGED: u8 = 6;

impl Message {
    /// Creates a message of these records.
    #[must_use]
    pub fn new(records: Vec<Record>) -> Self {
        Self { records }
    }

    /// Returns the message's bytes. A type or an identifier longer than 255 bytes is cut off.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        let last = self.records.len().saturating_sub(1);
        let mut bytes = Vec::new();
        for (index, record) in self.records.iter().enumerate() {
            let begin = if index == 0 { MESSAGE_BEGIN } else { 0 };
            let end = if index == last { MESSAGE_END } else { 0 };
            encode_record(record, begin | end, &mut bytes);
        }
        bytes
    }

    /// Returns the message's bytes with every payload cut in chunks of so many bytes at the most
    /// (NDEF 1.0, 2.3.3), as a sender writes them that does not know a payload's length beforehand.
    /// Tags do not hold chunks.
    #[must_use]
    pub fn encode_in_chunks(&self, size: NonZeroUsize) -> Vec<u8> {
        let last = self.records.len().saturating_sub(1);
        let mut bytes = Vec::new();
        for (index, record) in self.records.iter().enumerate() {
            let begin = if index == 0 { MESSAGE_BEGIN } else { 0 };
            let end = if index == last { MESSAGE_END } else { 0 };
            encode_chunks(record, size, begin, end, &mut bytes);
        }
        bytes
    }

    /// Reads a message; chunks are put together. No bytes at all are a message without records.
    ///
    /// # Errors
    ///
    /// When a record is cut off, its chunks do not fit together, or one is out of order.
    pub fn decode(bytes: &[u8]) -> Result<Self, NdefError> {
        let (mut records, mut rest) = (Vec::<Record>::new(), bytes);
        let (mut open, mut first) = (None::<Record>, true);
        while !rest.is_empty() {
            let index = records.len();
            let (flags, record, behind) = decode_record(rest, index)?;
            let ends = flags & MESSAGE_END != 0;
            if (flags & MESSAGE_BEGIN != 0) != first || ends != behind.is_empty() {
                return Err(NdefError::Order(index));
            }
            let record = join(open.take(), flags, record, index)?;
            match flags & CHUNK {
                0 => records.push(record),
                _ => open = Some(record),
            }
            (rest, first) = (behind, false);
        }
        match open {
            Some(_) => Err(NdefError::Chunked(records.len())),
            None => Ok(Self { records }),
        }
    }
}

/// Appends a chunk to the record that it continues.
fn join(open: Option<Record>, flags: u8, chunk: Record, index: usize) -> Result<Record, NdefError> {
    match (open, flags & TYPE_NAME == UNCHANGED) {
        (None, false) => Ok(chunk),
        (Some(mut record), true) if chunk.kind.is_empty() && chunk.id.is_empty() => {
            record.payload.extend_from_slice(&chunk.payload);
            Ok(record)
        }
        _ => Err(NdefError::Chunked(index)),
    }
}

fn encode_chunks(record: &Record, size: NonZeroUsize, begin: u8, end: u8, bytes: &mut Vec<u8>) {
    let mut parts = record.payload.chunks(size.get()).peekable();
    let head = Record { payload: parts.next().unwrap_or_default().to_vec(), ..record.clone() };
    let Some(_) = parts.peek() else { return encode_record(&head, begin | end, bytes) };
    encode_record(&head, begin | CHUNK, bytes);
    while let Some(part) = parts.next() {
        let flags = if parts.peek().is_some() { CHUNK } else { end };
        encode_with(UNCHANGED, &Record { payload: part.to_vec(), ..Record::empty() }, flags, bytes);
    }
}

fn encode_record(record: &Record, flags: u8, bytes: &mut Vec<u8>) {
    encode_with(record.type_name.code(), record, flags, bytes);
}

fn encode_with(type_name: u8, record: &Record, flags: u8, bytes: &mut Vec<u8>) {
    let (kind, kind_length) = cut(&record.kind);
    let (id, id_length) = cut(&record.id);
    let short = u8::try_from(record.payload.len()).ok();
    let short_flag = if short.is_some() { SHORT } else { 0 };
    let id_flag = if id.is_empty() { 0 } else { ID_LENGTH };
    bytes.extend([flags | short_flag | id_flag | type_name, kind_length]);
    match short {
        Some(length) => bytes.push(length),
        None => {
            let length = u32::try_from(record.payload.len()).unwrap_or(u32::MAX);
            bytes.extend(length.to_be_bytes());
        }
    }
    if !id.is_empty() {
        bytes.push(id_length);
    }
    bytes.extend_from_slice(kind);
    bytes.extend_from_slice(id);
    bytes.extend_from_slice(&record.payload);
}

fn cut(bytes: &[u8]) -> (&[u8], u8) {
    match u8::try_from(bytes.len()) {
        Ok(length) => (bytes, length),
        Err(_) => (bytes.get(..usize::from(u8::MAX)).unwrap_or_default(), u8::MAX),
    }
}

fn decode_record(bytes: &[u8], index: usize) -> Result<(u8, Record, &[u8]), NdefError> {
    let mut reader = Reader { bytes, index };
    let [flags, kind_length] = reader.array()?;
    let payload_length = match flags & SHORT {
        0 => u32::from_be_bytes(reader.array()?),
        _ => u32::from(u8::from_be_bytes(reader.array()?)),
    };
    let [id_length] = if flags & ID_LENGTH == 0 { [0] } else { reader.array()? };
    let type_name = match flags & TYPE_NAME {
        UNCHANGED => TypeName::Unknown,
        code => TypeName::from_code(code).ok_or(NdefError::TypeName(index))?,
    };
    let kind = reader.take(usize::from(kind_length))?;
    let id = reader.take(usize::from(id_length))?;
    let length = usize::try_from(payload_length).map_err(|_| NdefError::Truncated(index))?;
    let payload = reader.take(length)?;
    Ok((flags, Record { type_name, kind, id, payload }, reader.bytes))
}

struct Reader<'a> {
    bytes: &'a [u8],
    index: usize,
}

impl Reader<'_> {
    fn array<const N: usize>(&mut self) -> Result<[u8; N], NdefError> {
        let (array, rest) =
            self.bytes.split_first_chunk().ok_or(NdefError::Truncated(self.index))?;
        self.bytes = rest;
        Ok(*array)
    }

    fn take(&mut self, length: usize) -> Result<Vec<u8>, NdefError> {
        let (taken, rest) =
            self.bytes.split_at_checked(length).ok_or(NdefError::Truncated(self.index))?;
        self.bytes = rest;
        Ok(taken.to_vec())
    }
}
