//! MaxiCode (ISO/IEC 16023).

mod characters;
mod draw;
mod grid;
mod postal;

use countertop_wire::escpos::MaxiCodeMode;

use super::SymbolError;
use super::reed_solomon::Field;
use crate::Bitmap;

/// Code words of the primary message, half of them error correction.
const PRIMARY: usize = 10;
/// Code words of the secondary message, error correction included.
const SECONDARY: usize = 124;
/// Error correction of the secondary message: standard, and full in mode 5.
const STANDARD: usize = 40;
const FULL: usize = 56;

/// Draws a MaxiCode at its one size of 28 × 27 mm, on a head of 8 dots a millimetre.
///
/// Data of modes 2 and 3 is postcode, country, service class and the rest with GS (1D) between;
/// `[)>` RS `01` GS and the year may stand before. `character_set` is the data's as an ECI assignment
/// number; `None` says nothing of it, which is Latin-1.
///
/// # Errors
///
/// When the data is too long, or has not the three fields that modes 2 and 3 want.
pub fn maxicode(
    data: &[u8],
    mode: MaxiCodeMode,
    character_set: Option<u32>,
) -> Result<Bitmap, SymbolError> {
    let words = code_words(data, mode, character_set)?;
    Ok(draw::draw(&words))
}

fn code_words(
    data: &[u8],
    mode: MaxiCodeMode,
    character_set: Option<u32>,
) -> Result<Vec<u32>, SymbolError> {
    let encoded = |data: &[u8]| [characters::eci(character_set), characters::encode(data)].concat();
    let (number, correction) = match mode {
        MaxiCodeMode::NumericPostcode => (2, STANDARD),
        MaxiCodeMode::AlphanumericPostcode => (3, STANDARD),
        MaxiCodeMode::FullErrorCorrection => (5, FULL),
        MaxiCodeMode::ReaderProgramming => (6, STANDARD),
        _ => (4, STANDARD),
    };
    let room = SECONDARY - correction;
    let (primary, secondary) = if number <= 3 {
        let (primary, rest) = postal::primary(data, number)?;
        (primary, padded(encoded(&rest), room, data.len())?)
    } else {
        let all = padded(encoded(data), room + PRIMARY - 1, data.len())?;
        let (head, rest) = all.split_at(PRIMARY - 1);
        ([&[number], head].concat(), rest.to_vec())
    };
    let field = Field::new(6, 0x43);
    let check = field.check_words(&primary, PRIMARY);
    let mut words = [primary, check, secondary].concat();
    words.extend(interleaved(&field, &words[2 * PRIMARY..], correction));
    Ok(words)
}

fn padded(mut words: Vec<u32>, room: usize, length: usize) -> Result<Vec<u32>, SymbolError> {
    if words.len() > room {
        return Err(SymbolError::TooLong(length));
    }
    words.resize(room, characters::PAD);
    Ok(words)
}

/// Returns the check words of the secondary message: its even and its odd words have their own.
fn interleaved(field: &Field, words: &[u32], correction: usize) -> Vec<u32> {
    let half = |first: usize| {
        let words: Vec<u32> = words.iter().skip(first).step_by(2).copied().collect();
        field.check_words(&words, correction / 2)
    };
    half(0).into_iter().zip(half(1)).flat_map(|(even, odd)| [even, odd]).collect()
}
