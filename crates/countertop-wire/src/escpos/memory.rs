//! The memory that a program may keep its own data in.

use super::table::{Parameter, commands, record};
use super::{FS, GS, KeyCode, OutOfRange};

commands! {
    /// Reads or writes the printer's NV user memory.
    UserMemory {
        /// FS g 1: writes bytes at an address.
        Write(MemoryWrite) = [FS, b'g', b'1', 0x00];
        /// FS g 2: asks for bytes from an address.
        Read(MemoryRead) = [FS, b'g', b'2', 0x00];
        /// GS ( C, function 0: deletes a record.
        Delete(KeyCode) = [GS, b'(', b'C'] counted [0x00, 0x00 | 0x30, 0x00];
        /// GS ( C, function 1: stores a record.
        Store(MemoryRecord) = [GS, b'(', b'C'] counted [0x00, 0x01 | 0x31, 0x00];
        /// GS ( C, function 2: asks for a record.
        Fetch(KeyCode) = [GS, b'(', b'C'] counted [0x00, 0x02 | 0x32, 0x00];
        /// GS ( C, function 3: asks how much is used.
        Used = [GS, b'(', b'C'] counted [0x00, 0x03 | 0x33, 0x00];
        /// GS ( C, function 4: asks how much is left.
        Remaining = [GS, b'(', b'C'] counted [0x00, 0x04 | 0x34, 0x00];
        /// GS ( C, function 5: asks for the records' key codes.
        KeyCodes = [GS, b'(', b'C'] counted [0x00, 0x05 | 0x35, 0x00];
        /// GS ( C, function 6: deletes all records.
        DeleteAll = [GS, b'(', b'C'] counted [0x00, 0x06 | 0x36, 0x00, 0x43, 0x4C, 0x52];
    }
}

record! {
    /// Is what FS g 2 reads.
    MemoryRead {
        /// The address, of little-endian bytes.
        address: [u8; 4],
        /// How many bytes, 1 to 80.
        length: u16,
    }
}

/// Is what FS g 1 writes: 1 to 1024 characters, none below 20.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct MemoryWrite {
    address: u32,
    data: Vec<u8>,
}

impl MemoryWrite {
    /// Creates a write of `data` at `address`.
    ///
    /// # Errors
    ///
    /// When there is nothing, more than 1024 bytes, or a byte below 20.
    pub fn new(address: u32, data: Vec<u8>) -> Result<Self, OutOfRange> {
        OutOfRange::check("length of NV memory data", data.len(), 1..=1024)?;
        check_characters(&data)?;
        Ok(Self { address, data })
    }

    /// Returns the address.
    #[must_use]
    pub fn address(&self) -> u32 {
        self.address
    }

    /// Returns the bytes.
    #[must_use]
    pub fn data(&self) -> &[u8] {
        &self.data
    }
}

fn check_characters(data: &[u8]) -> Result<(), OutOfRange> {
    let least = data.iter().copied().min().unwrap_or_default();
    OutOfRange::check("character of NV memory data", usize::from(least), 0x20..=0xFF)
}

impl Parameter for MemoryWrite {
    fn emit(&self, out: &mut Vec<u8>) {
        out.extend(self.address.to_le_bytes());
        u16::try_from(self.data.len()).unwrap_or(u16::MAX).emit(out);
        out.extend_from_slice(&self.data);
    }

    fn decode(bytes: &[u8]) -> Option<Self> {
        let (address, rest) = bytes.split_first_chunk()?;
        let (length, data) = rest.split_first_chunk()?;
        (usize::from(u16::from_le_bytes(*length)) == data.len()).then_some(())?;
        Self::new(u32::from_le_bytes(*address), data.to_vec()).ok()
    }
}

/// Is a record of GS ( C: a key code and characters, none below 20.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct MemoryRecord {
    key: KeyCode,
    data: Vec<u8>,
}

impl MemoryRecord {
    /// The most that a record holds.
    pub const MAX: usize = 65_530;

    /// Creates a record.
    ///
    /// # Errors
    ///
    /// When there is nothing, more than a command can carry, or a byte below 20.
    pub fn new(key: KeyCode, data: Vec<u8>) -> Result<Self, OutOfRange> {
        OutOfRange::check("length of NV memory data", data.len(), 1..=Self::MAX)?;
        check_characters(&data)?;
        Ok(Self { key, data })
    }

    /// Returns the key code.
    #[must_use]
    pub fn key(&self) -> KeyCode {
        self.key
    }

    /// Returns the characters.
    #[must_use]
    pub fn data(&self) -> &[u8] {
        &self.data
    }
}

impl Parameter for MemoryRecord {
    fn emit(&self, out: &mut Vec<u8>) {
        self.key.emit(out);
        out.extend_from_slice(&self.data);
    }

    fn decode(bytes: &[u8]) -> Option<Self> {
        let ([kc1, kc2], data) = bytes.split_first_chunk()?;
        Self::new(KeyCode::new([*kc1, *kc2])?, data.to_vec()).ok()
    }
}
