//! From element strings to the bits of the component (clause 5 of the standard).

use crate::symbol::SymbolError;
use crate::symbol::bits::Bits;
use crate::symbol::gs1::{FNC1, general};

/// Encodes element strings and fills up the component. `smallest` returns the smallest one that holds
/// so many bits, `capacity` how many that are; `None` when there are too many.
pub(super) fn encode<S: Copy>(
    strings: &[u8],
    smallest: impl Fn(usize) -> Option<S>,
    capacity: impl Fn(S) -> usize,
) -> Option<Result<(Bits, S), SymbolError>> {
    let mut bits = Bits::default();
    let rest = head(&mut bits, strings);
    let room = |length: usize| smallest(length).map_or(0, |size| capacity(size) - length);
    let mode = match general::push(&mut bits, &rest, room) {
        Ok(mode) => mode,
        Err(error) => return Some(Err(error)),
    };
    let size = smallest(bits.len())?;
    let all = capacity(size);
    if bits.len() < all {
        general::pad(&mut bits, all, mode);
    }
    Some(Ok((bits, size)))
}

/// Encodes what has a method of its own at the beginning, and returns what follows it.
fn head(bits: &mut Bits, strings: &[u8]) -> Vec<u8> {
    match strings {
        // A lot number without a date.
        [b'1', b'0', rest @ ..] => {
            bits.push(0b1011, 4);
            rest.to_vec()
        }
        [b'1', kind @ (b'1' | b'7'), rest @ ..] if date(rest).is_some() => {
            bits.push(0b10, 2);
            bits.push(date(rest).unwrap_or(0), 16);
            bits.push(u32::from(*kind == b'7'), 1);
            match rest.get(6..).unwrap_or_default() {
                [b'1', b'0', lot @ ..] => lot.to_vec(),
                other => [&[FNC1], other].concat(),
            }
        }
        _ => {
            bits.push(0, 1);
            strings.to_vec()
        }
    }
}

/// Returns the number of a date of six digits; `None` when there is none.
fn date(rest: &[u8]) -> Option<u32> {
    let digits = rest.get(..6)?;
    if !digits.iter().all(u8::is_ascii_digit) {
        return None;
    }
    let number = |at: usize| u32::from(digits[at] - b'0') * 10 + u32::from(digits[at + 1] - b'0');
    let (year, month, day) = (number(0), number(2), number(4));
    let valid = (1..=12).contains(&month) && day <= 31;
    valid.then(|| year * 384 + (month - 1) * 32 + day)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn encoded(strings: &[u8]) -> Bits {
        encode(strings, |length| Some(length.next_multiple_of(10)), |size| size).unwrap().unwrap().0
    }

    #[test]
    fn dates_and_lots_have_a_method() {
        let mut expected = Bits::default();
        expected.push(0b10, 2);
        expected.push(99 * 384 + 32 + 10, 16);
        expected.push(0, 1);
        expected.push(0b0000, 4);
        expected.push(32, 6);
        expected.push(0b0, 1);
        assert_eq!(encoded(b"1199021010A"), expected);
        assert_eq!(encoded(b"10").words(10), [0b10_1100_0000]);
        assert!(encoded(b"17990210").get(18));
    }

    #[test]
    fn no_date_goes_by_the_general_method() {
        for strings in [&b"11991310"[..], b"11990010", b"11990132", b"1199021", b"119902AA", b"21A"]
        {
            assert!(!encoded(strings).get(0), "{}", strings.escape_ascii());
        }
    }

    #[test]
    fn what_is_too_long_or_wrong_is_told() {
        assert!(encode(b"21A", |_| None, |size| size).is_none());
        assert!(encode(b"21\x80", Some, |size| size).unwrap().is_err());
    }
}
