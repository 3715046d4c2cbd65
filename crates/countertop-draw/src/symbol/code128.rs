//! CODE128 (ISO/IEC 15417) and GS1-128.

use super::{Bars, LinearCode, SymbolError};

/// Bars and spaces of each value; 103 to 105 start in set A, B, C.
const PATTERNS: [[u8; 6]; 106] = patterns();
/// The stop pattern.
const STOP: [u8; 7] = [2, 3, 3, 1, 1, 1, 2];

const SHIFT: u8 = 98;
const CODE_C: u8 = 99;
const CODE_B: u8 = 100;
const CODE_A: u8 = 101;
const FNC1: u8 = 102;
const START_A: u8 = 103;
const START_B: u8 = 104;
const START_C: u8 = 105;

const fn patterns() -> [[u8; 6]; 106] {
    const DIGITS: &[u8] = b"\
212222222122222221121223121322131222122213122312132212221213221312231212112232122132122231113222\
123122123221223211221132221231213212223112312131311222321122321221312212322112322211212123212321\
232121111323131123131321112313132113132311211313231113231311112133112331132131113123113321133121\
313121211331231131213113213311213131311123311321331121312113312311332111314111221411431111111224\
111422121124121421141122141221112214112412122114122411142112142211241211221114413111241112134111\
111242121142121241114212124112124211411212421112421211212141214121412121111143111341131141114113\
114311411113411311113141114131311141411131211412211214211232";
    let mut out = [[0; 6]; 106];
    let mut at = 0;
    while at < DIGITS.len() {
        out[at / 6][at % 6] = DIGITS[at] - b'0';
        at += 1;
    }
    out
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Set {
    A,
    B,
    C,
}

impl Set {
    fn start(self) -> u8 {
        match self {
            Self::A => START_A,
            Self::B => START_B,
            Self::C => START_C,
        }
    }

    fn latch(self) -> u8 {
        match self {
            Self::A => CODE_A,
            Self::B => CODE_B,
            Self::C => CODE_C,
        }
    }

    /// Returns the value of a byte in the set; of set C bytes are numbers.
    fn value(self, byte: u8) -> Option<u8> {
        match (self, byte) {
            (Self::A, 0x00..=0x1F) => Some(byte + 64),
            (Self::A, 0x20..=0x5F) | (Self::B, 0x20..=0x7F) => Some(byte - 0x20),
            (Self::C, 0..=99) => Some(byte),
            _ => None,
        }
    }

    /// Returns the value of function character 1 to 4.
    fn function(self, number: u8) -> Option<u8> {
        match (number, self) {
            (1, _) => Some(FNC1),
            (2, Self::A | Self::B) => Some(97),
            (3, Self::A | Self::B) => Some(96),
            (4, Self::A) => Some(101),
            (4, Self::B) => Some(100),
            _ => None,
        }
    }
}

/// Is a code under construction.
#[derive(Debug, Default)]
struct Builder {
    values: Vec<u8>,
    set: Option<Set>,
    shifted: bool,
    text: String,
}

const NO_SET: SymbolError = SymbolError::Data("CODE128 begins with its set: {A, {B or {C");
const NO_CHARACTER: SymbolError = SymbolError::Data("a character is not in CODE128's set");

impl Builder {
    fn select(&mut self, set: Set) {
        if self.set != Some(set) {
            let value = if self.set.is_none() { set.start() } else { set.latch() };
            self.values.push(value);
            self.set = Some(set);
        }
    }

    fn shift(&mut self) -> Result<(), SymbolError> {
        if !matches!(self.set, Some(Set::A | Set::B)) {
            return Err(SymbolError::Data("CODE128 shifts in sets A and B alone"));
        }
        self.values.push(SHIFT);
        self.shifted = true;
        Ok(())
    }

    fn function(&mut self, number: u8) -> Result<(), SymbolError> {
        let set = self.set.ok_or(NO_SET)?;
        self.values.push(set.function(number).ok_or(NO_CHARACTER)?);
        Ok(())
    }

    fn byte(&mut self, byte: u8) -> Result<(), SymbolError> {
        let mut set = self.set.ok_or(NO_SET)?;
        if core::mem::take(&mut self.shifted) {
            set = if set == Set::A { Set::B } else { Set::A };
        }
        self.values.push(set.value(byte).ok_or(NO_CHARACTER)?);
        match set {
            Set::C => self.text.push_str(&format!("{byte:02}")),
            _ if byte < 0x20 => self.text.push(' '),
            _ => self.text.push(char::from(byte)),
        }
        Ok(())
    }

    fn finish(self) -> Result<LinearCode, SymbolError> {
        if self.values.len() < 2 {
            return Err(SymbolError::Data("there is nothing in the code"));
        }
        let weighted = self.values.iter().enumerate();
        let sum: usize = weighted.map(|(at, value)| at.max(1) * usize::from(*value)).sum();
        let check = u8::try_from(sum % 103).unwrap_or(0);
        let mut bars = Bars::default();
        for value in self.values.iter().chain([&check]) {
            bars.extend_widths(&PATTERNS[usize::from(*value)], true);
        }
        bars.extend_widths(&STOP, true);
        Ok(LinearCode { bars, text: self.text })
    }
}

/// Encodes data in which Epson's escapes choose sets and functions: `{A`, `{B`, `{C`, `{S`, `{1` to
/// `{4` and `{{`; data of set C is numbers from 0 to 99 (GS k, m = 73).
pub(super) fn code128_escaped(data: &[u8]) -> Result<LinearCode, SymbolError> {
    let mut code = Builder::default();
    let mut bytes = data.iter();
    while let Some(byte) = bytes.next() {
        if *byte != b'{' {
            code.byte(*byte)?;
            continue;
        }
        match bytes.next() {
            Some(b'A') => code.select(Set::A),
            Some(b'B') => code.select(Set::B),
            Some(b'C') => code.select(Set::C),
            Some(b'S') => code.shift()?,
            Some(digit @ b'1'..=b'4') => code.function(digit - b'0')?,
            Some(b'{') => code.byte(b'{')?,
            _ => return Err(SymbolError::Data("CODE128 has no such escape after {")),
        }
    }
    code.finish()
}

/// Encodes bytes below 80, choosing sets (GS k, m = 79).
pub(super) fn code128_automatic(data: &[u8]) -> Result<LinearCode, SymbolError> {
    let mut code = Builder::default();
    push_automatically(&mut code, data)?;
    code.finish()
}

/// Encodes as many digits in set C as is worth it, and the rest in the set that has it.
fn push_automatically(code: &mut Builder, mut rest: &[u8]) -> Result<(), SymbolError> {
    while let Some(byte) = rest.first() {
        let digits = rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
        let ends = digits == rest.len() || code.set.is_none();
        let worth = if ends { 4 } else { 6 };
        let stays = code.set == Some(Set::C) && digits >= 2;
        if stays || (digits >= worth && digits % 2 == 0) || digits == 2 && rest.len() == 2 && ends {
            code.select(Set::C);
            let pairs = rest.get(..digits / 2 * 2).unwrap_or_default();
            for pair in pairs.chunks_exact(2) {
                code.byte((pair[0] - b'0') * 10 + (pair[1] - b'0'))?;
            }
            rest = rest.get(pairs.len()..).unwrap_or_default();
            continue;
        }
        let set = match (code.set, byte) {
            (Some(set @ (Set::A | Set::B)), byte) if set.value(*byte).is_some() => set,
            (_, 0x00..=0x1F) => Set::A,
            _ => Set::B,
        };
        code.select(set);
        code.byte(*byte)?;
        rest = rest.get(1..).unwrap_or_default();
    }
    Ok(())
}

/// Encodes GS1-128: FNC1 comes first; parentheses and blanks are for the reader alone, `*` is a
/// check digit to be computed, `{1` is FNC1, `{3` FNC3, and `{(`, `{)`, `{*` and `{{` are
/// themselves (GS k, m = 74).
pub(super) fn gs1_128(data: &[u8]) -> Result<LinearCode, SymbolError> {
    gs1_128_code(data)?.finish()
}

/// Is the kind of component that stands above a GS1-128 in a composite symbol.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Linkage {
    /// CC-A or CC-B.
    MicroPdf417,
    /// CC-C.
    Pdf417,
}

/// Encodes the GS1-128 of a composite symbol: before its check character is one that would choose
/// another set, and says so what stands above (ISO/IEC 24723, clause 8.2).
pub(super) fn gs1_128_linked(data: &[u8], linkage: Linkage) -> Result<LinearCode, SymbolError> {
    let mut code = gs1_128_code(data)?;
    let flag = match (code.set.ok_or(NO_SET)?, linkage) {
        (Set::A, Linkage::MicroPdf417) | (Set::C, Linkage::Pdf417) => CODE_B,
        (Set::B, Linkage::MicroPdf417) | (Set::A, Linkage::Pdf417) => CODE_C,
        (Set::C, Linkage::MicroPdf417) | (Set::B, Linkage::Pdf417) => CODE_A,
    };
    code.values.push(flag);
    code.finish()
}

fn gs1_128_code(data: &[u8]) -> Result<Builder, SymbolError> {
    let mut code = Builder::default();
    let mut text = String::new();
    let mut run = Vec::new();
    code.select(if begins_with_pairs(data) { Set::C } else { Set::B });
    code.function(1)?;
    let mut bytes = data.iter();
    while let Some(byte) = bytes.next() {
        match byte {
            b'(' | b')' | b' ' => text.push(char::from(*byte)),
            b'*' => {
                let digit = check_digit(&run);
                run.push(digit);
                text.push(char::from(digit));
            }
            b'{' => match bytes.next() {
                Some(digit @ (b'1' | b'3')) => {
                    push_automatically(&mut code, &core::mem::take(&mut run))?;
                    if *digit == b'3' && code.set == Some(Set::C) {
                        code.select(Set::B);
                    }
                    code.function(digit - b'0')?;
                }
                Some(other @ (b'(' | b')' | b'*' | b'{')) => {
                    run.push(*other);
                    text.push(char::from(*other));
                }
                _ => return Err(SymbolError::Data("GS1-128 has no such escape after {")),
            },
            other => {
                run.push(*other);
                text.push(char::from(*other));
            }
        }
    }
    push_automatically(&mut code, &run)?;
    code.text = text;
    Ok(code)
}

fn begins_with_pairs(data: &[u8]) -> bool {
    let mut shown = data.iter().filter(|byte| !b"() ".contains(byte));
    shown.by_ref().take(4).filter(|byte| byte.is_ascii_digit()).count() == 4
}

/// Returns the check digit of the digits after the last application identifier of two, which is
/// how a GTIN or an SSCC stands (GS1 General Specifications, clause 7.9).
fn check_digit(digits: &[u8]) -> u8 {
    let numbers = digits.iter().skip(2).rev().map(|digit| u32::from(digit.wrapping_sub(b'0')) % 10);
    let sum: u32 =
        numbers.enumerate().map(|(at, digit)| digit * if at % 2 == 0 { 3 } else { 1 }).sum();
    b'0' + u8::try_from((10 - sum % 10) % 10).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_are_eleven_modules() {
        for pattern in PATTERNS {
            assert_eq!(pattern.iter().sum::<u8>(), 11);
        }
    }

    #[test]
    fn escapes_choose_sets_and_functions() {
        let code = code128_escaped(b"{BNo.{C\x0c\x22{A\x01{Sa{1").unwrap();
        assert_eq!(code.text, "No.1234 a");
        assert!(code128_escaped(b"No.").is_err());
        assert!(code128_escaped(b"{C\x64").is_err());
        assert!(code128_escaped(b"{B\x01").is_err());
        assert!(code128_escaped(b"{X").is_err());
        assert!(code128_escaped(b"{B").is_err());
    }

    #[test]
    fn digits_are_packed() {
        let long = code128_automatic(b"123456789012").unwrap();
        assert_eq!(long.bars.width(), (1 + 6 + 1) * 11 + 13);
        let mixed = code128_automatic(b"A1\x02b").unwrap();
        assert_eq!(mixed.text, "A1 b");
        assert!(code128_automatic(&[0x80]).is_err());
    }

    #[test]
    fn gs1_check_digits_are_computed() {
        let code = gs1_128(b"(01)0401234512345*{1(10)AB").unwrap();
        assert_eq!(code.text, "(01)04012345123456(10)AB");
    }
}
