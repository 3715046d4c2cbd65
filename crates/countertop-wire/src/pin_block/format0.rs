//! ISO 9564-1 format 0 (ANSI X9.8).

use core::fmt;

use zeroize::Zeroizing;

use super::PinBlockError;

/// Is a PIN of 4 to 12 digits. Has no `Display`, no digits in its `Debug`, and is wiped on drop.
#[derive(Clone, PartialEq, Eq)]
pub struct Pin(Zeroizing<Vec<u8>>);

impl Pin {
    /// Takes the digits as text.
    ///
    /// # Errors
    ///
    /// [`PinBlockError::Length`] and [`PinBlockError::Digits`].
    pub fn new(digits: &[u8]) -> Result<Self, PinBlockError> {
        if !(4..=12).contains(&digits.len()) {
            return Err(PinBlockError::Length);
        }
        if !digits.iter().all(u8::is_ascii_digit) {
            return Err(PinBlockError::Digits);
        }
        Ok(Self(Zeroizing::new(digits.to_vec())))
    }

    /// Returns the digits as text. Never print, log or store them.
    #[must_use]
    pub fn expose(&self) -> &[u8] {
        &self.0
    }

    /// Returns the sixteen nibbles control, length, PIN, fill `F` as eight bytes: the PIN field of
    /// format 0, and the whole block of format 2.
    pub(super) fn field(&self, control: u8) -> Zeroizing<[u8; 8]> {
        let mut nibbles = Zeroizing::new([0xf; 16]);
        let len = u8::try_from(self.0.len()).unwrap_or(0xf);
        let head = [control, len].into_iter().chain(self.0.iter().map(|digit| digit - b'0'));
        nibbles.iter_mut().zip(head).for_each(|(place, nibble)| *place = nibble);
        Zeroizing::new(pack(&nibbles))
    }
}

impl fmt::Debug for Pin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Pin(..)")
    }
}

/// Builds the clear block of format 0 from a PIN and a card number in digits.
///
/// The card number's twelve digits before the check digit are used, filled up with zeros on the
/// left.
///
/// # Errors
///
/// [`PinBlockError::Pan`] when the card number is not digits.
pub fn encode_format0(pin: &Pin, pan: &[u8]) -> Result<Zeroizing<[u8; 8]>, PinBlockError> {
    let pan = pan_field(pan)?;
    let field = pin.field(0);
    Ok(Zeroizing::new(core::array::from_fn(|place| field[place] ^ pan[place])))
}

/// Takes the PIN out of a clear block of format 0, as a host's security module does.
///
/// # Errors
///
/// When the block is none of this card number: most often the wrong key.
pub fn decode_format0(block: &[u8; 8], pan: &[u8]) -> Result<Pin, PinBlockError> {
    let pan = pan_field(pan)?;
    let mut nibbles = Zeroizing::new([0; 16]);
    let bytes = block.iter().zip(pan).map(|(block, pan)| block ^ pan);
    let split = bytes.flat_map(|byte| [byte >> 4, byte & 0xf]);
    nibbles.iter_mut().zip(split).for_each(|(place, nibble)| *place = nibble);
    let [0, len, rest @ ..] = &*nibbles else { return Err(PinBlockError::Format) };
    let (digits, fill) = rest.split_at_checked(usize::from(*len)).ok_or(PinBlockError::Length)?;
    if fill.iter().any(|nibble| *nibble != 0xf) {
        return Err(PinBlockError::Fill);
    }
    let digits = digits.iter().map(|nibble| b'0' + nibble).collect::<Vec<_>>();
    Pin::new(&Zeroizing::new(digits))
}

fn pan_field(pan: &[u8]) -> Result<[u8; 8], PinBlockError> {
    if !pan.iter().all(u8::is_ascii_digit) {
        return Err(PinBlockError::Pan);
    }
    let mut nibbles = [0; 16];
    let without_check_digit = pan.iter().rev().skip(1).take(12).map(|digit| digit - b'0');
    nibbles.iter_mut().rev().zip(without_check_digit).for_each(|(place, digit)| *place = digit);
    Ok(pack(&nibbles))
}

fn pack(nibbles: &[u8; 16]) -> [u8; 8] {
    let (pairs, _none) = nibbles.as_chunks::<2>();
    let mut bytes = [0; 8];
    bytes.iter_mut().zip(pairs).for_each(|(byte, [high, low])| *byte = high << 4 | low);
    bytes
}
