//! Check digits of EAN and UPC (ISO/IEC 15420, annex A), which are also those of GTIN, SSCC and GLN.

/// Returns the check digit of digits without one.
pub(super) fn digit(digits: &[u8]) -> u8 {
    let weights = [3, 1].into_iter().cycle();
    let values = digits.iter().rev().map(|digit| u32::from(digit.wrapping_sub(b'0')));
    let sum: u32 = values.zip(weights).map(|(value, weight)| value * weight).sum();
    b'0' + u8::try_from((10 - sum % 10) % 10).unwrap_or_default()
}

/// Returns the eleven digits of UPC-A that the six of UPC-E stand for, of number system 0.
pub(super) fn expand([a, b, c, d, e, last]: [u8; 6]) -> [u8; 11] {
    let o = b'0';
    match last {
        b'0'..=b'2' => [o, a, b, last, o, o, o, o, c, d, e],
        b'3' => [o, a, b, c, o, o, o, o, o, d, e],
        b'4' => [o, a, b, c, d, o, o, o, o, o, e],
        _ => [o, a, b, c, d, e, o, o, o, o, last],
    }
}

/// Tells whether eleven digits of UPC-A have a form of six.
pub(super) fn is_compressible(digits: [u8; 11]) -> bool {
    let [_, a, b, c, d, e, _, _, r, s, t] = digits;
    let candidates =
        [[a, b, r, s, t, c], [a, b, c, s, t, b'3'], [a, b, c, d, t, b'4'], [a, b, c, d, e, t]];
    candidates.into_iter().any(|six| expand(six) == digits)
}
