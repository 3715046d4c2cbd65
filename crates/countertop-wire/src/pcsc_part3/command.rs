//! Commands.

use super::CLASS;
use crate::apdu::CommandApdu;
use crate::card_data::CardData;

const LOAD_KEYS: u8 = 0x82;
const GENERAL_AUTHENTICATE: u8 = 0x86;
const READ_BINARY: u8 = 0xb0;
const GET_DATA: u8 = 0xca;
const UPDATE_BINARY: u8 = 0xd6;

/// The version of the data of GENERAL AUTHENTICATE.
const VERSION: u8 = 0x01;
/// P1 of LOAD KEYS: the key is kept until the reader loses power.
const VOLATILE: u8 = 0x00;
/// P1 of LOAD KEYS: the key is kept for ever.
const NON_VOLATILE: u8 = 0x20;

/// Is a command to a contactless reader.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum StorageCommand {
    /// GET DATA: what the card told when it was selected.
    GetData(CardInformation),
    /// LOAD KEYS: puts a key into the reader.
    LoadKey {
        /// Whether it is kept without power.
        persistent: bool,
        /// Its number in the reader.
        number: u8,
        /// The key, six bytes for MIFARE Classic.
        key: CardData,
    },
    /// GENERAL AUTHENTICATE: opens a block with a loaded key.
    Authenticate {
        /// The block or page.
        address: u16,
        /// Which of the card's keys it is.
        key_type: KeyType,
        /// The key's number in the reader.
        number: u8,
    },
    /// READ BINARY.
    ReadBinary {
        /// The first block or page.
        address: u16,
        /// How many bytes, at most 256.
        length: usize,
    },
    /// UPDATE BINARY.
    UpdateBinary {
        /// The first block or page.
        address: u16,
        /// Whole blocks or pages.
        data: CardData,
    },
}

/// Names what GET DATA asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum CardInformation {
    /// The unique identifier (UID, or PUPI).
    Uid,
    /// The historical bytes of the ATS.
    HistoricalBytes,
}

/// Names a key of a MIFARE Classic sector.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum KeyType {
    /// Key A.
    A,
    /// Key B.
    B,
}

impl StorageCommand {
    /// Returns the command as it is sent.
    #[must_use]
    pub fn to_apdu(&self) -> CommandApdu {
        match self {
            Self::GetData(information) => {
                let p1 = match information {
                    CardInformation::Uid => 0x00,
                    CardInformation::HistoricalBytes => 0x01,
                };
                CommandApdu::new(CLASS, GET_DATA, p1, 0).expecting(256)
            }
            Self::LoadKey { persistent, number, key } => {
                let structure = if *persistent { NON_VOLATILE } else { VOLATILE };
                CommandApdu::new(CLASS, LOAD_KEYS, structure, *number).with_data(key.to_vec())
            }
            Self::Authenticate { address, key_type, number } => {
                let [high, low] = address.to_be_bytes();
                let data = [VERSION, high, low, key_type.code(), *number];
                CommandApdu::new(CLASS, GENERAL_AUTHENTICATE, 0, 0).with_data(data)
            }
            Self::ReadBinary { address, length } => {
                let [high, low] = address.to_be_bytes();
                CommandApdu::new(CLASS, READ_BINARY, high, low).expecting((*length).clamp(1, 256))
            }
            Self::UpdateBinary { address, data } => {
                let [high, low] = address.to_be_bytes();
                CommandApdu::new(CLASS, UPDATE_BINARY, high, low).with_data(data.to_vec())
            }
        }
    }

    /// Reads a command; `None` when it is none of these.
    #[must_use]
    pub fn from_apdu(command: &CommandApdu) -> Option<Self> {
        let (p1, p2) = (command.p1(), command.p2());
        let address = u16::from_be_bytes([p1, p2]);
        let data = command.data();
        Some(match (command.class(), command.instruction(), data) {
            (CLASS, GET_DATA, []) => Self::GetData(match (p1, p2) {
                (0x00, 0x00) => CardInformation::Uid,
                (0x01, 0x00) => CardInformation::HistoricalBytes,
                _ => return None,
            }),
            (CLASS, LOAD_KEYS, key) => {
                let persistent = match p1 {
                    VOLATILE => false,
                    NON_VOLATILE => true,
                    _ => return None,
                };
                Self::LoadKey { persistent, number: p2, key: key.into() }
            }
            (CLASS, GENERAL_AUTHENTICATE, [VERSION, high, low, key_type, number]) => {
                Self::Authenticate {
                    address: u16::from_be_bytes([*high, *low]),
                    key_type: KeyType::from_code(*key_type)?,
                    number: *number,
                }
            }
            (CLASS, READ_BINARY, []) if command.expected() > 0 => {
                Self::ReadBinary { address, length: command.expected().min(256) }
            }
            (CLASS, UPDATE_BINARY, [_, ..]) => Self::UpdateBinary { address, data: data.into() },
            _ => return None,
        })
    }
}

impl KeyType {
    fn code(self) -> u8 {
        match self {
            Self::A => 0x60,
            Self::B => 0x61,
        }
    }

    fn from_code(code: u8) -> Option<Self> {
        match code {
            0x60 => Some(Self::A),
            0x61 => Some(Self::B),
            _ => None,
        }
    }
}
