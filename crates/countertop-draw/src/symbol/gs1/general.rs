//! The general purpose compaction of GS1 (ISO/IEC 24724, 7.2.5.5; ISO/IEC 24723, 5.4).

use super::FNC1;
use crate::symbol::SymbolError;
use crate::symbol::bits::Bits;

/// Is how the next characters are encoded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::symbol) enum Mode {
    Numeric,
    Alphanumeric,
    Iso646,
}

/// Fills bits up to `length`, from the mode at their end.
pub(in crate::symbol) fn pad(bits: &mut Bits, length: usize, mode: Mode) {
    if mode == Mode::Numeric {
        bits.push(0, 4);
    }
    while bits.len() < length {
        bits.push(0b00100, 5);
    }
    bits.truncate(length);
}

/// Appends data, in which [`FNC1`] ends element strings of variable length, and returns the mode at
/// the end. `room` tells how many bits are left in the smallest symbol that holds so many.
///
/// # Errors
///
/// When a character is not in the GS1 set.
pub(in crate::symbol) fn push(
    bits: &mut Bits,
    data: &[u8],
    room: impl Fn(usize) -> usize,
) -> Result<Mode, SymbolError> {
    let mut mode = Mode::Numeric;
    let mut rest = data;
    while let Some(byte) = rest.first() {
        mode = switch(bits, mode, rest);
        if mode == Mode::Numeric {
            let used = numeric(bits, rest, &room);
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

/// Changes the mode where what follows wants it (the rules of 7.2.5.5.1 to 7.2.5.5.3).
fn switch(bits: &mut Bits, mode: Mode, rest: &[u8]) -> Mode {
    let next = next_mode(mode, rest);
    match (mode, next) {
        (Mode::Numeric, Mode::Alphanumeric | Mode::Iso646) => {
            bits.push(0b0000, 4);
            return switch(bits, Mode::Alphanumeric, rest);
        }
        (Mode::Alphanumeric | Mode::Iso646, Mode::Numeric) => bits.push(0b000, 3),
        (Mode::Alphanumeric, Mode::Iso646) | (Mode::Iso646, Mode::Alphanumeric) => {
            bits.push(0b00100, 5);
        }
        _ => {}
    }
    next
}

fn next_mode(mode: Mode, rest: &[u8]) -> Mode {
    let numbers = numeric_run(rest);
    let first = rest.first().copied().unwrap_or(FNC1);
    match mode {
        Mode::Numeric if in_numbers(rest) => Mode::Numeric,
        Mode::Numeric => Mode::Alphanumeric,
        // FNC1 is in all sets, and brings numeric mode by itself.
        mode if first == FNC1 => mode,
        Mode::Alphanumeric if alphanumeric(first).is_none() => Mode::Iso646,
        Mode::Alphanumeric if numbers >= 6 || numbers >= 4 && numbers == rest.len() => {
            Mode::Numeric
        }
        Mode::Alphanumeric => Mode::Alphanumeric,
        Mode::Iso646 => {
            let plain = rest.iter().take(10).all(|byte| alphanumeric(*byte).is_some());
            let letters = rest.iter().take_while(|byte| alphanumeric(**byte).is_some()).count();
            match plain {
                true if numbers >= 4 => Mode::Numeric,
                true if letters >= 5 => Mode::Alphanumeric,
                _ => Mode::Iso646,
            }
        }
    }
}

/// Returns how many of the next characters numeric mode has, in pairs and with the last one alone.
fn numeric_run(rest: &[u8]) -> usize {
    let pairs = rest.chunks(2).take_while(|pair| in_numbers(pair));
    pairs.map(<[u8]>::len).sum()
}

/// Tells whether the next character, or the last one alone, is of numeric mode.
fn in_numbers(rest: &[u8]) -> bool {
    match (rest.first(), rest.get(1)) {
        (Some(first), Some(second)) => {
            is_digit(*first) && is_digit(*second) && (*first, *second) != (FNC1, FNC1)
        }
        (Some(first), None) => first.is_ascii_digit(),
        _ => true,
    }
}

/// Encodes two digits, of which one may be FNC1, or the last one alone.
fn numeric(bits: &mut Bits, rest: &[u8], room: impl Fn(usize) -> usize) -> usize {
    let value = |byte: &u8| if *byte == FNC1 { 10 } else { u32::from(byte.wrapping_sub(b'0')) };
    match rest {
        [first, second, ..] => {
            bits.push(value(first) * 11 + value(second) + 8, 7);
            2
        }
        [last] => {
            if (4..=6).contains(&room(bits.len())) {
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

#[cfg(test)]
mod tests {
    use super::*;

    fn bits(data: &[u8]) -> (Bits, Mode) {
        let mut bits = Bits::default();
        let mode = push(&mut bits, data, |_| 0).unwrap();
        (bits, mode)
    }

    fn expected(parts: &[(u32, u32)]) -> Bits {
        let mut bits = Bits::default();
        parts.iter().for_each(|(value, count)| bits.push(*value, *count));
        bits
    }

    #[test]
    fn digits_go_in_pairs() {
        assert_eq!(bits(b"12"), (expected(&[(11 + 2 + 8, 7)]), Mode::Numeric));
        assert_eq!(bits(b"1\x1D"), (expected(&[(11 + 10 + 8, 7)]), Mode::Numeric));
        assert_eq!(bits(b"5"), (expected(&[(5 * 11 + 18, 7)]), Mode::Numeric));
        let mut short = Bits::default();
        push(&mut short, b"5", |_| 6).unwrap();
        assert_eq!(short, expected(&[(6, 4)]));
    }

    #[test]
    fn modes_change_where_it_is_worth_it() {
        let (four, mode) = bits(b"A1234");
        assert_eq!(
            four,
            expected(&[(0, 4), (32, 6), (0, 3), (11 + 2 + 8, 7), (3 * 11 + 4 + 8, 7)])
        );
        assert_eq!(mode, Mode::Numeric);
        assert_eq!(bits(b"A123").1, Mode::Alphanumeric);
        assert_eq!(bits(b"A12345B").1, Mode::Alphanumeric);
        assert_eq!(bits(b"Aa").0, expected(&[(0, 4), (32, 6), (4, 5), (90, 7)]));
        assert_eq!(bits(b"aABCDE").1, Mode::Alphanumeric);
        assert_eq!(bits(b"aABCDEa").1, Mode::Iso646);
        assert_eq!(bits(b"A\x1D").1, Mode::Numeric);
    }

    #[test]
    fn what_gs1_has_not_is_refused() {
        for byte in [b'{', b'~', b'#', 0x00, 0x80] {
            assert!(push(&mut Bits::default(), &[byte], |_| 0).is_err(), "{byte:02X}");
        }
    }
}
