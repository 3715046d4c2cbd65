//! The commands of class `FF` with which a contactless reader reaches storage cards (PC/SC part 3,
//! clause 3.2.2.1).
//!
//! They look like APDUs, but it is the reader that answers them. Both directions are here: a driver
//! makes commands, a virtual reader reads them.

mod command;
#[cfg(test)]
mod tests;

pub use command::{CardInformation, KeyType, StorageCommand};

use crate::apdu::StatusWord;

/// The class of these commands.
pub const CLASS: u8 = 0xff;
/// Says: the card has ended before as many bytes as were asked for.
pub const END_OF_DATA: StatusWord = StatusWord(0x6282);
/// Says: the key number is not valid.
pub const BAD_KEY_NUMBER: StatusWord = StatusWord(0x6988);
/// Says: the key has a wrong length.
pub const BAD_KEY_LENGTH: StatusWord = StatusWord(0x6989);
