//! From element strings to the bits of GS1 DataBar Expanded (clause 7.2).

use crate::printer::symbol::SymbolError;
use crate::printer::symbol::bits::Bits;

/// Bits of a character.
const CHARACTER: usize = 12;
/// Data characters that a symbol has at least and at the most.
const LEAST: usize = 3;
const MOST: usize = 21;

/// Is FNC1 in the data, which ends an element string of variable length.
pub(super) const FNC1: u8 = 0x1D;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Mode {
    Numeric,
    Alphanumeric,
    Iso646,
}

/// Encodes element strings without parentheses, with [`FNC1`] between them. `fits` says which counts
/// of data characters the symbol can do with.
///
/// # Errors
///
/// When a character is not in the GS1 set, or there are too many.
pub(super) fn encode(data: &[u8], fits: impl Fn(usize) -> bool) -> Result<Bits, SymbolError> {
    let mut bits = Bits::default();
    bits.push(0, 1);
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
    let mode = general(&mut bits, rest)?;
    let used = bits.len().div_ceil(CHARACTER).max(LEAST);
    let characters = (used..=MOST).find(|count| fits(*count));
    let characters = characters.ok_or(SymbolError::TooLong(data.len()))?;
    pad(&mut bits, characters * CHARACTER, mode);
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

fn pad(bits: &mut Bits, length: usize, mode: Mode) {
    if mode == Mode::Numeric {
        bits.push(0, 4);
    }
    while bits.len() < length {
        bits.push(0b00100, 5);
    }
    bits.truncate(length);
}

/// Encodes by the general purpose compaction, and returns the mode at its end.
fn general(bits: &mut Bits, data: &[u8]) -> Result<Mode, SymbolError> {
    let mut mode = Mode::Numeric;
    let mut rest = data;
    while let Some(byte) = rest.first() {
        mode = switch(bits, mode, rest);
        if mode == Mode::Numeric {
            let used = numeric(bits, rest);
            rest = rest.get(used..).unwrap_or_default();
            continue;
        }
        let (code, count) = match mode {
            Mode::Iso646 => iso646(*byte),
            _ => alphanumeric(*byte),
        }
        .ok_or(SymbolError::Data("a character is not in the set of GS1"))?;
        bits.push(code, count);
        // FNC1 brings numeric mode back.
        if *byte == FNC1 {
            mode = Mode::Numeric;
        }
        rest = rest.get(1..).unwrap_or_default();
    }
    Ok(mode)
}

fn is_digit(byte: u8) -> bool {
    byte.is_ascii_digit() || byte == FNC1
}

/// Changes the mode where what follows wants it.
fn switch(bits: &mut Bits, mode: Mode, rest: &[u8]) -> Mode {
    let digits = rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
    let first = rest.first().copied().unwrap_or(FNC1);
    let in_numbers = match (rest.first(), rest.get(1)) {
        (Some(first), Some(second)) => {
            is_digit(*first) && is_digit(*second) && (*first, *second) != (FNC1, FNC1)
        }
        (Some(first), None) => first.is_ascii_digit(),
        _ => true,
    };
    match mode {
        Mode::Numeric if in_numbers => mode,
        Mode::Numeric => {
            bits.push(0b0000, 4);
            switch(bits, Mode::Alphanumeric, rest)
        }
        Mode::Alphanumeric | Mode::Iso646 if digits >= 6 => {
            bits.push(0b000, 3);
            Mode::Numeric
        }
        Mode::Alphanumeric if alphanumeric(first).is_none() => {
            bits.push(0b00100, 5);
            Mode::Iso646
        }
        other => other,
    }
}

/// Encodes two digits, of which one may be FNC1, or the last one alone.
fn numeric(bits: &mut Bits, rest: &[u8]) -> usize {
    let value = |byte: &u8| if *byte == FNC1 { 10 } else { u32::from(byte.wrapping_sub(b'0')) };
    match rest {
        [first, second, ..] => {
            bits.push(value(first) * 11 + value(second) + 8, 7);
            2
        }
        [last] => {
            let room = (CHARACTER - bits.len() % CHARACTER) % CHARACTER;
            if (4..=6).contains(&room) {
                bits.push(value(last) + 1, 4);
            } else {
                bits.push(value(last) * 11 + 10 + 8, 7);
            }
            1
        }
        [] => 0,
    }
}

fn alphanumeric(byte: u8) -> Option<(u32, u32)> {
    let wide = |at: u32| Some((at, 6));
    match byte {
        b'0'..=b'9' => Some((u32::from(byte - b'0') + 5, 5)),
        FNC1 => Some((0b01111, 5)),
        b'A'..=b'Z' => wide(u32::from(byte - b'A') + 32),
        b'*' => wide(58),
        b','..=b'/' => wide(u32::from(byte - b',') + 59),
        _ => None,
    }
}

fn iso646(byte: u8) -> Option<(u32, u32)> {
    const FROM_232: &[u8] = b"!\"%&'()*+,-./:;<=>?_ ";
    match byte {
        b'0'..=b'9' => Some((u32::from(byte - b'0') + 5, 5)),
        FNC1 => Some((0b01111, 5)),
        b'A'..=b'Z' => Some((u32::from(byte - b'A') + 64, 7)),
        b'a'..=b'z' => Some((u32::from(byte - b'a') + 90, 7)),
        _ => {
            let at = FROM_232.iter().position(|other| *other == byte)?;
            Some((u32::try_from(at).ok()? + 232, 8))
        }
    }
}
