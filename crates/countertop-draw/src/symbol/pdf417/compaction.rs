//! From bytes to code words: text, digits or bytes, whichever is shorter (clause 5.4).

/// Fills a symbol up.
pub(super) const PADDING: u16 = TEXT;
const TEXT: u16 = 900;
const BYTES: u16 = 901;
const DIGITS: u16 = 902;
const BYTES_BY_SIX: u16 = 924;

/// Digits in a row from which on they have a mode of their own.
const WORTH: usize = 13;

/// Returns the code words that say which character set follows (clause 5.5).
pub(super) fn eci(number: Option<u32>) -> Vec<u16> {
    let Some(number) = number else { return Vec::new() };
    let word = |value: u32| u16::try_from(value).unwrap_or(0);
    match number {
        0..900 => vec![927, word(number)],
        900..810_900 => vec![926, word(number / 900 - 1), word(number % 900)],
        _ => vec![925, word(number.min(811_799) - 810_900)],
    }
}

/// Returns the code words of data, without length, padding and error correction.
pub(super) fn code_words(data: &[u8]) -> Vec<u16> {
    let mut words = Vec::new();
    let mut rest = data;
    // A symbol begins in text mode.
    let mut in_text = true;
    while !rest.is_empty() {
        let digits = rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
        let length = if digits >= WORTH {
            words.push(DIGITS);
            in_text = false;
            digits_to_words(&rest[..digits], &mut words);
            digits
        } else if let text @ 1.. = text_length(rest) {
            if !in_text {
                words.push(TEXT);
            }
            in_text = true;
            text_to_words(&rest[..text], &mut words);
            text
        } else {
            let bytes = bytes_length(rest);
            in_text = false;
            bytes_to_words(&rest[..bytes], &mut words);
            bytes
        };
        rest = &rest[length..];
    }
    words
}

/// Returns how long text goes on, up to digits that are worth their mode.
fn text_length(rest: &[u8]) -> usize {
    let mut length = 0;
    while let Some(byte) = rest.get(length).filter(|byte| is_text(**byte)) {
        let digits = rest[length..].iter().take_while(|byte| byte.is_ascii_digit()).count();
        if digits >= WORTH {
            break;
        }
        length += if byte.is_ascii_digit() { digits } else { 1 };
    }
    length
}

/// Returns how long bytes go on, up to five of text.
fn bytes_length(rest: &[u8]) -> usize {
    let text = |at: &usize| rest[*at..].iter().take(5).filter(|byte| is_text(**byte)).count() == 5;
    (0..rest.len()).find(text).unwrap_or(rest.len()).max(1)
}

fn is_text(byte: u8) -> bool {
    matches!(byte, 0x09 | 0x0A | 0x0D | 0x20..=0x7E)
}

fn digits_to_words(digits: &[u8], words: &mut Vec<u16>) {
    for group in digits.chunks(44) {
        // The number with a 1 before it, in base 900.
        let mut number: Vec<u16> = vec![1];
        number.extend(group.iter().map(|digit| u16::from(digit - b'0')));
        let mut reversed = Vec::new();
        while !number.is_empty() {
            let mut rest = 0_u32;
            let mut quotient = Vec::new();
            for digit in &number {
                rest = rest * 10 + u32::from(*digit);
                let next = u16::try_from(rest / 900).unwrap_or(0);
                rest %= 900;
                if next != 0 || !quotient.is_empty() {
                    quotient.push(next);
                }
            }
            reversed.push(u16::try_from(rest).unwrap_or(0));
            number = quotient;
        }
        words.extend(reversed.iter().rev());
    }
}

pub(in crate::symbol) fn bytes_to_words(bytes: &[u8], words: &mut Vec<u16>) {
    words.push(if bytes.len().is_multiple_of(6) { BYTES_BY_SIX } else { BYTES });
    let groups = bytes.chunks_exact(6);
    let rest = groups.remainder();
    for group in groups {
        let number = group.iter().fold(0_u64, |sum, byte| sum << 8 | u64::from(*byte));
        let word = |place: u32| u16::try_from(number / 900_u64.pow(place) % 900).unwrap_or(0);
        words.extend((0..5).rev().map(word));
    }
    words.extend(rest.iter().map(|byte| u16::from(*byte)));
}

/// Is a submode of text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Mode {
    Alpha,
    Lower,
    Mixed,
}

const MIXED: &[u8] = b"0123456789&\r\t,:#-.$/+%*=^";
const PUNCTUATION: &[u8] = b";<>@[\\]_`~!\r\t,:\n-.$/\"|*()?{}'";
const SHIFT_PUNCTUATION: u8 = 29;

fn text_to_words(text: &[u8], words: &mut Vec<u16>) {
    let mut mode = Mode::Alpha;
    let mut values = Vec::new();
    for (at, byte) in text.iter().enumerate() {
        push_text(*byte, text.get(at + 1).copied(), &mut mode, &mut values);
    }
    // What follows begins anew: text after a latch is in the first submode.
    if values.len() % 2 == 1 {
        values.push(SHIFT_PUNCTUATION);
    }
    words.extend(values.chunks_exact(2).map(|pair| u16::from(pair[0]) * 30 + u16::from(pair[1])));
}

fn value(mode: Mode, byte: u8) -> Option<u8> {
    let place = |set: &[u8]| {
        let at = set.iter().position(|other| *other == byte)?;
        u8::try_from(at).ok()
    };
    match (mode, byte) {
        (_, b' ') => Some(26),
        (Mode::Alpha, b'A'..=b'Z') => Some(byte - b'A'),
        (Mode::Lower, b'a'..=b'z') => Some(byte - b'a'),
        (Mode::Mixed, _) => place(MIXED),
        _ => None,
    }
}

fn push_text(byte: u8, next: Option<u8>, mode: &mut Mode, values: &mut Vec<u8>) {
    if let Some(value) = value(*mode, byte) {
        values.push(value);
        return;
    }
    let wanted = match byte {
        b'A'..=b'Z' => Some(Mode::Alpha),
        b'a'..=b'z' => Some(Mode::Lower),
        _ if value(Mode::Mixed, byte).is_some() => Some(Mode::Mixed),
        _ => None,
    };
    let Some(wanted) = wanted else {
        let at = PUNCTUATION.iter().position(|other| *other == byte).unwrap_or(0);
        values.extend([SHIFT_PUNCTUATION, u8::try_from(at).unwrap_or(0)]);
        return;
    };
    let single = next.is_none_or(|next| value(*mode, next).is_some());
    match (*mode, wanted) {
        (Mode::Lower, Mode::Alpha) if single => {
            values.extend([27, value(Mode::Alpha, byte).unwrap_or(0)]);
            return;
        }
        (Mode::Alpha | Mode::Mixed, Mode::Lower) => values.push(27),
        (Mode::Lower, Mode::Alpha) => values.extend([28, 28]),
        _ => values.push(28),
    }
    *mode = wanted;
    values.extend(value(wanted, byte));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_digits_and_bytes_have_their_words() {
        assert_eq!(code_words(b"Test"), [19 * 30 + 27, 4 * 30 + 18, 19 * 30 + 29]);
        let digits = [902, 190, 232, 499, 20, 504, 721];
        assert_eq!(code_words(b"12345678987654321"), digits);
        assert_eq!(code_words(&[0xFF]), [901, 0xFF]);
        assert_eq!(code_words(&[0, 0, 0, 0, 0, 1]), [924, 0, 0, 0, 0, 1]);
        assert_eq!(eci(Some(26)), [927, 26]);
        assert_eq!((eci(None), eci(Some(900))), (vec![], vec![926, 0, 0]));
        assert_eq!((eci(Some(810_900)), eci(Some(u32::MAX))), (vec![925, 0], vec![925, 899]));
        let mixed = code_words(b"\x00\x01ABCDE");
        assert_eq!(mixed[..4], [901, 0, 1, 900]);
    }
}
