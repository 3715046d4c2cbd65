//! GS1 DataBar Limited.

use super::widths::{Shape, interleave};
use super::{Group, SymbolError, gtin};
use crate::symbol::Bars;

/// The largest number and the values of a character.
const MOST: u64 = 1_999_999_999_999;
const VALUES: u64 = 2_013_571;

/// Table 7 of the standard.
const GROUPS: [Group; 7] = [
    (0, (17, 6), (9, 3), 28),
    (183_064, (13, 5), (13, 4), 728),
    (820_064, (9, 3), (17, 6), 6454),
    (1_000_776, (15, 5), (11, 4), 203),
    (1_491_021, (11, 4), (15, 5), 2408),
    (1_979_845, (19, 8), (7, 1), 1),
    (1_996_939, (7, 1), (19, 8), 16_632),
];

fn character(value: usize) -> Vec<u8> {
    let group = GROUPS.iter().rev().find(|group| value >= group.0).unwrap_or(&GROUPS[0]);
    let (first, odd, even, total) = *group;
    let shape = |(modules, widest), narrow| Shape { modules, elements: 7, widest, narrow };
    let value = value - first;
    interleave(&shape(odd, false).widths(value / total), &shape(even, true).widths(value % total))
}

/// Which patterns of 8 modules in 6 elements the check character's spaces and bars have: for each
/// of the spaces, those of the bars that go with it (table 8).
const CHECKS: [(usize, &[usize]); 8] = [
    (0, &[0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20]),
    (1, &[0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20]),
    (2, &[0, 1, 3, 10, 15]),
    (3, &[0, 1, 2, 3, 10, 11, 12, 13, 14, 15, 16, 19]),
    (6, &[0, 1, 2, 3, 4, 6, 15, 16, 17, 18, 19, 20]),
    (10, &[0, 1, 2, 3, 4, 5, 6, 7, 10]),
    (15, &[1, 2, 3, 4, 5, 7, 8, 11]),
    (16, &[1]),
];

/// Returns the character between the two, of 18 modules with a space and a bar at its end.
fn check_character(left: &[u8], right: &[u8]) -> Vec<u8> {
    let weights = core::iter::successors(Some(1_usize), |weight| Some(weight * 3 % 89));
    let widths = left.iter().chain(right);
    let sum: usize = widths.zip(weights).map(|(width, weight)| usize::from(*width) * weight).sum();
    let mut pairs =
        CHECKS.iter().flat_map(|(spaces, all)| all.iter().map(move |bars| (*spaces, *bars)));
    let (spaces, bars) = pairs.nth(sum % 89).unwrap_or_default();
    let shape = Shape { modules: 8, elements: 6, widest: 3, narrow: false };
    let mut widths = interleave(&shape.widths(spaces), &shape.widths(bars));
    widths.extend([1, 1]);
    widths
}

/// Encodes a GTIN whose first digit is 0 or 1.
///
/// # Errors
///
/// When it is none, begins with another digit, or its check digit is wrong.
pub(in crate::symbol) fn databar_limited(data: &[u8]) -> Result<Bars, SymbolError> {
    Ok(bars(number(data)?))
}

/// Encodes a GTIN, with the row that stands above it in a composite symbol.
pub(in crate::symbol) fn linked(data: &[u8]) -> Result<(Bars, Bars), SymbolError> {
    /// What is added to the number of a code in a composite symbol (clause 6.2.1).
    const LINKED: u64 = 2_015_133_531_096;
    let bars = bars(number(data)? + LINKED);
    let separator = super::stacked::separator(&bars, &[]);
    Ok((bars, separator))
}

fn number(data: &[u8]) -> Result<u64, SymbolError> {
    let number = gtin(data)?;
    let wrong = SymbolError::Data("GS1 DataBar Limited begins with 0 or 1");
    if number > MOST { Err(wrong) } else { Ok(number) }
}

fn bars(number: u64) -> Bars {
    let value = |value: u64| usize::try_from(value).unwrap_or(0);
    let left = character(value(number / VALUES));
    let right = character(value(number % VALUES));
    let check = check_character(&left, &right);
    let mut bars = Bars::default();
    bars.extend_widths(&[vec![1, 1], left, check, right, vec![1, 1]].concat(), false);
    bars
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_are_as_many_check_characters_as_values() {
        assert_eq!(CHECKS.iter().map(|(_, bars)| bars.len()).sum::<usize>(), 89);
    }

    #[test]
    fn only_0_and_1_begin() {
        assert_eq!(databar_limited(b"1999999999999").map(|bars| bars.width()), Ok(74));
        assert!(databar_limited(b"2000000000000").is_err());
    }
}
