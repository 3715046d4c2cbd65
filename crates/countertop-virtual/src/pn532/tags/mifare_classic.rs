//! MIFARE Classic 1K and 4K (NXP MF1S50YYX_V1 and MF1S70YYX_V1 data sheets). The cipher in the air is
//! not modelled: the chip's firmware is trusted to do it.

use countertop_wire::pn532::with_crc_a;

use super::mifare_access::{Condition, Key, Operation};
use super::type_a::Reaction;
use crate::pn532::radio::RadioAnswer;

/// Is a MIFARE Classic with its keys, access bits and value blocks.
#[derive(Debug, Clone)]
pub struct MifareClassic {
    size: MifareSize,
    blocks: Vec<[u8; 16]>,
    /// The sector that was opened, and with which key.
    open: Option<(usize, Key)>,
    pending: Option<Pending>,
    /// The transfer buffer of value operations.
    buffer: Option<[u8; 16]>,
}

/// Is a size of a MIFARE Classic.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum MifareSize {
    /// 1 KiB: 16 sectors of four blocks.
    Classic1K,
    /// 4 KiB: 32 sectors of four blocks and eight of sixteen.
    Classic4K,
}

/// Is a command whose second part is still to come.
#[derive(Debug, Clone, Copy)]
enum Pending {
    Write(usize),
    Value { code: u8, block: usize },
}

const AUTHENTICATE_A: u8 = 0x60;
const AUTHENTICATE_B: u8 = 0x61;
const READ: u8 = 0x30;
const WRITE: u8 = 0xa0;
const DECREMENT: u8 = 0xc0;
const INCREMENT: u8 = 0xc1;
const RESTORE: u8 = 0xc2;
const TRANSFER: u8 = 0xb0;
const ACK: u8 = 0x0a;
/// Not allowed; and a command that is none.
const NAK: u8 = 0x04;
const FACTORY_TRAILER: [u8; 16] =
    [255, 255, 255, 255, 255, 255, 0xff, 0x07, 0x80, 0x69, 255, 255, 255, 255, 255, 255];

impl MifareSize {
    pub(super) const fn atqa(self) -> [u8; 2] {
        match self {
            Self::Classic1K => [0x00, 0x04],
            Self::Classic4K => [0x00, 0x02],
        }
    }

    pub(super) const fn sak(self) -> u8 {
        match self {
            Self::Classic1K => 0x08,
            Self::Classic4K => 0x18,
        }
    }

    const fn blocks(self) -> usize {
        match self {
            Self::Classic1K => 64,
            Self::Classic4K => 256,
        }
    }
}

impl MifareClassic {
    /// Creates a card as it leaves the factory: every key is FFFFFFFFFFFF.
    #[must_use]
    pub fn new(size: MifareSize, uid: [u8; 4]) -> Self {
        let mut blocks = vec![[0; 16]; size.blocks()];
        let [a, b, c, d] = uid;
        if let Some(first) = blocks.first_mut() {
            let [high, low] = size.atqa();
            *first = [
                a,
                b,
                c,
                d,
                a ^ b ^ c ^ d,
                size.sak(),
                low,
                high,
                0x62,
                0x63,
                0x64,
                0x65,
                0x66,
                0x67,
                0x68,
                0x69,
            ];
        }
        for (number, block) in blocks.iter_mut().enumerate() {
            if number == trailer_of(number) {
                *block = FACTORY_TRAILER;
            }
        }
        Self { size, blocks, open: None, pending: None, buffer: None }
    }

    /// Writes a block as the personaliser does, without keys.
    #[must_use]
    pub fn with_block(mut self, number: usize, content: [u8; 16]) -> Self {
        if let Some(block) = self.blocks.get_mut(number) {
            *block = content;
        }
        self
    }

    /// Returns the size.
    #[must_use]
    pub fn size(&self) -> MifareSize {
        self.size
    }

    /// Returns the UID.
    #[must_use]
    pub fn uid(&self) -> [u8; 4] {
        let [a, b, c, d, ..] = self.block(0).unwrap_or_default();
        [a, b, c, d]
    }

    /// Returns the blocks as they are in the memory, the keys included.
    #[must_use]
    pub fn blocks(&self) -> &[[u8; 16]] {
        &self.blocks
    }

    pub(super) fn memory(&mut self) -> &mut [u8] {
        self.blocks.as_flattened_mut()
    }

    pub(super) fn reset(&mut self) {
        self.open = None;
        self.pending = None;
        self.buffer = None;
    }

    /// Takes an authentication as the host sends it to the chip: code, block, key, UID. One that
    /// fails halts the card without an answer.
    pub(super) fn authenticate(&mut self, command: &[u8]) -> Reaction {
        self.reset();
        let [code, block, rest @ ..] = command else { return Reaction::Fail(None) };
        let Some((key, uid)) = rest.split_first_chunk::<6>() else { return Reaction::Fail(None) };
        let which = match *code {
            AUTHENTICATE_A => Key::A,
            AUTHENTICATE_B => Key::B,
            _ => return Reaction::Fail(None),
        };
        let trailer = trailer_of(usize::from(*block));
        if uid != self.uid() || self.key(trailer, which) != Some(*key) {
            return Reaction::Fail(None);
        }
        self.open = Some((trailer, which));
        Reaction::Answer(RadioAnswer::nibble(ACK))
    }

    /// Reacts to a frame whose CRC and cipher are right and gone.
    pub(super) fn hear(&mut self, command: &[u8]) -> Reaction {
        let answer = match self.pending.take() {
            Some(Pending::Write(block)) => self.write(block, command),
            Some(Pending::Value { code, block }) => return self.operand(code, block, command),
            None => self.command(command),
        };
        answer.unwrap_or_else(|| {
            self.reset();
            Reaction::Fail(Some(RadioAnswer::nibble(NAK)))
        })
    }

    fn command(&mut self, command: &[u8]) -> Option<Reaction> {
        let [code, number] = *command else { return None };
        let block = usize::from(number);
        let (trailer, key) = self.open.filter(|(trailer, _)| *trailer == trailer_of(block))?;
        // A key that can be read opens nothing (8.7.2).
        if key == Key::B && self.condition(trailer)?.key_b_is_readable() {
            return None;
        }
        match code {
            READ => self.read(block, trailer),
            WRITE if block != 0 => self.await_data(Pending::Write(block)),
            DECREMENT | INCREMENT | RESTORE if block != trailer => {
                let operation =
                    if code == INCREMENT { Operation::Increment } else { Operation::Decrement };
                self.allowed(block, operation)?;
                value(self.block(block)?)?;
                self.await_data(Pending::Value { code, block })
            }
            TRANSFER if block != trailer && block != 0 => {
                self.allowed(block, Operation::Decrement)?;
                let content = self.buffer?;
                self.store(block, content)
            }
            _ => None,
        }
    }

    fn await_data(&mut self, pending: Pending) -> Option<Reaction> {
        self.pending = Some(pending);
        Some(Reaction::Answer(RadioAnswer::nibble(ACK)))
    }

    fn read(&self, block: usize, trailer: usize) -> Option<Reaction> {
        let mut content = self.block(block)?;
        if block == trailer {
            let condition = self.condition(block)?;
            content.get_mut(..6)?.fill(0);
            if !condition.key_b_is_readable() {
                content.get_mut(10..)?.fill(0);
            }
        } else {
            self.allowed(block, Operation::Read)?;
        }
        Some(Reaction::Answer(RadioAnswer::bytes(with_crc_a(&content))))
    }

    fn write(&mut self, block: usize, data: &[u8]) -> Option<Reaction> {
        let data: [u8; 16] = data.try_into().ok()?;
        let (trailer, key) = self.open?;
        if block != trailer {
            self.allowed(block, Operation::Write)?;
            return self.store(block, data);
        }
        let condition = self.condition(block)?;
        let mut content = self.block(block)?;
        if !condition.can_write_keys(key) && !condition.can_write_access_bits(key) {
            return None;
        }
        for (index, (place, new)) in content.iter_mut().zip(data).enumerate() {
            let may = match index {
                6..10 => condition.can_write_access_bits(key),
                _ => condition.can_write_keys(key),
            };
            if may {
                *place = new;
            }
        }
        self.store(block, content)
    }

    /// The operand is not acknowledged.
    fn operand(&mut self, code: u8, block: usize, operand: &[u8]) -> Reaction {
        let change = operand.try_into().ok().map(i32::from_le_bytes);
        let old = self.block(block).and_then(value);
        let (Some(change), Some((old, address))) = (change, old) else {
            return Reaction::Fail(None);
        };
        let new = match code {
            INCREMENT => old.wrapping_add(change),
            DECREMENT => old.wrapping_sub(change),
            _ => old,
        };
        self.buffer = Some(value_block(new, address));
        Reaction::Silence
    }

    fn store(&mut self, block: usize, content: [u8; 16]) -> Option<Reaction> {
        *self.blocks.get_mut(block)? = content;
        Some(Reaction::Answer(RadioAnswer::nibble(ACK)))
    }

    fn allowed(&self, block: usize, operation: Operation) -> Option<()> {
        let (_, key) = self.open?;
        self.condition(block)?.allows(operation, key).then_some(())
    }

    fn condition(&self, block: usize) -> Option<Condition> {
        let trailer = trailer_of(block);
        let conditions = Condition::of_trailer(&self.block(trailer)?)?;
        let group = match (block, trailer - block) {
            (_, 0) => 3,
            // Of large sectors each condition is of five blocks.
            (128.., behind) => (15 - behind) / 5,
            (_, behind) => 3 - behind,
        };
        conditions.get(group).copied()
    }

    fn key(&self, trailer: usize, which: Key) -> Option<[u8; 6]> {
        let block = self.block(trailer)?;
        match which {
            Key::A => block.first_chunk().copied(),
            Key::B => block.last_chunk().copied(),
        }
    }

    fn block(&self, number: usize) -> Option<[u8; 16]> {
        self.blocks.get(number).copied()
    }
}

/// Returns the trailer of the sector that a block is in.
fn trailer_of(block: usize) -> usize {
    if block < 128 { block | 3 } else { block | 15 }
}

/// Reads a value block: the value three times, once inverted, and the address four times (8.6.2.1).
fn value(block: [u8; 16]) -> Option<(i32, u8)> {
    let (words, _) = block.as_chunks::<4>();
    let [first, inverted, third, [a, b, c, d]] = *words else { return None };
    let sound =
        first == third && first == inverted.map(|byte| !byte) && a == c && b == d && a == !b;
    sound.then(|| (i32::from_le_bytes(first), a))
}

fn value_block(value: i32, address: u8) -> [u8; 16] {
    let [a, b, c, d] = value.to_le_bytes();
    let n = !address;
    [a, b, c, d, !a, !b, !c, !d, a, b, c, d, address, n, address, n]
}
