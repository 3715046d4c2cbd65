//! Kanji mode, in which two bytes make one wide character.

use super::table::{Parameter, choice, commands, record};
use super::user_character::UserKanji;
use super::{FS, Ranged, Underline};

commands! {
    /// Sets Kanji mode, in which two bytes make one wide character, and how those look.
    Kanji {
        /// FS &: two bytes make a character from here.
        Enter = [FS, b'&'];
        /// FS .: each byte is a character again.
        Leave = [FS, b'.'];
        /// FS !: style of wide characters.
        PrintMode(KanjiPrintMode) = [FS, b'!'];
        /// FS -: underline of wide characters.
        Underline(Underline) = [FS, b'-'];
        /// FS C: code system (JIS or Shift JIS, in Japanese models).
        CodeSystem(u8) = [FS, b'C'];
        /// FS S: dots to the left and right of wide characters.
        Spacing(KanjiSpacing) = [FS, b'S'];
        /// FS W: wide characters at four times their area.
        Quadruple(bool) = [FS, b'W'];
        /// FS 2: defines a wide character.
        Define(UserKanji) = [FS, b'2'];
        /// FS ?: forgets a user-defined wide character, by its code.
        Undefine([u8; 2]) = [FS, b'?'];
        /// FS ( A, function 48: font of wide characters.
        Font(KanjiFont) = [FS, b'(', b'A'] counted [0x30];
        /// FS ( C, function 48: how text is encoded.
        Encoding(TextEncoding) = [FS, b'(', b'C'] counted [0x30];
        /// FS ( C, function 60: which font has a character of UTF-8 text first.
        FontPriority(FontPriority) = [FS, b'(', b'C'] counted [0x3C];
    }
}

choice! {
    /// Is a font of wide characters.
    KanjiFont {
        /// 24 × 24 dots.
        A = 0x00 | 0x30;
        /// 20 × 24 or 16 × 16 dots.
        B = 0x01 | 0x31;
        /// Smaller still, where there is one.
        C = 0x02 | 0x32;
    }
}

choice! {
    /// Is an encoding of FS ( C.
    TextEncoding {
        /// One byte a character by code page, two in Kanji mode.
        CodePage = 0x01 | 0x31;
        /// UTF-8.
        Utf8 = 0x02 | 0x32;
    }
}

choice! {
    /// Is a font that UTF-8 text is printed in.
    Utf8Font {
        /// Single-byte characters.
        Ank = 0;
        /// Japanese.
        Japanese = 11;
        /// Simplified Chinese.
        SimplifiedChinese = 20;
        /// Traditional Chinese.
        TraditionalChinese = 30;
        /// Korean.
        Korean = 41;
    }
}

record! {
    /// Is a font's place in the order of FS ( C, function 60.
    FontPriority {
        /// The place, the first being 0.
        place: Ranged<0, 1>,
        /// The font.
        font: Utf8Font,
    }
}

/// Is the style of FS !.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct KanjiPrintMode {
    /// Twice as wide.
    pub double_width: bool,
    /// Twice as high.
    pub double_height: bool,
    /// Underlined.
    pub underline: bool,
}

impl Parameter for KanjiPrintMode {
    fn emit(&self, out: &mut Vec<u8>) {
        out.push(
            u8::from(self.double_width) << 2
                | u8::from(self.double_height) << 3
                | u8::from(self.underline) << 7,
        );
    }

    fn decode(bytes: &[u8]) -> Option<Self> {
        let byte = u8::decode(bytes)?;
        Some(Self {
            double_width: byte & 0x04 != 0,
            double_height: byte & 0x08 != 0,
            underline: byte & 0x80 != 0,
        })
    }
}

/// Is the dots beside wide characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct KanjiSpacing {
    /// To the left.
    pub left: u8,
    /// To the right.
    pub right: u8,
}

impl Parameter for KanjiSpacing {
    fn emit(&self, out: &mut Vec<u8>) {
        out.extend([self.left, self.right]);
    }

    fn decode(bytes: &[u8]) -> Option<Self> {
        bytes.try_into().ok().map(|[left, right]: [u8; 2]| Self { left, right })
    }
}
