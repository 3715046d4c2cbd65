//! From element strings to the bits of GS1 DataBar Expanded (clause 7.2).

use crate::symbol::SymbolError;
use crate::symbol::bits::Bits;
use crate::symbol::gs1::general;

/// Bits of a character.
const CHARACTER: usize = 12;
/// Data characters that a symbol has at least and at the most.
const LEAST: usize = 3;
const MOST: usize = 21;

/// Encodes element strings without parentheses, with FNC1 between them; `linked` says that a
/// two-dimensional component stands above. `fits` says which counts of data characters the symbol can
/// do with.
///
/// # Errors
///
/// When a character is not in the GS1 set, or there are too many.
pub(super) fn encode(
    data: &[u8],
    linked: bool,
    fits: impl Fn(usize) -> bool,
) -> Result<Bits, SymbolError> {
    let mut bits = Bits::default();
    bits.push(u32::from(linked), 1);
    let (method, rest) = match data {
        [b'0', b'1', gtin @ ..]
            if gtin.len() >= 14 && gtin[..14].iter().all(u8::is_ascii_digit) =>
        {
            bits.push(0b1, 1);
            (2, gtin)
        }
        _ => {
            bits.push(0b00, 2);
            (3, data)
        }
    };
    // Two bits that say how long the symbol is; filled in below.
    bits.push(0, 2);
    let rest = if method == 2 { push_gtin(&mut bits, rest) } else { rest };
    let characters = |length: usize| {
        let used = length.div_ceil(CHARACTER).max(LEAST);
        (used..=MOST).find(|count| fits(*count))
    };
    let room = |length: usize| characters(length).map_or(0, |count| count * CHARACTER - length);
    let mode = general::push(&mut bits, rest, room)?;
    let characters = characters(bits.len()).ok_or(SymbolError::TooLong(data.len()))?;
    general::pad(&mut bits, characters * CHARACTER, mode);
    bits.set(method, (characters + 1) % 2 == 1);
    bits.set(method + 1, characters + 1 > 14);
    Ok(bits)
}

/// AI 01: the first digit, then four times three digits; the check digit is left out.
fn push_gtin<'a>(bits: &mut Bits, gtin: &'a [u8]) -> &'a [u8] {
    let number = |digits: &[u8]| {
        digits.iter().fold(0, |number, digit| number * 10 + u32::from(digit.wrapping_sub(b'0')))
    };
    let (digits, rest) = gtin.split_at(gtin.len().min(14));
    bits.push(number(&digits[..1]), 4);
    digits[1..13].chunks(3).for_each(|three| bits.push(number(three), 10));
    rest
}
