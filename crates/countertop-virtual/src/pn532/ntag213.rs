//! A tag of the type NTAG213 (NXP NTAG213/215/216 data sheet, rev. 3.2).

use super::radio::RadioAnswer;
use super::tag_memory::{PAGE_COUNT, TagMemory, WriteError};
use super::target::Reaction;
use countertop_wire::pn532::with_crc_a;

/// Is an NTAG213: a type 2 tag with 144 bytes for users.
///
/// It knows READ, FAST_READ, WRITE, COMPATIBILITY_WRITE, GET_VERSION, READ_CNT, READ_SIG and
/// PWD_AUTH, and refuses what the data sheet says it refuses.
#[derive(Debug, Clone)]
pub struct Ntag213 {
    memory: TagMemory,
    authenticated: bool,
    /// The page of a COMPATIBILITY_WRITE whose data are still to come.
    pending_write: Option<u8>,
    reads: u32,
}

const READ: u8 = 0x30;
const FAST_READ: u8 = 0x3a;
const WRITE: u8 = 0xa2;
const COMPATIBILITY_WRITE: u8 = 0xa0;
const GET_VERSION: u8 = 0x60;
const READ_CNT: u8 = 0x39;
const READ_SIG: u8 = 0x3c;
const PWD_AUTH: u8 = 0x1b;

/// NXP, NTAG, 50 pF, version 1.0, NTAG213, ISO/IEC 14443-3 (data sheet, 10.1).
const VERSION: [u8; 8] = [0x00, 0x04, 0x04, 0x02, 0x01, 0x00, 0x0f, 0x03];
const ACK: u8 = 0x0a;
const NAK_ARGUMENT: u8 = 0x00;
const NAK_AUTHENTICATION: u8 = 0x04;

impl Ntag213 {
    /// Creates a tag with an empty NDEF message. UIDs of NXP begin with `04`.
    #[must_use]
    pub fn new(uid: [u8; 7]) -> Self {
        Self { memory: TagMemory::new(uid), authenticated: false, pending_write: None, reads: 0 }
    }

    /// Writes an NDEF message, as `countertop_wire::ndef` makes it; what does not fit into the
    /// 144 bytes is cut off.
    #[must_use]
    pub fn with_ndef(mut self, message: &[u8]) -> Self {
        self.memory.write_ndef(message);
        self
    }

    /// Returns the UID.
    #[must_use]
    pub fn uid(&self) -> [u8; 7] {
        self.memory.uid()
    }

    /// Returns the pages for users, 04 to 27: 144 bytes.
    #[must_use]
    pub fn user_memory(&self) -> &[u8] {
        self.memory.user()
    }

    pub(super) fn reset(&mut self) {
        self.authenticated = false;
        self.pending_write = None;
    }

    /// Reacts to a frame whose CRC is right and gone.
    pub(super) fn hear(&mut self, command: &[u8]) -> Reaction {
        if let Some(page) = self.pending_write.take() {
            return match command.first_chunk::<4>() {
                Some(data) if command.len() == 16 => self.write(page, *data),
                _ => nak(NAK_ARGUMENT),
            };
        }
        match *command {
            [READ, page] => self.read(page),
            [FAST_READ, first, last] => self.fast_read(first, last),
            [WRITE, page, a, b, c, d] => self.write(page, [a, b, c, d]),
            [COMPATIBILITY_WRITE, page] if usize::from(page) < PAGE_COUNT => {
                self.pending_write = Some(page);
                Reaction::Answer(RadioAnswer::nibble(ACK))
            }
            [GET_VERSION] => data(&VERSION),
            [READ_CNT, 0x02] => data(&self.reads.to_le_bytes()[..3]),
            // No originality: the signature is all zeros.
            [READ_SIG, 0x00] => data(&[0; 32]),
            [PWD_AUTH, a, b, c, d] => self.authenticate([a, b, c, d]),
            _ => nak(NAK_ARGUMENT),
        }
    }

    /// Four pages, of which those behind the last are the first (data sheet, 10.2).
    fn read(&mut self, page: u8) -> Reaction {
        if !self.memory.can_read(page, self.authenticated) {
            return nak(NAK_ARGUMENT);
        }
        self.reads = self.reads.saturating_add(1);
        data(&self.memory.read_wrapping(page, self.authenticated))
    }

    fn fast_read(&self, first: u8, last: u8) -> Reaction {
        let readable = (first..=last).all(|page| self.memory.can_read(page, self.authenticated));
        if first > last || !readable {
            return nak(NAK_ARGUMENT);
        }
        data(&(first..=last).flat_map(|page| self.memory.page(page)).collect::<Vec<u8>>())
    }

    fn write(&mut self, page: u8, content: [u8; 4]) -> Reaction {
        match self.memory.write(page, content, self.authenticated) {
            Ok(()) => Reaction::Answer(RadioAnswer::nibble(ACK)),
            Err(WriteError::Address) => nak(NAK_ARGUMENT),
            Err(WriteError::Protected) => nak(NAK_AUTHENTICATION),
        }
    }

    fn authenticate(&mut self, password: [u8; 4]) -> Reaction {
        if password != self.memory.password() {
            return nak(NAK_AUTHENTICATION);
        }
        self.authenticated = true;
        data(&self.memory.password_acknowledge())
    }
}

fn data(bytes: &[u8]) -> Reaction {
    Reaction::Answer(RadioAnswer::bytes(with_crc_a(bytes)))
}

/// A tag that refuses falls back to where it was woken (data sheet, 8.4).
fn nak(code: u8) -> Reaction {
    Reaction::Fail(Some(RadioAnswer::nibble(code)))
}
