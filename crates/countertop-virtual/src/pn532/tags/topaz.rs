//! A type 1 tag: Innovision Topaz with static memory (NFC Forum Type 1 Tag 1.2).

use countertop_wire::ndef::wrap_tlv;
use countertop_wire::pn532::{with_crc_b, without_crc_b};

use crate::pn532::radio::{REQA, RadioAnswer, RadioFrame, WUPA};

/// Is a Topaz of 96 bytes, the static memory model: 15 blocks of eight bytes, of which blocks 1 to
/// C are for the message.
///
/// It knows RID, RALL, READ, WRITE-E and WRITE-NE.
#[derive(Debug, Clone)]
pub struct TopazTag {
    memory: [u8; 120],
    state: State,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    PowerOff,
    Idle,
    /// Behind a request: it takes commands.
    Ready,
}

const RID: u8 = 0x78;
const RALL: u8 = 0x00;
const READ: u8 = 0x01;
const WRITE_E: u8 = 0x53;
const WRITE_NE: u8 = 0x1a;
/// Header ROM of static memory: 96 bytes of NDEF.
const HEADER: [u8; 2] = [0x11, 0x48];
/// ATQA, big-endian as it is written: no anticollision.
const ATQA: [u8; 2] = [0x0c, 0x00];
/// Where capability container and message begin.
const USER: core::ops::Range<usize> = 0x08..0x68;
/// The lock bytes, and OTP bytes behind them.
const LOCKS: core::ops::Range<usize> = 0x70..0x72;
/// Container: NDEF, version 1.0, 120 bytes, read and write.
const CONTAINER: [u8; 4] = [0xe1, 0x10, 0x0e, 0x00];

impl TopazTag {
    /// Creates a tag with an empty message.
    #[must_use]
    pub fn new(uid: [u8; 4]) -> Self {
        let mut memory = [0; 120];
        for (place, byte) in memory.iter_mut().zip(uid) {
            *place = byte;
        }
        Self { memory, state: State::PowerOff }.with_ndef(&[])
    }

    /// Makes it a tag that was never formatted for NDEF.
    #[must_use]
    pub fn unformatted(mut self) -> Self {
        self.memory.get_mut(USER).unwrap_or_default().fill(0);
        self
    }

    /// Writes an NDEF message; what does not fit into the 92 bytes is cut off.
    #[must_use]
    pub fn with_ndef(mut self, message: &[u8]) -> Self {
        let content = [&CONTAINER[..], &wrap_tlv(message)].concat();
        let user = self.memory.get_mut(USER).unwrap_or_default();
        for (index, byte) in user.iter_mut().enumerate() {
            *byte = content.get(index).copied().unwrap_or_default();
        }
        self
    }

    /// Returns the UID's four low bytes, with which commands name the tag.
    #[must_use]
    pub fn uid(&self) -> [u8; 4] {
        let [a, b, c, d, ..] = self.memory;
        [a, b, c, d]
    }

    /// Returns the whole memory.
    #[must_use]
    pub fn memory(&self) -> &[u8] {
        &self.memory
    }

    pub(super) fn power(&mut self, on: bool) {
        self.state = if on { State::Idle } else { State::PowerOff };
    }

    pub(super) fn is_active(&self) -> bool {
        self.state == State::Ready
    }

    pub(super) fn hear(&mut self, frame: RadioFrame<'_>) -> Option<RadioAnswer> {
        match (self.state, frame) {
            (State::PowerOff, _) => None,
            (_, RadioFrame::Short(REQA | WUPA)) => {
                self.state = State::Ready;
                let [high, low] = ATQA;
                Some(RadioAnswer::bytes([low, high]))
            }
            (State::Ready, RadioFrame::Topaz(bytes)) => self.command(without_crc_b(bytes)?),
            _ => None,
        }
    }

    fn command(&mut self, command: &[u8]) -> Option<RadioAnswer> {
        let (rest, uid) = command.split_last_chunk::<4>()?;
        if let [RID, ..] = rest {
            return Some(answer(&[&HEADER[..], &self.uid()].concat()));
        }
        if *uid != self.uid() {
            return None;
        }
        match *rest {
            [RALL, _, _] => Some(answer(&[&HEADER[..], &self.memory].concat())),
            [READ, address, _] => {
                let byte = self.memory.get(usize::from(address))?;
                Some(answer(&[address, *byte]))
            }
            [WRITE_E, address, value] => self.write(address, value, true),
            [WRITE_NE, address, value] => self.write(address, value, false),
            _ => None,
        }
    }

    /// Writes with or without erasing, and answers with what is there then.
    fn write(&mut self, address: u8, value: u8, erase: bool) -> Option<RadioAnswer> {
        let place = usize::from(address);
        let otp = place >= LOCKS.start;
        let open = USER.contains(&place) && !self.is_locked(place / 8);
        let byte = self.memory.get_mut(place)?;
        match (open, otp) {
            (true, _) if erase => *byte = value,
            (true, _) | (_, true) => *byte |= value,
            _ => {}
        }
        Some(answer(&[address, *byte]))
    }

    fn is_locked(&self, block: usize) -> bool {
        let locks = self.memory.get(LOCKS).and_then(|locks| locks.try_into().ok());
        u16::from_le_bytes(locks.unwrap_or_default()) & (1 << block) != 0
    }
}

fn answer(bytes: &[u8]) -> RadioAnswer {
    RadioAnswer::bytes(with_crc_b(bytes))
}
