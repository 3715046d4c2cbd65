//! Encodings of one byte a character.

use core::fmt;
use std::sync::Arc;

use encoding_rs::Encoding as Web;
use oem_cp::code_table as oem;

use super::tables;

/// Is what the bytes from 80 to FF are; those below are ASCII.
#[derive(Clone, PartialEq, Eq)]
pub struct Encoding(Arc<[Option<char>; 128]>);

/// Says why characters are no encoding.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("an encoding has 128 characters for the bytes from 80 to FF, not {found}")]
pub struct EncodingError {
    found: usize,
}

/// Stands for a byte that is no character.
const NONE: char = '\u{FFFD}';

impl Encoding {
    /// Returns an encoding by its name, as printer profiles write it: `CP437`, `ISO_8859-15`, `CP1252`,
    /// `Katakana`, `TIS18`, `TCVN-3-1`. Case and punctuation do not count.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        let name: String = name.chars().filter(char::is_ascii_alphanumeric).collect();
        Source::named(&name.to_ascii_lowercase()).map(|source| source.encoding())
    }

    /// Creates an encoding from 128 characters, for the bytes from 80 on; a space (but for A0, which
    /// may be one), U+FFFD and control characters are bytes that are no character.
    ///
    /// # Errors
    ///
    /// When there are fewer or more.
    pub fn from_characters(characters: &str) -> Result<Self, EncodingError> {
        let all: Vec<_> = characters.chars().map(printable).collect();
        let found = all.len();
        <[_; 128]>::try_from(all)
            .map(|all| Self(Arc::new(all)))
            .map_err(|_| EncodingError { found })
    }

    /// Returns the character of a byte; `None` for control bytes and where there is none.
    #[must_use]
    pub fn char(&self, byte: u8) -> Option<char> {
        match byte {
            0x00..=0x1F | 0x7F => None,
            0x20..=0x7E => Some(char::from(byte)),
            0x80..=0xFF => self.0.get(usize::from(byte - 0x80)).copied().flatten(),
        }
    }

    /// Returns the byte of a character, if it has one.
    #[must_use]
    pub fn byte(&self, char: char) -> Option<u8> {
        match char {
            ' '..='~' => u8::try_from(char).ok(),
            _ => {
                (0x80..=0xFF).zip(self.0.iter()).find(|(_, of)| **of == Some(char)).map(|(b, _)| b)
            }
        }
    }

    /// Lists the characters above ASCII, each with its byte.
    pub fn characters(&self) -> impl Iterator<Item = (char, u8)> {
        self.0.iter().zip(0x80..=0xFF).filter_map(|(char, byte)| char.map(|char| (char, byte)))
    }
}

impl fmt::Debug for Encoding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let all: String = self.0.iter().map(|char| char.unwrap_or(NONE)).collect();
        f.debug_tuple("Encoding").field(&all).finish()
    }
}

fn printable(char: char) -> Option<char> {
    (char != NONE && char != ' ' && !char.is_control()).then_some(char)
}

/// Is where an encoding's characters come from.
#[derive(Clone, Copy)]
pub(super) enum Source {
    Oem(&'static [char; 128]),
    OemIncomplete(&'static [Option<char>; 128]),
    Own(&'static str),
    /// As the second, save for the byte D5, where printers have the euro sign; the table is older.
    Turkish(&'static [Option<char>; 128]),
    Web(&'static Web),
}

impl Source {
    fn named(name: &str) -> Option<Self> {
        Self::of_ibm(name).or_else(|| Self::of_web(name)).or_else(|| Self::of_ours(name))
    }

    fn of_ibm(name: &str) -> Option<Self> {
        let number = name.trim_start_matches(['c', 'p', 'o', 'e', 'm', 'i', 'b']);
        Some(match number {
            "437" => Self::Oem(&oem::DECODING_TABLE_CP437),
            "720" => Self::Oem(&oem::DECODING_TABLE_CP720),
            "737" => Self::Oem(&oem::DECODING_TABLE_CP737),
            "775" => Self::Oem(&oem::DECODING_TABLE_CP775),
            "850" => Self::Oem(&oem::DECODING_TABLE_CP850),
            "852" => Self::Oem(&oem::DECODING_TABLE_CP852),
            "855" => Self::Oem(&oem::DECODING_TABLE_CP855),
            "857" => Self::Turkish(&oem::DECODING_TABLE_CP857),
            "858" => Self::Oem(&oem::DECODING_TABLE_CP858),
            "860" => Self::Oem(&oem::DECODING_TABLE_CP860),
            "861" => Self::Oem(&oem::DECODING_TABLE_CP861),
            "862" => Self::Oem(&oem::DECODING_TABLE_CP862),
            "863" => Self::Oem(&oem::DECODING_TABLE_CP863),
            "864" => Self::OemIncomplete(&oem::DECODING_TABLE_CP864),
            "865" => Self::Oem(&oem::DECODING_TABLE_CP865),
            "866" => Self::Oem(&oem::DECODING_TABLE_CP866),
            "869" => Self::Oem(&oem::DECODING_TABLE_CP869),
            "874" => Self::OemIncomplete(&oem::DECODING_TABLE_CP874),
            _ => return None,
        })
    }

    fn of_web(name: &str) -> Option<Self> {
        let number = name.trim_start_matches(['w', 'p', 'c', 'i', 'n', 'd', 'o', 's']);
        Some(Self::Web(match number {
            "88592" => encoding_rs::ISO_8859_2,
            "88595" => encoding_rs::ISO_8859_5,
            "88597" => encoding_rs::ISO_8859_7,
            "885915" => encoding_rs::ISO_8859_15,
            "1250" => encoding_rs::WINDOWS_1250,
            "1251" => encoding_rs::WINDOWS_1251,
            "1252" | "88591" => encoding_rs::WINDOWS_1252,
            "1253" => encoding_rs::WINDOWS_1253,
            "1254" => encoding_rs::WINDOWS_1254,
            "1255" => encoding_rs::WINDOWS_1255,
            "1256" => encoding_rs::WINDOWS_1256,
            "1257" => encoding_rs::WINDOWS_1257,
            "1258" => encoding_rs::WINDOWS_1258,
            _ => return None,
        }))
    }

    fn of_ours(name: &str) -> Option<Self> {
        Some(Self::Own(match name {
            "katakana" => tables::KATAKANA,
            "cp851" => tables::CP851,
            "cp853" => tables::CP853,
            "ku42" | "thai42" => tables::THAI_42,
            "tis11" | "thai11" => tables::THAI_11,
            "tis13" | "thai13" => tables::THAI_13,
            "tis14" | "thai14" => tables::THAI_14,
            "tis16" | "thai16" => tables::THAI_16,
            "tis18" | "thai18" => tables::THAI_18,
            "tcvn3" | "tcvn31" => tables::TCVN3,
            "tcvn32" | "tcvn3capitals" => tables::TCVN3_CAPITALS,
            "cp1098" => tables::CP1098,
            "cp774" | "cp1118" => tables::CP774,
            "cp772" | "cp1119" => tables::CP772,
            "cp1125" => tables::CP1125,
            "kz1048" | "rk1048" => tables::KZ1048,
            _ => return None,
        }))
    }

    fn encoding(self) -> Encoding {
        let mut all = [None; 128];
        for (place, byte) in all.iter_mut().zip(0x80..=0xFF) {
            *place = self.char(byte).and_then(printable);
        }
        Encoding(Arc::new(all))
    }

    fn char(self, byte: u8) -> Option<char> {
        let index = usize::from(byte - 0x80);
        match self {
            Self::Oem(table) => table.get(index).copied(),
            Self::Turkish(_) if byte == 0xD5 => Some('€'),
            Self::OemIncomplete(table) | Self::Turkish(table) => {
                table.get(index).copied().flatten()
            }
            Self::Own(table) => table.chars().nth(index),
            Self::Web(encoding) => {
                let bytes = [byte];
                let text = encoding.decode_without_bom_handling_and_without_replacement(&bytes)?;
                text.chars().next()
            }
        }
    }
}
