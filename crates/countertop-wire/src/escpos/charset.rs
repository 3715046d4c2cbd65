//! Character sets: code pages of ESC t, and the two-byte code of Kanji mode.
//!
//! Source: Epson, ESC/POS Command Reference, ESC t; GB 18030, its two-byte part.

use encoding_rs::{Encoding, GB18030};
use oem_cp::code_table as oem;

/// The yen sign, which Kanji mode has in its full width alone.
const YEN: char = '\u{00A5}';
const FULL_WIDTH_YEN: char = '\u{FFE5}';

/// Number of the Turkish code page.
const PC857: u8 = 13;

enum Page {
    Oem(&'static [char; 128]),
    OemIncomplete(&'static [Option<char>; 128]),
    Web(&'static Encoding),
}

fn page(number: u8) -> Option<Page> {
    Some(match number {
        0 => Page::Oem(&oem::DECODING_TABLE_CP437),
        2 => Page::Oem(&oem::DECODING_TABLE_CP850),
        3 => Page::Oem(&oem::DECODING_TABLE_CP860),
        4 => Page::Oem(&oem::DECODING_TABLE_CP863),
        5 => Page::Oem(&oem::DECODING_TABLE_CP865),
        PC857 => Page::OemIncomplete(&oem::DECODING_TABLE_CP857),
        14 => Page::Oem(&oem::DECODING_TABLE_CP737),
        15 => Page::Web(encoding_rs::ISO_8859_7),
        16 => Page::Web(encoding_rs::WINDOWS_1252),
        17 => Page::Oem(&oem::DECODING_TABLE_CP866),
        18 => Page::Oem(&oem::DECODING_TABLE_CP852),
        19 => Page::Oem(&oem::DECODING_TABLE_CP858),
        32 => Page::Oem(&oem::DECODING_TABLE_CP720),
        33 => Page::Oem(&oem::DECODING_TABLE_CP775),
        34 => Page::Oem(&oem::DECODING_TABLE_CP855),
        35 => Page::Oem(&oem::DECODING_TABLE_CP861),
        36 => Page::Oem(&oem::DECODING_TABLE_CP862),
        37 => Page::OemIncomplete(&oem::DECODING_TABLE_CP864),
        39 => Page::Web(encoding_rs::ISO_8859_2),
        40 => Page::Web(encoding_rs::ISO_8859_15),
        45 => Page::Web(encoding_rs::WINDOWS_1250),
        46 => Page::Web(encoding_rs::WINDOWS_1251),
        47 => Page::Web(encoding_rs::WINDOWS_1253),
        48 => Page::Web(encoding_rs::WINDOWS_1254),
        49 => Page::Web(encoding_rs::WINDOWS_1255),
        50 => Page::Web(encoding_rs::WINDOWS_1256),
        51 => Page::Web(encoding_rs::WINDOWS_1257),
        52 => Page::Web(encoding_rs::WINDOWS_1258),
        _ => return None,
    })
}

/// Returns the character of a byte in a code page of ESC t; `None` for control bytes, and where the
/// page is not known or has none.
#[must_use]
pub fn code_page_char(number: u8, byte: u8) -> Option<char> {
    match byte {
        0x00..=0x1F | 0x7F => return None,
        0x20..=0x7E => return Some(char::from(byte)),
        0x80..=0xFF => {}
    }
    if (number, byte) == (PC857, 0xD5) {
        // Printers have the euro sign there; the table is older.
        return Some('€');
    }
    let index = usize::from(byte - 0x80);
    match page(number)? {
        Page::Oem(table) => table.get(index).copied(),
        Page::OemIncomplete(table) => table.get(index).copied().flatten(),
        Page::Web(encoding) => {
            let bytes = [byte];
            let text = encoding.decode_without_bom_handling_and_without_replacement(&bytes)?;
            text.chars().next().filter(|char| !char.is_control())
        }
    }
}

/// Returns the byte of a character in a code page of ESC t, if it has one.
#[must_use]
pub fn code_page_byte(number: u8, char: char) -> Option<u8> {
    if let ' '..='~' = char {
        return u8::try_from(char).ok();
    }
    if char.is_ascii() {
        return None;
    }
    (0x80..=0xFF).find(|byte| code_page_char(number, *byte) == Some(char))
}

/// Returns the two bytes of a character in Kanji mode of Chinese printers; `None` where it has no
/// two-byte form. The yen sign becomes its wide form, as its narrow one is not in the set.
#[must_use]
pub fn kanji_bytes(char: char) -> Option<[u8; 2]> {
    let char = if char == YEN { FULL_WIDTH_YEN } else { char };
    // Editions of GB 18030 differ in what they have for private use.
    if char.is_ascii() || ('\u{E000}'..='\u{F8FF}').contains(&char) {
        return None;
    }
    let mut utf8 = [0; 4];
    let (bytes, _, unmappable) = GB18030.encode(char.encode_utf8(&mut utf8));
    if unmappable { None } else { <[u8; 2]>::try_from(bytes.as_ref()).ok() }
}

/// Returns the character of two bytes of Kanji mode; `None` where they make none.
#[must_use]
pub fn kanji_char(bytes: [u8; 2]) -> Option<char> {
    let text = GB18030.decode_without_bom_handling_and_without_replacement(&bytes)?;
    let mut chars = text.chars();
    chars.next().filter(|char| !char.is_ascii() && chars.next().is_none())
}
