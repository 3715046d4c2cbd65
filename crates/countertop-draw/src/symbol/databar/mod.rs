//! GS1 DataBar (ISO/IEC 24724).

mod compaction;
pub(super) mod expanded;
pub(super) mod limited;
pub(super) mod omnidirectional;
pub(super) mod stacked;
#[cfg(test)]
mod tests;
mod widths;

pub(super) use expanded::databar_expanded;
pub use expanded::databar_expanded_stacked;
pub(super) use limited::databar_limited;
pub(super) use omnidirectional::databar_omnidirectional;
pub use stacked::{databar_stacked, databar_stacked_omnidirectional};

use super::SymbolError;

/// Is a group of a character's values: the first of them, modules and widest element of the odd and
/// of the even elements, and how many values the even ones have.
type Group = (usize, (usize, usize), (usize, usize), usize);

/// What is added to the number of a code in a composite symbol (clause 5.2.1).
const LINKED: u64 = 10_000_000_000_000;

/// Returns the number of a GTIN: 13 digits, or 14 of which the last is the check digit, with or
/// without `(01)` or `01` before.
fn gtin(data: &[u8]) -> Result<u64, SymbolError> {
    const WRONG: SymbolError = SymbolError::Data("GS1 DataBar wants the 13 digits of a GTIN");
    let data = data.strip_prefix(b"(01)").unwrap_or(data);
    let data = if data.len() == 16 { data.strip_prefix(b"01").unwrap_or(data) } else { data };
    if !matches!(data.len(), 13 | 14) || !data.iter().all(u8::is_ascii_digit) {
        return Err(WRONG);
    }
    let (digits, check) = data.split_at(13);
    if check.first().is_some_and(|check| *check != check_digit(digits)) {
        return Err(SymbolError::Data("the check digit is wrong"));
    }
    Ok(digits.iter().fold(0, |number, digit| number * 10 + u64::from(digit - b'0')))
}

/// Returns the check digit of 13 digits (GS1 General Specifications, clause 7.9).
fn check_digit(digits: &[u8]) -> u8 {
    let sum: u32 = digits
        .iter()
        .enumerate()
        .map(|(at, digit)| u32::from(digit - b'0') * if at % 2 == 0 { 3 } else { 1 })
        .sum();
    b'0' + u8::try_from((10 - sum % 10) % 10).unwrap_or(0)
}
