//! The chip's EEPROM, of which drivers read the pins' functions.

use countertop_wire::usb::ftdi::FT232R_RELEASE;

use super::super::UsbIdentity;

/// Words of the EEPROM inside an FT232R.
const WORDS: usize = 64;

/// Functions of the pins CBUS0 to CBUS3 and CBUS4, as delivered: lamps for transmit and receive,
/// power enable, sleep (DS_FT232R, clause 10).
const CBUS: [(usize, u16); 2] = [(0x0a, 0x1023), (0x0b, 0x0005)];

#[derive(Debug)]
pub(super) struct Eeprom([u16; WORDS]);

impl Eeprom {
    pub(super) fn new(identity: &UsbIdentity) -> Self {
        let mut words = [0; WORDS];
        let known = [
            (0x00, 0x4000),
            (0x01, identity.vendor),
            (0x02, identity.product),
            (0x03, FT232R_RELEASE),
            (0x04, 0x2da0),
            (0x05, 0x0008),
        ];
        for (address, word) in known.into_iter().chain(CBUS) {
            words[address] = word;
        }
        let [before @ .., last] = &mut words;
        *last = checksum(before);
        Self(words)
    }

    /// Returns the bytes of a word.
    pub(super) fn word(&self, address: u16) -> [u8; 2] {
        self.0.get(usize::from(address)).copied().unwrap_or(0).to_le_bytes()
    }
}

/// Returns the checksum over the words before the last.
fn checksum(words: &[u16]) -> u16 {
    words.iter().fold(0xaaaa, |sum: u16, word| (sum ^ word).rotate_left(1))
}
