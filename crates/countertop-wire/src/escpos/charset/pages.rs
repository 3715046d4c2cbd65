//! The code pages of ESC t, by the numbers that Epson gives them.
//!
//! Printers of other makers number them otherwise; [`CharacterSets`](super::CharacterSets) takes
//! theirs.

use std::sync::LazyLock;

use super::Encoding;

/// Epson's numbers and the names of their encodings. Without one are 6 (Hiragana), 7 and 8 (Kanji of
/// one pass), 25 (Thai, code 17), 66 to 82 (scripts of India, whose glyphs are not characters), 254 and
/// 255 (the user's).
pub const CODE_PAGES: &[(u8, &str)] = &[
    (0, "CP437"),
    (1, "Katakana"),
    (2, "CP850"),
    (3, "CP860"),
    (4, "CP863"),
    (5, "CP865"),
    (11, "CP851"),
    (12, "CP853"),
    (13, "CP857"),
    (14, "CP737"),
    (15, "ISO_8859-7"),
    (16, "CP1252"),
    (17, "CP866"),
    (18, "CP852"),
    (19, "CP858"),
    (20, "KU42"),
    (21, "TIS11"),
    (22, "TIS13"),
    (23, "TIS14"),
    (24, "TIS16"),
    (26, "TIS18"),
    (30, "TCVN-3-1"),
    (31, "TCVN-3-2"),
    (32, "CP720"),
    (33, "CP775"),
    (34, "CP855"),
    (35, "CP861"),
    (36, "CP862"),
    (37, "CP864"),
    (38, "CP869"),
    (39, "ISO_8859-2"),
    (40, "ISO_8859-15"),
    (41, "CP1098"),
    (42, "CP1118"),
    (43, "CP1119"),
    (44, "CP1125"),
    (45, "CP1250"),
    (46, "CP1251"),
    (47, "CP1253"),
    (48, "CP1254"),
    (49, "CP1255"),
    (50, "CP1256"),
    (51, "CP1257"),
    (52, "CP1258"),
    (53, "KZ1048"),
];

static BY_NUMBER: LazyLock<Vec<Option<Encoding>>> = LazyLock::new(|| {
    let mut all = vec![None; 256];
    for (number, name) in CODE_PAGES {
        if let Some(place) = all.get_mut(usize::from(*number)) {
            *place = Encoding::named(name);
        }
    }
    all
});

/// Returns the encoding of one of Epson's code pages.
#[must_use]
pub fn code_page(number: u8) -> Option<&'static Encoding> {
    BY_NUMBER.get(usize::from(number))?.as_ref()
}

/// Returns the character of a byte in a code page of ESC t; `None` for control bytes, and where the
/// page is not known or has none.
#[must_use]
pub fn code_page_char(number: u8, byte: u8) -> Option<char> {
    match byte {
        0x20..=0x7E => Some(char::from(byte)),
        _ => code_page(number)?.char(byte),
    }
}

/// Returns the byte of a character in a code page of ESC t, if it has one.
#[must_use]
pub fn code_page_byte(number: u8, char: char) -> Option<u8> {
    match char {
        ' '..='~' => u8::try_from(char).ok(),
        _ => code_page(number)?.byte(char),
    }
}
