//! Characters by their number, typed on the keypad while Alt is held.

use encoding_rs::WINDOWS_1252;
use oem_cp::code_table::DECODING_TABLE_CP437;

/// Most digits that are looked at.
const MAX_DIGITS: u8 = 5;

/// Collects the digits of one number.
#[derive(Clone, Copy, Default)]
pub(super) struct AltCode {
    value: u32,
    digits: u8,
    leading_zero: bool,
}

impl AltCode {
    pub(super) fn push(&mut self, digit: u8) {
        self.leading_zero |= self.digits == 0 && digit == 0;
        self.digits = self.digits.saturating_add(1);
        self.value = self.value.saturating_mul(10).saturating_add(digit.into());
    }

    /// Returns the character, where the number has one: up to 255 of Windows-1252 with a leading
    /// nought and of code page 437 without, above of Unicode. `None` when no digit was typed.
    pub(super) fn finish(self) -> Option<Option<char>> {
        match (self.digits, u8::try_from(self.value)) {
            (0, _) => None,
            (digits, _) if digits > MAX_DIGITS => Some(None),
            (_, Ok(byte)) if byte.is_ascii() => Some(Some(char::from(byte))),
            (_, Ok(byte)) if self.leading_zero => Some(windows_1252(byte)),
            (_, Ok(byte)) => Some(oem_437(byte)),
            (_, Err(_)) => Some(char::from_u32(self.value)),
        }
    }
}

fn windows_1252(byte: u8) -> Option<char> {
    let bytes = [byte];
    let text = WINDOWS_1252.decode_without_bom_handling(&bytes).0;
    text.chars().next().filter(|character| !character.is_control())
}

fn oem_437(byte: u8) -> Option<char> {
    DECODING_TABLE_CP437.get(usize::from(byte & 0x7f)).copied()
}

/// Returns the digits by which a character is typed, with the leading nought of Windows-1252.
pub(super) fn digits_of(character: char) -> Option<String> {
    let mut buffer = [0; 4];
    let (bytes, _, failed) = WINDOWS_1252.encode(character.encode_utf8(&mut buffer));
    match bytes.as_ref() {
        &[byte] if !failed => Some(format!("0{byte:03}")),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn typed(digits: &str) -> Option<Option<char>> {
        let mut code = AltCode::default();
        for digit in digits.bytes() {
            code.push(digit - b'0');
        }
        code.finish()
    }

    #[test]
    fn numbers_have_code_pages() {
        assert_eq!(typed(""), None);
        for (digits, character) in [
            ("065", 'A'),
            ("65", 'A'),
            ("29", '\u{1d}'),
            ("0228", 'ä'),
            ("132", 'ä'),
            ("0128", '€'),
            ("8364", '€'),
            ("0225", 'á'),
            ("225", 'ß'),
        ] {
            assert_eq!(typed(digits), Some(Some(character)), "{digits}");
        }
        assert_eq!(typed("0129"), Some(None));
        assert_eq!(typed("55555"), char::from_u32(55555).map(Some).or(Some(None)));
        assert_eq!(typed("123456"), Some(None));
        assert_eq!(typed("99999999999999999999"), Some(None));
    }

    #[test]
    fn characters_round_trip() {
        for byte in 0x20..=0xff_u8 {
            let Some(character) = windows_1252(byte).filter(|_| byte != 0x7f) else { continue };
            let digits = digits_of(character).unwrap();
            assert_eq!(typed(&digits), Some(Some(character)), "{byte:#04x}");
        }
        assert_eq!(digits_of('中'), None);
    }
}
