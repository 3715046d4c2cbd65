//! Storage cards, for which the reader answers.

use core::fmt;
use std::collections::BTreeMap;

use countertop_wire::apdu::{CommandApdu, ResponseApdu, StatusWord};
use countertop_wire::atr::{CardName, StorageCard, StorageStandard};
use countertop_wire::pcsc_part3::{
    BAD_KEY_LENGTH, BAD_KEY_NUMBER, CardInformation, END_OF_DATA, KeyType, StorageCommand,
};
use zeroize::Zeroizing;

use crate::card::VirtualCard;

/// A key of MIFARE Classic.
type Key = [u8; 6];

/// The key with which new cards come.
const TRANSPORT_KEY: Key = [0xff; 6];
/// Access bits of a new card: key A reads and writes all.
const TRANSPORT_ACCESS: [u8; 4] = [0xff, 0x07, 0x80, 0x69];
/// Blocks in a sector of MIFARE Classic 1K.
const SECTOR: usize = 4;
/// How many keys the reader holds.
const READER_KEYS: u8 = 2;

/// Is a storage card in the field of a contactless reader.
///
/// Of MIFARE Classic it knows the transport configuration alone: key A opens a sector for everything,
/// and access bits are stored but not obeyed.
#[derive(Clone)]
pub struct StorageTag {
    card: StorageCard,
    uid: Vec<u8>,
    /// Blocks or pages, one behind the other.
    memory: Vec<u8>,
    /// Bytes of a block or page.
    unit: usize,
    /// Blocks or pages that cannot be written.
    fixed: usize,
    /// Whether sectors are opened with keys.
    guarded: bool,
    /// What LOAD KEYS has put into the reader.
    keys: BTreeMap<u8, Zeroizing<Vec<u8>>>,
    /// The sector that is open.
    open: Option<usize>,
}

impl StorageTag {
    /// Is a new MIFARE Classic 1K (NXP MF1S50YYX): 16 sectors of four blocks of 16 bytes.
    #[must_use]
    pub fn mifare_classic_1k(uid: [u8; 4]) -> Self {
        let mut memory = vec![0; 64 * 16];
        for trailer in memory.chunks_mut(16).skip(SECTOR - 1).step_by(SECTOR) {
            let content = [&TRANSPORT_KEY[..], &TRANSPORT_ACCESS, &TRANSPORT_KEY].concat();
            trailer.copy_from_slice(&content);
        }
        let check = uid.iter().fold(0, |check, byte| check ^ byte);
        let maker = [&uid[..], &[check, 0x08, 0x04, 0x00]].concat();
        memory.splice(..maker.len(), maker);
        Self::new(CardName::MIFARE_CLASSIC_1K, &uid, memory, 16, 1, true)
    }

    /// Is a new MIFARE Ultralight (NXP MF0ICU1): 16 pages of four bytes.
    #[must_use]
    pub fn mifare_ultralight(uid: [u8; 7]) -> Self {
        let [a, b, c, d, e, f, g] = uid;
        let mut memory = vec![a, b, c, 0x88 ^ a ^ b ^ c, d, e, f, g, d ^ e ^ f ^ g, 0x48, 0, 0];
        memory.resize(64, 0);
        Self::new(CardName::MIFARE_ULTRALIGHT, &uid, memory, 4, 2, false)
    }

    fn new(
        name: CardName,
        uid: &[u8],
        memory: Vec<u8>,
        unit: usize,
        fixed: usize,
        guarded: bool,
    ) -> Self {
        let card = StorageCard::new(StorageStandard::ISO_14443_A_3, name);
        let (uid, keys) = (uid.to_vec(), BTreeMap::new());
        Self { card, uid, memory, unit, fixed, guarded, keys, open: None }
    }

    /// Returns the memory as it is.
    #[must_use]
    pub fn memory(&self) -> &[u8] {
        &self.memory
    }

    fn carry_out(&mut self, command: StorageCommand) -> ResponseApdu {
        match command {
            StorageCommand::GetData(CardInformation::Uid) => {
                ResponseApdu::new(self.uid.clone(), StatusWord::SUCCESS)
            }
            StorageCommand::LoadKey { number, key, .. } => self.load(number, &key).into(),
            StorageCommand::Authenticate { address, key_type, number } => {
                self.authenticate(usize::from(address), key_type, number).into()
            }
            StorageCommand::ReadBinary { address, length } => {
                self.read(usize::from(address), length)
            }
            StorageCommand::UpdateBinary { address, data } => {
                self.write(usize::from(address), &data).into()
            }
            _ => StatusWord::FUNCTION_NOT_SUPPORTED.into(),
        }
    }

    fn load(&mut self, number: u8, key: &[u8]) -> StatusWord {
        if number >= READER_KEYS {
            return BAD_KEY_NUMBER;
        }
        if key.len() != size_of::<Key>() {
            return BAD_KEY_LENGTH;
        }
        self.keys.insert(number, Zeroizing::new(key.to_vec()));
        StatusWord::SUCCESS
    }

    fn authenticate(&mut self, block: usize, key_type: KeyType, number: u8) -> StatusWord {
        self.open = None;
        let sector = block / SECTOR;
        let (Some(key), Some(trailer)) = (self.keys.get(&number), self.trailer(sector)) else {
            return BAD_KEY_NUMBER;
        };
        let own = match key_type {
            KeyType::A => trailer.first_chunk::<6>(),
            KeyType::B => trailer.last_chunk::<6>(),
        };
        if !self.guarded || own.is_none_or(|own| own.as_slice() != key.as_slice()) {
            return StatusWord::AUTHENTICATION_FAILED;
        }
        self.open = Some(sector);
        StatusWord::SUCCESS
    }

    fn trailer(&self, sector: usize) -> Option<&[u8]> {
        self.memory.chunks(self.unit * SECTOR).nth(sector)?.chunks(self.unit).last()
    }

    fn read(&self, first: usize, length: usize) -> ResponseApdu {
        let Some(start) = self.place(first, length) else {
            return StatusWord::SECURITY_STATUS_NOT_SATISFIED.into();
        };
        // Keys are never read.
        let mut memory = self.memory.clone();
        if self.guarded {
            let trailers = memory.chunks_mut(self.unit).skip(SECTOR - 1).step_by(SECTOR);
            trailers.for_each(|trailer| {
                trailer.iter_mut().take(size_of::<Key>()).for_each(|byte| *byte = 0);
            });
        }
        let there = memory.get(start..).unwrap_or_default();
        match (there.get(..length), there) {
            (Some(asked), _) => ResponseApdu::new(asked, StatusWord::SUCCESS),
            (None, []) => StatusWord::WRONG_PARAMETERS.into(),
            (None, rest) => ResponseApdu::new(rest, END_OF_DATA),
        }
    }

    fn write(&mut self, first: usize, data: &[u8]) -> StatusWord {
        if !data.len().is_multiple_of(self.unit) {
            return StatusWord::WRONG_LENGTH;
        }
        let Some(start) = self.place(first, data.len()).filter(|_| first >= self.fixed) else {
            return StatusWord::SECURITY_STATUS_NOT_SATISFIED;
        };
        match self.memory.get_mut(start..).and_then(|rest| rest.get_mut(..data.len())) {
            Some(place) => {
                place.copy_from_slice(data);
                StatusWord::SUCCESS
            }
            None => StatusWord::WRONG_PARAMETERS,
        }
    }

    /// Returns where a block begins; `None` when a sector on the way is not open.
    fn place(&self, first: usize, length: usize) -> Option<usize> {
        let last = first + length.saturating_sub(1) / self.unit;
        let is_open = |block: usize| self.open == Some(block / SECTOR);
        (!self.guarded || (is_open(first) && is_open(last))).then_some(first * self.unit)
    }
}

impl VirtualCard for StorageTag {
    fn answer_to_reset(&self) -> Vec<u8> {
        self.card.answer_to_reset().encode()
    }

    /// Returns nothing: such a card is not selected for ISO/IEC 14443-4.
    fn answer_to_select(&self) -> Vec<u8> {
        Vec::new()
    }

    fn reset(&mut self) {
        self.open = None;
    }

    fn transmit(&mut self, command: &[u8]) -> Vec<u8> {
        let command = CommandApdu::parse(command).ok();
        let answer = match command.as_ref().and_then(StorageCommand::from_apdu) {
            Some(command) => self.carry_out(command),
            None => StatusWord::FUNCTION_NOT_SUPPORTED.into(),
        };
        answer.to_bytes()
    }
}

impl fmt::Debug for StorageTag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("StorageTag").field("card", &self.card.name).finish_non_exhaustive()
    }
}
