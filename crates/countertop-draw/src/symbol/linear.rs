//! Linear codes other than CODE93, CODE128 and GS1 DataBar.

use barcoders::sym::code39::Code39;
use barcoders::sym::ean8::EAN8;
use barcoders::sym::ean13::EAN13;
use barcoders::sym::tf::TF;
use countertop_wire::escpos::BarcodeSystem;

use super::{Bars, LinearCode, SymbolError};

/// Encodes data of a symbology with one set of characters.
///
/// # Errors
///
/// When the data has a character that the symbology has not, a wrong length or a wrong check digit,
/// or the symbology is none of this kind.
pub(super) fn linear(system: BarcodeSystem, data: &[u8]) -> Result<Bars, SymbolError> {
    let text: String = data.iter().map(|byte| char::from(*byte)).collect();
    let modules = match system {
        BarcodeSystem::Ean13 => EAN13::new(text).map(|code| code.encode()),
        // UPC-A is EAN-13 with a leading nought.
        BarcodeSystem::UpcA => EAN13::new(format!("0{text}")).map(|code| code.encode()),
        BarcodeSystem::Ean8 => EAN8::new(text).map(|code| code.encode()),
        BarcodeSystem::Code39 => Code39::new(without_ends(&text)).map(|code| code.encode()),
        BarcodeSystem::Itf => TF::interleaved(text).map(|code| code.encode()),
        BarcodeSystem::Codabar => return codabar(data),
        _ => return Err(SymbolError::Data("not a plain linear code")),
    };
    let modules = modules.map_err(|error| SymbolError::Data(reason(&error)))?;
    let bars = Bars::from_modules(modules.into_iter().map(|module| module == 1));
    Ok(match system {
        BarcodeSystem::Code39 | BarcodeSystem::Itf => bars.with_two_widths(),
        _ => bars,
    })
}

/// Takes CODE39's start and stop away, which the encoder adds; an inner `*` is no character of it.
fn without_ends(text: &str) -> &str {
    let text = text.strip_prefix('*').unwrap_or(text);
    text.strip_suffix('*').unwrap_or(text)
}

/// Encodes CODABAR (NW-7). The crate barcoders takes B for C at either end.
fn codabar(data: &[u8]) -> Result<Bars, SymbolError> {
    const CHARACTERS: &[u8] = b"0123456789-$:/.+ABCD";
    /// Which of the seven elements are wide (ISO 8484, table 1).
    const WIDE: [u8; 20] = [
        0x03, 0x06, 0x09, 0x60, 0x12, 0x42, 0x21, 0x24, 0x30, 0x48, 0x0C, 0x18, 0x45, 0x51, 0x54,
        0x15, 0x1A, 0x29, 0x0B, 0x0E,
    ];
    let is_end = |byte: Option<&u8>| byte.is_some_and(|byte| matches!(byte, b'A'..=b'D'));
    let data = data.to_ascii_uppercase();
    if data.len() < 2 || !is_end(data.first()) || !is_end(data.last()) {
        return Err(SymbolError::Data("CODABAR begins and ends with A, B, C or D"));
    }
    let mut bars = Bars::default();
    for (index, byte) in data.iter().enumerate() {
        let place = CHARACTERS.iter().position(|other| other == byte);
        let inner = !is_end(Some(byte)) || index == 0 || index == data.len() - 1;
        let place = place.filter(|_| inner);
        let wide = WIDE[place.ok_or(SymbolError::Data("it has no such character"))?];
        let width = |element: u32| if wide >> (6 - element) & 1 == 1 { 2 } else { 1 };
        let widths: Vec<u8> = (0..7).map(width).chain([1]).collect();
        bars.extend_widths(&widths, true);
    }
    Ok(bars.with_two_widths())
}

fn reason(error: &barcoders::error::Error) -> &'static str {
    use barcoders::error::Error;
    match error {
        Error::Character => "it has no such character",
        Error::Length => "it wants another number of characters",
        Error::Checksum => "the check digit is wrong",
        _ => "it cannot be encoded",
    }
}

/// Widths of a digit's elements in EAN's set A; set B is the reverse.
const DIGITS: [[u8; 4]; 10] = [
    [3, 2, 1, 1],
    [2, 2, 2, 1],
    [2, 1, 2, 2],
    [1, 4, 1, 1],
    [1, 1, 3, 2],
    [1, 2, 3, 1],
    [1, 1, 1, 4],
    [1, 3, 1, 2],
    [1, 2, 1, 3],
    [3, 1, 1, 2],
];

/// Which digits of UPC-E are of set B, by check digit, for number system 0 (GS1 General
/// Specifications, figure 5.2.3.3).
const PARITY: [u8; 10] = [
    0b11_1000, 0b11_0100, 0b11_0010, 0b11_0001, 0b10_1100, 0b10_0110, 0b10_0011, 0b10_1010,
    0b10_1001, 0b10_0101,
];

/// Encodes UPC-E from 6 digits, 7 or 8 with number system and check digit, or the 11 or 12 digits
/// of the UPC-A that it shortens. The readable text is the 8 digits.
///
/// # Errors
///
/// When the digits are of another number, the check digit is wrong, or the UPC-A has no short form.
pub(super) fn upc_e(data: &[u8]) -> Result<LinearCode, SymbolError> {
    let digits: Option<Vec<u8>> =
        data.iter().map(|byte| byte.is_ascii_digit().then(|| byte - b'0')).collect();
    let digits = digits.ok_or(SymbolError::Data("UPC-E is of digits"))?;
    let (short, given) = match *digits.as_slice() {
        [a, b, c, d, e, f] | [0, a, b, c, d, e, f] => ([a, b, c, d, e, f], None),
        [0, a, b, c, d, e, f, check] => ([a, b, c, d, e, f], Some(check)),
        [0, ref rest @ ..] if rest.len() == 10 => (shorten(rest)?, None),
        [0, ref rest @ .., check] if rest.len() == 10 => (shorten(rest)?, Some(check)),
        _ => return Err(SymbolError::Data("UPC-E has 6 to 8 digits, or the 11 or 12 of a UPC-A")),
    };
    let check = check_digit(&lengthen(short));
    if given.is_some_and(|given| given != check) {
        return Err(SymbolError::Data("the check digit is wrong"));
    }
    let mut bars = Bars::default();
    bars.extend_widths(&[1, 1, 1], true);
    for (at, digit) in short.iter().enumerate() {
        let mut widths = DIGITS[usize::from(*digit)];
        if PARITY[usize::from(check)] >> (5 - at) & 1 == 1 {
            widths.reverse();
        }
        bars.extend_widths(&widths, false);
    }
    bars.extend_widths(&[1, 1, 1, 1, 1, 1], false);
    let text: String = short.iter().map(|digit| char::from(b'0' + digit)).collect();
    Ok(LinearCode { bars, text: format!("0{text}{check}") })
}

/// Returns the ten digits of UPC-A after its number system.
fn lengthen([a, b, c, d, e, f]: [u8; 6]) -> [u8; 10] {
    match f {
        0..=2 => [a, b, f, 0, 0, 0, 0, c, d, e],
        3 => [a, b, c, 0, 0, 0, 0, 0, d, e],
        4 => [a, b, c, d, 0, 0, 0, 0, 0, e],
        _ => [a, b, c, d, e, 0, 0, 0, 0, f],
    }
}

fn shorten(digits: &[u8]) -> Result<[u8; 6], SymbolError> {
    let short = match *digits {
        [a, b, f @ 0..=2, 0, 0, 0, 0, c, d, e] => [a, b, c, d, e, f],
        [a, b, c, 0, 0, 0, 0, 0, d, e] => [a, b, c, d, e, 3],
        [a, b, c, d, 0, 0, 0, 0, 0, e] => [a, b, c, d, e, 4],
        [a, b, c, d, e, 0, 0, 0, 0, f @ 5..=9] => [a, b, c, d, e, f],
        _ => return Err(SymbolError::Data("the UPC-A has no short form")),
    };
    Ok(short)
}

/// Returns the check digit of a UPC-A of number system 0.
fn check_digit(digits: &[u8; 10]) -> u8 {
    let sum: u32 = digits
        .iter()
        .enumerate()
        .map(|(at, digit)| u32::from(*digit) * if at % 2 == 1 { 3 } else { 1 })
        .sum();
    u8::try_from((10 - sum % 10) % 10).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn upc_e_is_found_in_all_forms() {
        let LinearCode { bars, text } = upc_e(b"04252614").unwrap();
        assert_eq!((bars.width(), text.as_str()), (51, "04252614"));
        for form in [&b"425261"[..], b"0425261", b"04210000526", b"042100005264"] {
            assert_eq!(upc_e(form), Ok(LinearCode { bars: bars.clone(), text: text.clone() }));
        }
        for wrong in [&b"04252615"[..], b"0abc", b"1234567", b"", b"01234567890"] {
            assert!(upc_e(wrong).is_err(), "{wrong:?}");
        }
    }

    #[test]
    fn each_short_form_is_that_of_its_long_form() {
        for number in 0..1_000_000_u32 {
            let digit = |place: u32| u8::try_from(number / place % 10).unwrap();
            let short = [100_000, 10_000, 1_000, 100, 10, 1].map(digit);
            let again = shorten(&lengthen(short)).unwrap();
            assert_eq!(lengthen(again), lengthen(short));
        }
    }

    #[test]
    fn mistakes_are_told() {
        let told = |system, data: &[u8]| linear(system, data).unwrap_err().to_string();
        assert_eq!(told(BarcodeSystem::Ean13, b"4006381333930"), "the check digit is wrong");
        assert_eq!(told(BarcodeSystem::Codabar, b"A12x4A"), "it has no such character");
        assert_eq!(told(BarcodeSystem::Ean8, b"1"), "it wants another number of characters");
    }
}
