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

#[cfg(test)]
mod tests {
    use countertop_wire::pn532::without_crc_a;

    use super::*;

    const UID: [u8; 7] = [0x04, 0x11, 0x22, 0x33, 0x44, 0x55, 0x66];

    /// Returns the answer without CRC; four bits as one byte.
    fn ask(tag: &mut Ntag213, command: &[u8]) -> Vec<u8> {
        match tag.hear(command) {
            Reaction::Answer(answer) | Reaction::Fail(Some(answer)) if answer.last_bits == 4 => {
                answer.bytes
            }
            Reaction::Answer(answer) => without_crc_a(&answer.bytes).unwrap().to_vec(),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_new_tag_is_formatted() {
        let mut tag = Ntag213::new(UID);
        assert_eq!(
            ask(&mut tag, &[READ, 0]),
            [0x04, 0x11, 0x22, 0xbf, 0x33, 0x44, 0x55, 0x66, 0x44, 0x48, 0, 0, 0xe1, 0x10, 0x12, 0]
        );
        assert_eq!(tag.user_memory().len(), 144);
        assert!(tag.user_memory().starts_with(&[0x03, 0x00, 0xfe]));
    }

    #[test]
    fn reading_wraps_and_hides_the_password() {
        let mut tag = Ntag213::new(UID);
        let end = ask(&mut tag, &[READ, 0x2a]);
        assert_eq!(end, [0, 5, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x04, 0x11, 0x22, 0xbf]);
        assert_eq!(ask(&mut tag, &[READ, 0x2d]), [NAK_ARGUMENT]);
        assert_eq!(ask(&mut tag, &[FAST_READ, 0x00, 0x2c]).len(), 45 * 4);
        assert_eq!(ask(&mut tag, &[FAST_READ, 0x05, 0x04]), [NAK_ARGUMENT]);
        assert_eq!(ask(&mut tag, &[FAST_READ, 0x04, 0x2d]), [NAK_ARGUMENT]);
        assert_eq!(ask(&mut tag, &[READ_CNT, 2]), [1, 0, 0]);
        assert_eq!(ask(&mut tag, &[READ_SIG, 0]).len(), 32);
    }

    #[test]
    fn some_pages_only_gain_ones_and_locked_ones_stay() {
        let mut tag = Ntag213::new(UID);
        assert_eq!(ask(&mut tag, &[WRITE, 0x01, 0, 0, 0, 0]), [NAK_ARGUMENT]);
        assert_eq!(ask(&mut tag, &[WRITE, 0x03, 0, 0, 0, 0x0f]), [ACK]);
        assert_eq!(ask(&mut tag, &[FAST_READ, 3, 3]), [0xe1, 0x10, 0x12, 0x0f]);
        assert_eq!(ask(&mut tag, &[WRITE, 0x05, 1, 2, 3, 4]), [ACK]);
        // Locks page 5 and page 8; nothing unlocks them.
        assert_eq!(ask(&mut tag, &[WRITE, 0x02, 9, 9, 0x20, 0x01]), [ACK]);
        assert_eq!(ask(&mut tag, &[WRITE, 0x02, 0, 0, 0, 0]), [ACK]);
        for page in [5, 8] {
            assert_eq!(ask(&mut tag, &[WRITE, page, 0, 0, 0, 0]), [NAK_ARGUMENT]);
        }
        assert_eq!(ask(&mut tag, &[FAST_READ, 5, 5]), [1, 2, 3, 4]);
        assert_eq!(ask(&mut tag, &[WRITE, 0x06, 1, 1, 1, 1]), [ACK]);
    }

    #[test]
    fn the_password_guards_pages() {
        let mut tag = Ntag213::new(UID);
        assert_eq!(ask(&mut tag, &[WRITE, 0x2b, 1, 2, 3, 4]), [ACK]);
        assert_eq!(ask(&mut tag, &[WRITE, 0x2c, 0xaa, 0xbb, 0, 0]), [ACK]);
        // From page 10 on, reading as well.
        assert_eq!(ask(&mut tag, &[WRITE, 0x2a, PROT_ACCESS, 5, 0, 0]), [ACK]);
        assert_eq!(ask(&mut tag, &[WRITE, 0x29, 4, 0, 0, 0x10]), [ACK]);
        assert_eq!(ask(&mut tag, &[WRITE, 0x10, 0, 0, 0, 0]), [NAK_AUTHENTICATION]);
        assert_eq!(ask(&mut tag, &[READ, 0x10]), [NAK_ARGUMENT]);
        // Reading wraps at the first page that is guarded.
        assert_eq!(ask(&mut tag, &[READ, 0x0f])[4..8], [0x04, 0x11, 0x22, 0xbf]);
        assert_eq!(ask(&mut tag, &[PWD_AUTH, 0, 0, 0, 0]), [NAK_AUTHENTICATION]);
        assert_eq!(ask(&mut tag, &[PWD_AUTH, 1, 2, 3, 4]), [0xaa, 0xbb]);
        assert_eq!(ask(&mut tag, &[WRITE, 0x10, 7, 7, 7, 7]), [ACK]);
        tag.reset();
        assert_eq!(ask(&mut tag, &[READ, 0x10]), [NAK_ARGUMENT]);
    }

    const PROT_ACCESS: u8 = 0x80;

    #[test]
    fn a_write_in_two_parts_takes_four_bytes() {
        let mut tag = Ntag213::new(UID);
        assert_eq!(ask(&mut tag, &[COMPATIBILITY_WRITE, 0x04]), [ACK]);
        assert_eq!(ask(&mut tag, &[7; 16]), [ACK]);
        assert_eq!(tag.user_memory()[..8], [7, 7, 7, 7, 0, 0, 0, 0]);
        assert_eq!(ask(&mut tag, &[COMPATIBILITY_WRITE, 0x04]), [ACK]);
        assert_eq!(ask(&mut tag, &[READ, 0x00]), [NAK_ARGUMENT]);
    }
}
