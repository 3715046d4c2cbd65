//! The PIN for the card itself, enciphered (EMV Book 2, clause 7.2).

use zeroize::Zeroizing;

use super::PinBlockError;
use super::format0::Pin;

/// First byte of the data to be enciphered (EMV Book 2, table 26).
const HEADER: u8 = 0x7f;

/// Control nibble of PIN block format 2.
const FORMAT_2: u8 = 2;

/// Builds the data to be enciphered: header, PIN block of format 2, the card's unpredictable number
/// and random padding up to the length of the modulus.
///
/// The first `modulus_len` − 17 bytes of `random` are used.
///
/// # Errors
///
/// [`PinBlockError::Modulus`] for a modulus shorter than 17 bytes or too few random bytes.
pub fn encipherment_data(
    pin: &Pin,
    challenge: [u8; 8],
    modulus_len: usize,
    random: &[u8],
) -> Result<Zeroizing<Vec<u8>>, PinBlockError> {
    let padding = modulus_len.checked_sub(17).and_then(|len| random.get(..len));
    let padding = padding.ok_or(PinBlockError::Modulus)?;
    let mut data = Zeroizing::new(Vec::with_capacity(modulus_len));
    data.push(HEADER);
    data.extend_from_slice(&*pin.field(FORMAT_2));
    data.extend_from_slice(&challenge);
    data.extend_from_slice(padding);
    Ok(data)
}
