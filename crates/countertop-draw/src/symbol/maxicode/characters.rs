//! The five code sets of MaxiCode (tables 4 to 8 of the standard).

/// Fills a message up, in sets A and B alike.
pub(super) const PAD: u32 = 33;

const NUMERIC_SHIFT: u32 = 31;
const SHIFT_OTHER: u32 = 59;
const LATCH_OTHER: u32 = 63;

/// Is one of the two sets that last.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Set {
    A,
    B,
}

impl Set {
    fn other(self) -> Self {
        if self == Self::A { Self::B } else { Self::A }
    }

    fn code(self, byte: u8) -> Option<u32> {
        match self {
            Self::A => code_of_a(byte),
            Self::B => code_of_b(byte),
        }
    }
}

fn code_of_a(byte: u8) -> Option<u32> {
    match byte {
        b'\r' => Some(0),
        b'A'..=b'Z' => Some(u32::from(byte - b'A') + 1),
        0x1C..=0x1E => Some(u32::from(byte)),
        b' ' => Some(32),
        b'"'..=b':' => Some(u32::from(byte)),
        _ => None,
    }
}

fn code_of_b(byte: u8) -> Option<u32> {
    const FROM_36: &[u8] = b"\x7F;<=>?[\\]^_ ,./:@!|";
    match byte {
        b'`'..=b'z' => Some(u32::from(byte - b'`')),
        0x1C..=0x1E => Some(u32::from(byte)),
        b'{' => Some(32),
        b'}' => Some(34),
        b'~' => Some(35),
        _ => place(FROM_36, byte, 36),
    }
}

fn place(set: &[u8], byte: u8, first: u32) -> Option<u32> {
    let at = set.iter().position(|other| *other == byte)?;
    Some(u32::try_from(at).ok()? + first)
}

/// Returns the shift and the code of a byte that sets A and B have not.
fn shifted(byte: u8) -> [u32; 2] {
    const C_FROM_32: &[u8] = b"\xDB\xDC\xDD\xDE\xDF\xAA\xAC\xB1\xB2\xB3\xB5\xB9\xBA\xBC\xBD\xBE\
        \x80\x81\x82\x83\x84\x85\x86\x87\x88\x89";
    const D_FROM_32: &[u8] = b"\xFB\xFC\xFD\xFE\xFF\xA1\xA8\xAB\xAF\xB0\xB4\xB7\xB8\xBB\xBF\x8A\
        \x8B\x8C\x8D\x8E\x8F\x90\x91\x92\x93\x94";
    const E_FROM_32: &[u8] = b"\x1C\x1D\x1E\x1F\x9F\xA0\xA2\xA3\xA4\xA5\xA6\xA7\xA9\xAD\xAE\xB6\
        \x95\x96\x97\x98\x99\x9A\x9B\x9C\x9D\x9E";
    const C: u32 = 60;
    const D: u32 = 61;
    const E: u32 = 62;
    match byte {
        0xC0..=0xDA => [C, u32::from(byte - 0xC0)],
        0xE0..=0xFA => [D, u32::from(byte - 0xE0)],
        0x00..=0x1A => [E, u32::from(byte)],
        0x1B => [E, 30],
        _ => place(C_FROM_32, byte, 32)
            .map(|code| [C, code])
            .or_else(|| place(D_FROM_32, byte, 32).map(|code| [D, code]))
            .or_else(|| place(E_FROM_32, byte, 32).map(|code| [E, code]))
            .unwrap_or([E, 0]),
    }
}

/// Returns the words that say which character set follows (clause 4.5.3, table 3).
pub(super) fn eci(number: Option<u32>) -> Vec<u32> {
    const ECI: u32 = 27;
    let Some(number) = number else { return Vec::new() };
    let rest = |words: u32| (0..words).rev().map(move |word| number >> (word * 6) & 0x3F);
    match number {
        0..32 => vec![ECI, number],
        32..1024 => [ECI, 0x20 | number >> 6].into_iter().chain(rest(1)).collect(),
        1024..32_768 => [ECI, 0x30 | number >> 12].into_iter().chain(rest(2)).collect(),
        _ => [ECI, 0x38 | number >> 18 & 3].into_iter().chain(rest(3)).collect(),
    }
}

/// Encodes bytes, from set A on.
pub(super) fn encode(data: &[u8]) -> Vec<u32> {
    let mut words = Vec::new();
    let mut set = Set::A;
    let mut rest = data;
    while let Some((byte, after)) = rest.split_first() {
        if let Some(number) = nine_digits(rest) {
            words.push(NUMERIC_SHIFT);
            words.extend((0..5).rev().map(|word| number >> (word * 6) & 0x3F));
            rest = rest.get(9..).unwrap_or_default();
            continue;
        }
        if let Some(code) = set.code(*byte) {
            words.push(code);
        } else if let Some(code) = set.other().code(*byte) {
            let alone = after.first().is_none_or(|next| set.code(*next).is_some());
            words.extend([if alone { SHIFT_OTHER } else { LATCH_OTHER }, code]);
            if !alone {
                set = set.other();
            }
        } else {
            words.extend(shifted(*byte));
        }
        rest = after;
    }
    words
}

fn nine_digits(rest: &[u8]) -> Option<u32> {
    let digits = rest.get(..9)?;
    digits.iter().try_fold(0_u32, |number, digit| {
        digit.is_ascii_digit().then(|| number * 10 + u32::from(digit - b'0'))
    })
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn every_byte_has_one_code() {
        let mut seen = HashSet::new();
        for byte in 0..=u8::MAX {
            let words = encode(&[byte]);
            assert!(words.iter().all(|word| *word < 64) && !words.is_empty());
            assert!(seen.insert(words.clone()), "{byte:02X}: {words:?}");
        }
    }

    #[test]
    fn character_sets_have_their_words() {
        assert_eq!(eci(None), []);
        assert_eq!(eci(Some(26)), [27, 26]);
        assert_eq!(eci(Some(32)), [27, 0x20, 32]);
        assert_eq!(eci(Some(1024)), [27, 0x30, 16, 0]);
        assert_eq!(eci(Some(999_999)), [27, 0x3B, 52, 8, 63]);
    }

    #[test]
    fn nine_digits_take_six_words() {
        assert_eq!(encode(b"123456789"), [31, 7, 22, 60, 52, 21]);
        assert_eq!(encode(b"Ab"), [1, 59, 2]);
        assert_eq!(encode(b"Abc"), [1, 63, 2, 3]);
    }
}
