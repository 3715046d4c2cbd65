//! Aztec code (ISO/IEC 24778).

mod high_level;
mod layout;

use countertop_wire::escpos::AztecLayers;

use super::SymbolError;
use super::bits::Bits;
use super::reed_solomon::Field;
use crate::Bitmap;

/// Is a size of symbol.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Size {
    compact: bool,
    layers: usize,
}

impl Size {
    fn capacity(self) -> usize {
        ((if self.compact { 88 } else { 112 }) + 16 * self.layers) * self.layers
    }

    fn word(self) -> usize {
        match self.layers {
            0..=2 => 6,
            3..=8 => 8,
            9..=22 => 10,
            _ => 12,
        }
    }

    /// Returns the bits filled up to words, if they and their error correction fit.
    fn fill(self, bits: &Bits, percent: usize) -> Option<Bits> {
        let stuffed = stuff(bits, self.word());
        let usable = self.capacity() / self.word() * self.word();
        let correction = bits.len() * percent / 100 + 11;
        let words = stuffed.len() / self.word();
        let fits = stuffed.len() + correction <= usable && (!self.compact || words <= 64);
        fits.then_some(stuffed)
    }
}

/// Encodes bytes with `percent` of error correction in a symbol of these layers, of which nought is
/// the fewest. `character_set` is the data's as an ECI assignment number; `None` says nothing of it.
///
/// # Errors
///
/// When no symbol of the kind holds so much.
pub fn aztec(
    data: &[u8],
    layers: AztecLayers,
    percent: u8,
    character_set: Option<u32>,
) -> Result<Bitmap, SymbolError> {
    let mut bits = high_level::eci(character_set);
    bits.extend(&high_level::encode(data));
    let fill = |size: Size| Some((size, size.fill(&bits, usize::from(percent))?));
    let found = candidates(layers).into_iter().find_map(fill);
    let (size, stuffed) = found.ok_or(SymbolError::TooLong(data.len()))?;
    let message = with_check_words(&stuffed, size.capacity(), size.word());
    let mode = mode_message(size, stuffed.len() / size.word());
    Ok(layout::draw(size, &message, &mode))
}

fn candidates(layers: AztecLayers) -> Vec<Size> {
    let (compact, number, most) = match layers {
        AztecLayers::Compact(number) => (true, usize::from(number.get()), 4),
        AztecLayers::Full(number) => (false, usize::from(number.get()), 32),
    };
    let all = 1..=most;
    all.filter(|layers| number == 0 || *layers == number)
        .map(|layers| Size { compact, layers })
        .collect()
}

/// Keeps words from being all noughts or all ones (clause 7.3.1.2).
fn stuff(bits: &Bits, word: usize) -> Bits {
    let mut out = Bits::default();
    let mut at = 0;
    let bit = |at: usize| at >= bits.len() || bits.get(at);
    while at < bits.len() {
        let head = (0..word - 1).filter(|offset| bit(at + offset)).count();
        for offset in 0..word - 1 {
            out.push(u32::from(bit(at + offset)), 1);
        }
        at += word - 1;
        if head == 0 || head == word - 1 {
            out.push(u32::from(head == 0), 1);
        } else {
            out.push(u32::from(bit(at)), 1);
            at += 1;
        }
    }
    out
}

fn field(word: usize) -> Field {
    match word {
        4 => Field::new(4, 0x13),
        6 => Field::new(6, 0x43),
        8 => Field::new(8, 0x12D),
        10 => Field::new(10, 0x409),
        _ => Field::new(12, 0x1069),
    }
}

/// Appends check words until `total` bits are full; what is over comes first and is nought.
fn with_check_words(bits: &Bits, total: usize, word: usize) -> Bits {
    let data = bits.words(word);
    let check = field(word).check_words(&data, total / word - data.len());
    let mut out = Bits::default();
    for _ in 0..total % word {
        out.push(0, 1);
    }
    let size = u32::try_from(word).unwrap_or(0);
    data.iter().chain(&check).for_each(|value| out.push(*value, size));
    out
}

/// Returns the bits around the finder: layers and data words, with their own correction.
fn mode_message(size: Size, words: usize) -> Bits {
    let mut bits = Bits::default();
    let value = |number: usize| u32::try_from(number.saturating_sub(1)).unwrap_or(0);
    let (layers, count, total) = if size.compact { (2, 6, 28) } else { (5, 11, 40) };
    bits.push(value(size.layers), layers);
    bits.push(value(words), count);
    with_check_words(&bits, total, 4)
}
