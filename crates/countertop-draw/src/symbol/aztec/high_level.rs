//! From bytes to bits, by the shortest way through Aztec's modes (clause 7.2).

use crate::symbol::bits::Bits;

/// Returns the code that says which character set follows: from upper case a shift to punctuation and
/// FLG(n), then n digits (clause 7.2.4).
pub(super) fn eci(number: Option<u32>) -> Bits {
    let mut bits = Bits::default();
    let Some(number) = number else { return bits };
    let digits = number.min(999_999).to_string();
    bits.push(0, 5);
    bits.push(0, 5);
    bits.push(u32::try_from(digits.len()).unwrap_or(0), 3);
    digits.bytes().for_each(|digit| bits.push(u32::from(digit - b'0') + 2, 4));
    bits
}

/// Is a mode of characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Mode {
    Upper,
    Lower,
    Mixed,
    Digit,
    Punctuation,
}

use Mode::{Digit, Lower, Mixed, Punctuation, Upper};

const MODES: [Mode; 5] = [Upper, Lower, Mixed, Digit, Punctuation];

/// The code by which bytes follow, in the three modes that have it.
const BINARY: u32 = 31;

impl Mode {
    fn index(self) -> usize {
        MODES.iter().position(|mode| *mode == self).unwrap_or(0)
    }

    fn bits(self) -> u32 {
        if self == Digit { 4 } else { 5 }
    }

    /// Returns the code of a byte.
    fn code(self, byte: u8) -> Option<u32> {
        const MIXED: &[u8] =
            b"\0 \x01\x02\x03\x04\x05\x06\x07\x08\t\n\x0B\x0C\r\x1B\x1C\x1D\x1E\x1F@\\^_`|~\x7F";
        const PUNCTUATION: &[u8] = b"!\"#$%&'()*+,-./:;<=>?[]{}";
        let place = |set: &[u8], first: u32| {
            let at = set.iter().position(|other| *other == byte)?;
            Some(u32::try_from(at).ok()? + first)
        };
        match (self, byte) {
            (Upper | Lower | Digit, b' ') => Some(1),
            (Upper, b'A'..=b'Z') => Some(u32::from(byte - b'A') + 2),
            (Lower, b'a'..=b'z') => Some(u32::from(byte - b'a') + 2),
            (Digit, b'0'..=b'9') => Some(u32::from(byte - b'0') + 2),
            (Digit, b',') => Some(12),
            (Digit, b'.') => Some(13),
            (Mixed, 0) => None,
            (Mixed, _) => place(MIXED, 0),
            (Punctuation, b'\r') => Some(1),
            (Punctuation, _) => place(PUNCTUATION, 6),
            _ => None,
        }
    }

    /// Returns the codes, each with its mode, that lead to another mode for good.
    fn latch(self, to: Self) -> &'static [(u32, u32)] {
        match (self, to) {
            (Upper, Lower) | (Mixed, Lower) => &[(28, 5)],
            (Upper, Mixed) | (Lower, Mixed) | (Mixed, Upper) => &[(29, 5)],
            (Upper, Digit) | (Lower, Digit) | (Mixed, Punctuation) => &[(30, 5)],
            (Upper, Punctuation) | (Lower, Punctuation) | (Mixed, Digit) => &[(29, 5), (30, 5)],
            (Lower, Upper) => &[(30, 5), (14, 4)],
            (Digit, Upper) => &[(14, 4)],
            (Digit, Lower) => &[(14, 4), (28, 5)],
            (Digit, Mixed) => &[(14, 4), (29, 5)],
            (Digit, Punctuation) => &[(14, 4), (29, 5), (30, 5)],
            (Punctuation, Upper) => &[(31, 5)],
            (Punctuation, Lower) => &[(31, 5), (28, 5)],
            (Punctuation, Mixed) => &[(31, 5), (29, 5)],
            (Punctuation, Digit) => &[(31, 5), (30, 5)],
            _ => &[],
        }
    }

    /// Returns the code that leads to another mode for one character.
    fn shift(self, to: Self) -> Option<u32> {
        match (self, to) {
            (Upper | Lower | Mixed | Digit, Punctuation) => Some(0),
            (Lower, Upper) => Some(28),
            (Digit, Upper) => Some(15),
            _ => None,
        }
    }

    fn has_binary(self) -> bool {
        matches!(self, Upper | Lower | Mixed)
    }
}

/// Is how a place in the data was reached.
#[derive(Debug, Clone, Copy)]
enum Step {
    /// By a latch at the same place.
    Latch(Mode),
    /// By a character of the mode.
    Character,
    /// By a character of another mode.
    Shift(Mode),
    /// By so many bytes as they are.
    Bytes(usize),
}

#[derive(Debug, Clone, Copy)]
struct Best {
    cost: usize,
    step: Step,
}

/// Bytes of a run that has a short length, and of one that has a long one.
const SHORT: usize = 31;
const LONG: usize = 31 + 2047;

fn binary_bits(count: usize) -> usize {
    if count <= SHORT { 5 + 5 + 8 * count } else { 5 + 16 + 8 * count }
}

/// Encodes bytes in the fewest bits.
pub(super) fn encode(data: &[u8]) -> Bits {
    let table = search(data);
    let last = table.last().map_or(Upper, |row| {
        MODES.into_iter().min_by_key(|mode| cost(row, *mode)).unwrap_or(Upper)
    });
    let mut pieces = Vec::new();
    let (mut at, mut mode) = (data.len(), last);
    while let Some(best) = table.get(at).and_then(|row| row[mode.index()]) {
        if at == 0 && matches!(best.step, Step::Character) {
            break;
        }
        pieces.push((at, mode, best.step));
        match best.step {
            Step::Latch(from) => mode = from,
            Step::Character | Step::Shift(_) => at -= 1,
            Step::Bytes(count) => at -= count,
        }
    }
    let mut bits = Bits::default();
    for (end, mode, step) in pieces.into_iter().rev() {
        emit(data, end, mode, step, &mut bits);
    }
    bits
}

type Row = [Option<Best>; 5];

fn cost(row: &Row, mode: Mode) -> usize {
    row[mode.index()].map_or(usize::MAX, |best| best.cost)
}

fn improve(row: &mut Row, mode: Mode, cost: usize, step: Step) {
    let slot = &mut row[mode.index()];
    if slot.is_none_or(|best| cost < best.cost) {
        *slot = Some(Best { cost, step });
    }
}

/// Finds the cheapest way to each place in each mode.
fn search(data: &[u8]) -> Vec<Row> {
    let mut table: Vec<Row> = vec![[None; 5]; data.len() + 1];
    table[0][Upper.index()] = Some(Best { cost: 0, step: Step::Character });
    for at in 0..=data.len() {
        relax_latches(&mut table[at]);
        let row = table[at];
        let Some(byte) = data.get(at) else { break };
        for mode in MODES {
            let Some(best) = row[mode.index()] else { continue };
            let bits = |bits: u32| best.cost + usize::try_from(bits).unwrap_or(0);
            if mode.code(*byte).is_some() {
                improve(&mut table[at + 1], mode, bits(mode.bits()), Step::Character);
            }
            for other in MODES {
                if mode.shift(other).is_some() && other.code(*byte).is_some() {
                    let cost = bits(mode.bits() + other.bits());
                    improve(&mut table[at + 1], mode, cost, Step::Shift(other));
                }
            }
            if mode.has_binary() {
                let most = (data.len() - at).min(LONG);
                // Long runs pay off at their full length alone.
                for count in (1..=most.min(SHORT + 1)).chain([most]) {
                    let cost = best.cost + binary_bits(count);
                    improve(&mut table[at + count], mode, cost, Step::Bytes(count));
                }
            }
        }
        extend_runs(&mut table, at);
    }
    table
}

/// Lets a long run of bytes grow by one.
fn extend_runs(table: &mut [Row], at: usize) {
    for mode in MODES {
        if let Some(Best { cost, step: Step::Bytes(count @ 32..LONG) }) = table[at][mode.index()]
            && let Some(next) = table.get_mut(at + 1)
        {
            improve(next, mode, cost + 8, Step::Bytes(count + 1));
        }
    }
}

fn relax_latches(row: &mut Row) {
    let before = *row;
    for from in MODES {
        let Some(best) = before[from.index()] else { continue };
        for to in MODES.into_iter().filter(|to| *to != from) {
            let bits: u32 = from.latch(to).iter().map(|(_, bits)| bits).sum();
            let cost = best.cost + usize::try_from(bits).unwrap_or(0);
            improve(row, to, cost, Step::Latch(from));
        }
    }
}

fn emit(data: &[u8], end: usize, mode: Mode, step: Step, bits: &mut Bits) {
    match step {
        Step::Latch(from) => {
            from.latch(mode).iter().for_each(|(code, count)| bits.push(*code, *count));
        }
        Step::Character => bits.push(mode.code(data[end - 1]).unwrap_or(0), mode.bits()),
        Step::Shift(other) => {
            bits.push(mode.shift(other).unwrap_or(0), mode.bits());
            bits.push(other.code(data[end - 1]).unwrap_or(0), other.bits());
        }
        Step::Bytes(count) => {
            bits.push(BINARY, 5);
            let length = u32::try_from(count).unwrap_or(0);
            if count <= SHORT {
                bits.push(length, 5);
            } else {
                bits.push(0, 5);
                bits.push(length - 31, 11);
            }
            data[end - count..end].iter().for_each(|byte| bits.push(u32::from(*byte), 8));
        }
    }
}
