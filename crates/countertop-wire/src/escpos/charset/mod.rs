//! Character sets: code pages of ESC t, national sets of ESC R, and the two-byte codes of Kanji mode.
//!
//! Source: Epson, ESC/POS Command Reference, ESC t, ESC R, FS &.

mod encoding;
mod international;
mod pages;
mod sets;
mod tables;
mod wide;

#[cfg(test)]
mod tests;

pub use encoding::{Encoding, EncodingError};
pub use international::international_char;
pub use pages::{CODE_PAGES, code_page, code_page_byte, code_page_char};
pub use sets::CharacterSets;
pub(super) use sets::{Entry, Glyph, printable};
pub use wide::{WideSet, kanji_bytes, kanji_char};
