//! Character sets of two bytes, for Kanji mode.
//!
//! Source: GB 18030 (its two-byte part), GB 2312, Big5, JIS X 0208 by Shift JIS, KS X 1001 by EUC-KR.

use std::sync::LazyLock;

use encoding_rs::Encoding;

/// The yen sign, which Kanji mode has in its full width alone.
const YEN: char = '\u{00A5}';
const FULL_WIDTH_YEN: char = '\u{FFE5}';
/// Likewise the won sign.
const WON: char = '\u{20A9}';
const FULL_WIDTH_WON: char = '\u{FFE6}';

/// Is a character set of two bytes; the printer's model decides which it has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum WideSet {
    /// Traditional Chinese.
    Big5,
    /// Korean.
    EucKr,
    /// Simplified Chinese, the few characters of older printers.
    Gb2312,
    /// Simplified Chinese, and GBK, which has the same two bytes.
    Gb18030,
    /// Japanese.
    ShiftJis,
}

impl WideSet {
    /// Lists all sets.
    pub const ALL: &'static [Self] =
        &[Self::Big5, Self::EucKr, Self::Gb2312, Self::Gb18030, Self::ShiftJis];

    /// Returns the two bytes of a character; `None` where it has no such form. The narrow signs of yen
    /// and won become their wide forms, as the set has no others.
    #[must_use]
    pub fn bytes(self, char: char) -> Option<[u8; 2]> {
        let code = self.table().get(u32::from(char) as usize).copied();
        code.filter(|code| *code != 0).map(u16::to_be_bytes)
    }

    /// Returns the character of two bytes; `None` where they make none.
    #[must_use]
    pub fn char(self, bytes: [u8; 2]) -> Option<char> {
        if !self.holds(bytes) {
            return None;
        }
        let text = self.encoding().decode_without_bom_handling_and_without_replacement(&bytes)?;
        let mut chars = text.chars();
        chars.next().filter(|char| is_wide(*char) && chars.next().is_none())
    }

    /// Tells whether a byte begins a character in Kanji mode.
    #[must_use]
    pub fn is_lead(self, byte: u8) -> bool {
        match self {
            Self::ShiftJis => matches!(byte, 0x81..=0x9F | 0xE0..=0xFC),
            _ => matches!(byte, 0x81..=0xFE),
        }
    }

    /// Tells whether a printer's set has a character there, of what the encoding has.
    fn holds(self, [lead, trail]: [u8; 2]) -> bool {
        match self {
            Self::EucKr | Self::Gb2312 => lead >= 0xA1 && trail >= 0xA1,
            Self::ShiftJis => self.is_lead(lead) && lead <= 0xEF,
            _ => self.is_lead(lead),
        }
    }

    fn encoding(self) -> &'static Encoding {
        match self {
            Self::Big5 => encoding_rs::BIG5,
            Self::EucKr => encoding_rs::EUC_KR,
            Self::Gb2312 | Self::Gb18030 => encoding_rs::GB18030,
            Self::ShiftJis => encoding_rs::SHIFT_JIS,
        }
    }

    /// Returns the code of each character of the Basic Multilingual Plane; nought is none.
    pub(super) fn table(self) -> &'static [u16] {
        static TABLES: [LazyLock<Vec<u16>>; 5] = [
            LazyLock::new(|| WideSet::Big5.build()),
            LazyLock::new(|| WideSet::EucKr.build()),
            LazyLock::new(|| WideSet::Gb2312.build()),
            LazyLock::new(|| WideSet::Gb18030.build()),
            LazyLock::new(|| WideSet::ShiftJis.build()),
        ];
        let [big5, euc_kr, gb2312, gb18030, shift_jis] = &TABLES;
        match self {
            Self::Big5 => big5,
            Self::EucKr => euc_kr,
            Self::Gb2312 => gb2312,
            Self::Gb18030 => gb18030,
            Self::ShiftJis => shift_jis,
        }
    }

    /// Where a set has a character twice, the first code counts.
    fn build(self) -> Vec<u16> {
        let mut table = vec![0; 0x1_0000];
        for code in 0x8140..=0xFEFE_u16 {
            let place = self.char(code.to_be_bytes()).map(|char| u32::from(char) as usize);
            if let Some(place @ 0) = place.and_then(|place| table.get_mut(place)) {
                *place = code;
            }
        }
        for (narrow, wide) in [(YEN, FULL_WIDTH_YEN), (WON, FULL_WIDTH_WON)] {
            table[narrow as usize] = table[wide as usize];
        }
        table
    }
}

/// Editions of the sets differ in what they have for private use.
fn is_wide(char: char) -> bool {
    !char.is_ascii() && !('\u{E000}'..='\u{F8FF}').contains(&char)
}

/// Returns the two bytes of a character in Kanji mode of Chinese printers; `None` where it has no
/// two-byte form. The yen sign becomes its wide form, as its narrow one is not in the set.
#[must_use]
pub fn kanji_bytes(char: char) -> Option<[u8; 2]> {
    WideSet::Gb18030.bytes(char)
}

/// Returns the character of two bytes of Kanji mode of Chinese printers; `None` where they make none.
#[must_use]
pub fn kanji_char(bytes: [u8; 2]) -> Option<char> {
    WideSet::Gb18030.char(bytes)
}
