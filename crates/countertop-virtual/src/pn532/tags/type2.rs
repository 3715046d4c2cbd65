//! Type 2 tags: NTAG213, 215 and 216 (NXP data sheet, rev. 3.2), NTAG210 and 212, MIFARE Ultralight
//! (MF0ICU1), Ultralight C (MF0ICU2) and Ultralight EV1 (MF0ULx1).

use countertop_wire::pn532::with_crc_a;

use super::type_a::Reaction;
use super::type2_memory::{TagMemory, WriteError};
use super::type2_model::Type2Model;
use crate::pn532::radio::RadioAnswer;

/// Is a type 2 tag.
///
/// All know READ, WRITE and COMPATIBILITY_WRITE; NTAGs also FAST_READ, GET_VERSION, READ_CNT,
/// READ_SIG and PWD_AUTH, and so do Ultralights EV1, which count with INCR_CNT. They refuse what the data
/// sheets say they refuse.
#[derive(Debug, Clone)]
pub struct Type2Tag {
    memory: TagMemory,
    authenticated: bool,
    /// The page of a COMPATIBILITY_WRITE whose data are still to come.
    pending_write: Option<u8>,
    reads: u32,
    /// Whether this field's first reading was counted.
    counted: bool,
    /// What INCR_CNT counts.
    counters: [u32; 3],
}

const READ: u8 = 0x30;
const FAST_READ: u8 = 0x3a;
const WRITE: u8 = 0xa2;
const COMPATIBILITY_WRITE: u8 = 0xa0;
const GET_VERSION: u8 = 0x60;
const READ_CNT: u8 = 0x39;
const INCR_CNT: u8 = 0xa5;
const CHECK_TEARING: u8 = 0x3e;
/// Nothing was torn.
const VALID: u8 = 0xbd;
/// The most that a counter counts to.
const MOST: u32 = 0x00ff_ffff;
const READ_SIG: u8 = 0x3c;
const PWD_AUTH: u8 = 0x1b;

const ACK: u8 = 0x0a;
const NAK_ARGUMENT: u8 = 0x00;
const NAK_AUTHENTICATION: u8 = 0x04;

impl Type2Tag {
    /// Creates a tag with an empty NDEF message. UIDs of NXP begin with `04`.
    #[must_use]
    pub fn new(model: Type2Model, uid: [u8; 7]) -> Self {
        let memory = TagMemory::new(model, uid);
        Self {
            memory,
            authenticated: false,
            pending_write: None,
            reads: 0,
            counted: false,
            counters: [0; 3],
        }
    }

    /// Makes it a tag that was never formatted for NDEF: no capability container, no message.
    #[must_use]
    pub fn unformatted(mut self) -> Self {
        self.memory.wipe();
        self
    }

    /// Writes an NDEF message, as `countertop_wire::ndef` makes it; what does not fit into
    /// the memory is cut off.
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

    /// Returns the pages for users, from 04 on.
    #[must_use]
    pub fn user_memory(&self) -> &[u8] {
        self.memory.user()
    }

    /// Returns every page as it is in the memory.
    #[must_use]
    pub fn pages(&self) -> &[[u8; 4]] {
        self.memory.pages()
    }

    pub(super) fn memory(&mut self) -> &mut [u8] {
        self.memory.bytes()
    }

    pub(super) fn reset(&mut self) {
        self.authenticated = false;
        self.counted = false;
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
            [WRITE, page, a, b, c, d] => self.write(page, [a, b, c, d]),
            [COMPATIBILITY_WRITE, page] if usize::from(page) < self.memory.pages().len() => {
                self.pending_write = Some(page);
                Reaction::Answer(RadioAnswer::nibble(ACK))
            }
            _ => match self.memory.model().version() {
                Some(version) => self.ntag_command(version, command),
                None if self.memory.model() == Type2Model::UltralightC => nak(NAK_ARGUMENT),
                // The oldest says nothing to a command that it does not know; programs tell the
                // models apart by that (Proxmark3, `cmdhfmfu.c`).
                None => Reaction::Fail(None),
            },
        }
    }

    fn ntag_command(&mut self, version: [u8; 8], command: &[u8]) -> Reaction {
        let model = self.memory.model();
        match *command {
            [FAST_READ, first, last] => self.fast_read(first, last),
            [GET_VERSION] => data(&version),
            [code @ (READ_CNT | INCR_CNT | CHECK_TEARING), number, ref operand @ ..]
                if number < model.counters() =>
            {
                self.count(code, number, operand)
            }
            [READ_CNT, 0x02] if model.counts_reads() => self.read_counter(),
            // No originality: the signature is all zeros.
            [READ_SIG, 0x00] => data(&[0; 32]),
            [PWD_AUTH, a, b, c, d] => self.authenticate([a, b, c, d]),
            _ => nak(NAK_ARGUMENT),
        }
    }

    /// One-way counters (MF0ULx1, 10.6 to 10.8).
    fn count(&mut self, code: u8, number: u8, operand: &[u8]) -> Reaction {
        let Some(counter) = self.counters.get_mut(usize::from(number)) else {
            return nak(NAK_ARGUMENT);
        };
        match (code, operand) {
            (READ_CNT, []) => data(&counter.to_le_bytes()[..3]),
            (CHECK_TEARING, []) => data(&[VALID]),
            (INCR_CNT, &[low, middle, high, _]) => {
                let sum = *counter + u32::from_le_bytes([low, middle, high, 0]);
                if sum > MOST {
                    return nak(NAK_AUTHENTICATION);
                }
                *counter = sum;
                Reaction::Answer(RadioAnswer::nibble(ACK))
            }
            _ => nak(NAK_ARGUMENT),
        }
    }

    /// Four pages, of which those behind the last are the first (data sheet, 10.2).
    fn read(&mut self, page: u8) -> Reaction {
        if !self.memory.can_read(page, self.authenticated) {
            return nak(NAK_ARGUMENT);
        }
        self.count_reading();
        data(&self.memory.read_wrapping(page, self.authenticated))
    }

    /// Where it is switched on, the first reading in a field counts (NTAG21x, 8.7).
    fn count_reading(&mut self) {
        if self.memory.counter_is_on() && !self.counted {
            self.reads = (self.reads + 1).min(MOST);
            self.counted = true;
        }
    }

    fn read_counter(&self) -> Reaction {
        match self.memory.counter_is_open(self.authenticated) {
            true => data(&self.reads.to_le_bytes()[..3]),
            false => nak(NAK_ARGUMENT),
        }
    }

    fn fast_read(&mut self, first: u8, last: u8) -> Reaction {
        let readable = (first..=last).all(|page| self.memory.can_read(page, self.authenticated));
        if first > last || !readable {
            return nak(NAK_ARGUMENT);
        }
        self.count_reading();
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
        if self.memory.password() != Some(password) {
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
    fn ask(tag: &mut Type2Tag, command: &[u8]) -> Vec<u8> {
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
        let mut tag = Type2Tag::new(Type2Model::Ntag213, UID);
        assert_eq!(
            ask(&mut tag, &[READ, 0]),
            [0x04, 0x11, 0x22, 0xbf, 0x33, 0x44, 0x55, 0x66, 0x44, 0x48, 0, 0, 0xe1, 0x10, 0x12, 0]
        );
        assert_eq!(tag.user_memory().len(), 144);
        assert!(tag.user_memory().starts_with(&[0x03, 0x00, 0xfe]));
    }

    #[test]
    fn reading_wraps_and_hides_the_password() {
        let mut tag = Type2Tag::new(Type2Model::Ntag213, UID);
        let end = ask(&mut tag, &[READ, 0x2a]);
        assert_eq!(end, [0, 5, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x04, 0x11, 0x22, 0xbf]);
        assert_eq!(ask(&mut tag, &[READ, 0x2d]), [NAK_ARGUMENT]);
        assert_eq!(ask(&mut tag, &[FAST_READ, 0x00, 0x2c]).len(), 45 * 4);
        assert_eq!(ask(&mut tag, &[FAST_READ, 0x05, 0x04]), [NAK_ARGUMENT]);
        assert_eq!(ask(&mut tag, &[FAST_READ, 0x04, 0x2d]), [NAK_ARGUMENT]);
        assert_eq!(ask(&mut tag, &[READ_CNT, 2]), [0, 0, 0], "it is not switched on");
        assert_eq!(ask(&mut tag, &[READ_SIG, 0]).len(), 32);
    }

    #[test]
    fn some_pages_only_gain_ones_and_locked_ones_stay() {
        let mut tag = Type2Tag::new(Type2Model::Ntag213, UID);
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
        let mut tag = Type2Tag::new(Type2Model::Ntag213, UID);
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
    fn each_model_has_its_memory() {
        for (model, bytes, size, version) in [
            (Type2Model::Ultralight, 48, 0x06, None),
            (Type2Model::UltralightC, 144, 0x12, None),
            (Type2Model::Mf0ul11, 48, 0x06, Some(0x0b)),
            (Type2Model::Mf0ul21, 128, 0x10, Some(0x0e)),
            (Type2Model::Ntag210, 48, 0x06, Some(0x0b)),
            (Type2Model::Ntag212, 128, 0x10, Some(0x0e)),
            (Type2Model::Ntag213, 144, 0x12, Some(0x0f)),
            (Type2Model::Ntag215, 504, 0x3e, Some(0x11)),
            (Type2Model::Ntag216, 888, 0x6d, Some(0x13)),
        ] {
            let mut tag = Type2Tag::new(model, UID);
            assert_eq!(tag.user_memory().len(), bytes, "{model:?}");
            assert_eq!(ask(&mut tag, &[READ, 3])[..4], [0xe1, 0x10, size, 0x00]);
            match tag.hear(&[GET_VERSION]) {
                Reaction::Answer(answer) => assert_eq!(answer.bytes.get(6).copied(), version),
                Reaction::Fail(answer) => {
                    assert_eq!(answer.is_some(), model == Type2Model::UltralightC, "{model:?}");
                    assert_eq!(version, None, "{model:?}");
                }
                other => panic!("{other:?}"),
            }
            // The last page for users can be locked by the dynamic bits, where there are any.
            let last = u8::try_from(3 + bytes / 4).unwrap();
            assert_eq!(ask(&mut tag, &[WRITE, last, 1, 2, 3, 4]), [ACK], "{model:?}");
            if bytes > 48 {
                assert_eq!(ask(&mut tag, &[WRITE, last + 1, 0xff, 0xff, 0x00, 0x00]), [ACK]);
                assert_eq!(ask(&mut tag, &[WRITE, last, 0, 0, 0, 0]), [NAK_ARGUMENT], "{model:?}");
                assert_eq!(ask(&mut tag, &[WRITE, 15, 0, 0, 0, 0]), [ACK], "{model:?}");
            }
            assert_eq!(ask(&mut tag, &[READ, last])[..4], [1, 2, 3, 4]);
        }
    }

    #[test]
    fn the_keys_of_an_ultralight_c_are_not_read() {
        let mut tag = Type2Tag::new(Type2Model::UltralightC, UID);
        assert_eq!(ask(&mut tag, &[READ, 0x2b]).len(), 16);
        assert_eq!(ask(&mut tag, &[READ, 0x2c]), [NAK_ARGUMENT]);
        assert_eq!(ask(&mut tag, &[PWD_AUTH, 0xff, 0xff, 0xff, 0xff]), [NAK_ARGUMENT]);
    }

    #[test]
    fn the_first_reading_in_a_field_counts() {
        let mut tag = Type2Tag::new(Type2Model::Ntag213, UID);
        assert_eq!(ask(&mut tag, &[WRITE, 0x2a, COUNTER_ON, 5, 0, 0]), [ACK]);
        for count in 1..4 {
            ask(&mut tag, if count == 2 { &[FAST_READ, 4, 5] } else { &[READ, 4] });
            ask(&mut tag, &[READ, 5]);
            assert_eq!(ask(&mut tag, &[READ_CNT, 2]), [count, 0, 0]);
            tag.reset();
        }
        let guarded = COUNTER_ON | COUNTER_GUARDED;
        assert_eq!(ask(&mut tag, &[WRITE, 0x2a, guarded, 5, 0, 0]), [ACK]);
        assert_eq!(ask(&mut tag, &[READ_CNT, 2]), [NAK_ARGUMENT]);
        assert_eq!(ask(&mut tag, &[PWD_AUTH, 0xff, 0xff, 0xff, 0xff]), [0, 0]);
        assert_eq!(ask(&mut tag, &[READ_CNT, 2]), [3, 0, 0]);
    }

    const COUNTER_ON: u8 = 0x10;
    const COUNTER_GUARDED: u8 = 0x08;

    #[test]
    fn an_ultralight_ev1_counts_one_way() {
        let mut tag = Type2Tag::new(Type2Model::Mf0ul21, UID);
        assert_eq!(ask(&mut tag, &[INCR_CNT, 1, 5, 1, 0, 0]), [ACK]);
        assert_eq!(ask(&mut tag, &[READ_CNT, 1]), [5, 1, 0]);
        assert_eq!(ask(&mut tag, &[INCR_CNT, 1, 0xff, 0xff, 0xff, 0]), [NAK_AUTHENTICATION]);
        assert_eq!(ask(&mut tag, &[READ_CNT, 1]), [5, 1, 0]);
        assert_eq!(ask(&mut tag, &[CHECK_TEARING, 2]), [VALID]);
        assert_eq!(ask(&mut tag, &[READ_CNT, 3]), [NAK_ARGUMENT]);
        assert_eq!(ask(&mut tag, &[INCR_CNT, 0]), [NAK_ARGUMENT]);
        let mut other = Type2Tag::new(Type2Model::Ntag212, UID);
        assert_eq!(ask(&mut other, &[READ_CNT, 2]), [NAK_ARGUMENT]);
    }

    #[test]
    fn a_write_in_two_parts_takes_four_bytes() {
        let mut tag = Type2Tag::new(Type2Model::Ntag213, UID);
        assert_eq!(ask(&mut tag, &[COMPATIBILITY_WRITE, 0x04]), [ACK]);
        assert_eq!(ask(&mut tag, &[7; 16]), [ACK]);
        assert_eq!(tag.user_memory()[..8], [7, 7, 7, 7, 0, 0, 0, 0]);
        assert_eq!(ask(&mut tag, &[COMPATIBILITY_WRITE, 0x04]), [ACK]);
        assert_eq!(ask(&mut tag, &[READ, 0x00]), [NAK_ARGUMENT]);
    }
}
