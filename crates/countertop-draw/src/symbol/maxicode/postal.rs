//! The primary message of modes 2 and 3: postcode, country and service class.

use super::characters;
use crate::symbol::SymbolError;
use crate::symbol::bits::Bits;

const GROUP_SEPARATOR: u8 = 0x1D;

const FIELDS: SymbolError = SymbolError::Data(
    "modes 2 and 3 of MaxiCode want postcode, country and service class with GS between",
);

/// Returns the ten words of the primary message, and the data of the secondary one.
pub(super) fn primary(data: &[u8], mode: u32) -> Result<(Vec<u32>, Vec<u8>), SymbolError> {
    let (head, body) = match data {
        [b'[', b')', b'>', 0x1E, b'0', b'1', GROUP_SEPARATOR, _, _, body @ ..] => {
            (data.get(..9).unwrap_or_default(), body)
        }
        body => (&[][..], body),
    };
    let mut fields = body.splitn(4, |byte| *byte == GROUP_SEPARATOR);
    let postcode = fields.next().ok_or(FIELDS)?;
    let country = number(fields.next().ok_or(FIELDS)?)?;
    let service = number(fields.next().ok_or(FIELDS)?)?;
    let rest = [head, fields.next().unwrap_or_default()].concat();
    let postcode = if mode == 2 { digits(postcode)? } else { letters(postcode)? };
    let mut bits = Bits::default();
    bits.push(service, 10);
    bits.push(country, 10);
    bits.extend(&postcode);
    bits.push(mode, 4);
    Ok((words(&bits), rest))
}

/// The bits are numbered from the last to the first word (figure 6 of the standard).
fn words(bits: &Bits) -> Vec<u32> {
    let mut words = bits.words(6);
    words.reverse();
    words
}

fn number(field: &[u8]) -> Result<u32, SymbolError> {
    let text = core::str::from_utf8(field).ok();
    text.and_then(|text| text.parse().ok()).filter(|number| *number <= 999).ok_or(FIELDS)
}

/// Mode 2: the count of digits and their number.
fn digits(postcode: &[u8]) -> Result<Bits, SymbolError> {
    let text = core::str::from_utf8(postcode).ok().filter(|text| text.len() <= 9);
    let number = text.and_then(|text| text.parse().ok()).ok_or(FIELDS)?;
    let mut bits = Bits::default();
    bits.push(u32::try_from(postcode.len()).unwrap_or(0), 6);
    bits.push(number, 30);
    Ok(bits)
}

/// Mode 3: six characters of set A.
fn letters(postcode: &[u8]) -> Result<Bits, SymbolError> {
    let mut field = postcode.to_ascii_uppercase();
    field.resize(6, b' ');
    let codes = characters::encode(&field);
    if codes.len() != 6 || postcode.len() > 6 {
        return Err(FIELDS);
    }
    let mut bits = Bits::default();
    codes.iter().for_each(|code| bits.push(*code, 6));
    Ok(bits)
}
