//! The formats n and cn: decimal digits, two to a byte (EMV Book 3, clause 4.3).

/// Returns `value` as `length` bytes of format n: right-justified with leading zeros.
///
/// Returns `None` when it has more digits than fit.
#[must_use]
pub fn encode(value: u64, length: usize) -> Option<Vec<u8>> {
    let mut rest = value;
    let mut bytes = vec![0; length];
    for byte in bytes.iter_mut().rev() {
        let [low, high] = [rest % 10, rest / 10 % 10];
        // Both are below ten.
        *byte = u8::try_from(high << 4 | low).ok()?;
        rest /= 100;
    }
    (rest == 0).then_some(bytes)
}

/// Returns the number in `bytes` of format n.
///
/// Returns `None` when a nibble is no decimal digit or the number does not fit.
#[must_use]
pub fn decode(bytes: &[u8]) -> Option<u64> {
    nibbles(bytes).try_fold(0u64, |number, digit| {
        let digit = (digit < 10).then_some(digit)?;
        number.checked_mul(10)?.checked_add(digit.into())
    })
}

/// Returns decimal digits in format cn: left-justified, one padding nibble `F` where their number
/// is odd.
///
/// Returns `None` when a character is no decimal digit.
#[must_use]
pub fn encode_compressed(digits: &str) -> Option<Vec<u8>> {
    let nibble = |byte: u8| byte.is_ascii_digit().then(|| byte - b'0');
    digits
        .as_bytes()
        .chunks(2)
        .map(|pair| {
            let low = pair.get(1).map_or(Some(0xf), |&byte| nibble(byte))?;
            Some(nibble(*pair.first()?)? << 4 | low)
        })
        .collect()
}

/// Returns the decimal digits in `bytes` of format cn, without the padding.
///
/// Returns `None` when something other than padding follows a nibble that is no decimal digit.
#[must_use]
pub fn decode_compressed(bytes: &[u8]) -> Option<String> {
    let digits: String =
        nibbles(bytes).take_while(|&nibble| nibble < 10).map(|n| char::from(b'0' + n)).collect();
    nibbles(bytes).skip(digits.len()).all(|nibble| nibble == 0xf).then_some(digits)
}

fn nibbles(bytes: &[u8]) -> impl Iterator<Item = u8> {
    bytes.iter().flat_map(|byte| [byte >> 4, byte & 0x0f])
}

/// Packs the last six digits of a date or a time, two to a byte; `2026/01/31` gives 26 01 31. Digits that
/// are missing are noughts.
#[must_use]
pub fn pack_last_six(text: &str) -> [u8; 3] {
    let digits: Vec<u8> = text.bytes().filter(u8::is_ascii_digit).map(|it| it & 0x0f).collect();
    let last_six = digits.get(digits.len().saturating_sub(6)..).unwrap_or_default();
    let mut bytes = [0; 3];
    for (byte, pair) in bytes.iter_mut().zip(last_six.chunks_exact(2)) {
        *byte = pair.iter().fold(0, |packed, digit| packed << 4 | digit);
    }
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_and_times_are_packed() {
        assert_eq!(pack_last_six("2026/01/31"), [0x26, 0x01, 0x31]);
        assert_eq!(pack_last_six("23:59:07"), [0x23, 0x59, 0x07]);
        assert_eq!(pack_last_six(""), [0; 3]);
    }
}
