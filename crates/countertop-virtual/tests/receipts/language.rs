//! Text in the character sets of printers.

use countertop_wire::escpos::{Encoding, WideSet, code_page};

/// Returns a line in a code page of ESC t, selected before it; every character has to be in it.
pub(crate) fn in_page(number: u8, text: &str) -> Vec<u8> {
    let page: &Encoding = code_page(number).unwrap();
    let byte = |char: char| (0x20..=0xFF).find(|byte| page.char(*byte) == Some(char));
    let bytes = text.chars().map(|char| byte(char).unwrap_or_else(|| panic!("{char} in {number}")));
    [vec![0x1B, b't', number], bytes.collect(), vec![b'\n']].concat()
}

/// Returns a line in Kanji mode; ASCII stays as it is.
pub(crate) fn wide(set: WideSet, text: &str) -> Vec<u8> {
    let mut out = b"\x1c&".to_vec();
    for char in text.chars() {
        match u8::try_from(char) {
            Ok(byte) if char.is_ascii() => out.push(byte),
            _ => out.extend(set.bytes(char).unwrap_or_else(|| panic!("{char} in {set:?}"))),
        }
    }
    [out, b"\x1c.\n".to_vec()].concat()
}
