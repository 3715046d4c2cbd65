//! How characters look: styles, sizes, character sets.

use super::effect::{CharacterColour, Shadow};
use super::table::{Parameter, choice, commands};
use super::user_character::UserCharacters;
use super::{ESC, GS, Ranged};

commands! {
    /// Sets how single-byte characters look and which they are.
    Character {
        /// ESC SP: dots to the right of each character.
        Spacing(u8) = [ESC, 0x20];
        /// ESC !: font and style at once.
        PrintMode(PrintMode) = [ESC, b'!'];
        /// ESC -: underline.
        Underline(Underline) = [ESC, b'-'];
        /// ESC E: emphasised.
        Emphasized(bool) = [ESC, b'E'];
        /// ESC G: double-strike.
        DoubleStrike(bool) = [ESC, b'G'];
        /// ESC M: font.
        Font(Font) = [ESC, b'M'];
        /// ESC V: turned by 90° clockwise.
        Rotation(Rotation) = [ESC, b'V'];
        /// ESC {: upside down, from the next line on.
        UpsideDown(bool) = [ESC, b'{'];
        /// ESC R: which national characters replace twelve of ASCII.
        InternationalSet(u8) = [ESC, b'R'];
        /// ESC t: which characters the bytes from 80 to FF are.
        CodePage(u8) = [ESC, b't'];
        /// ESC %: whether user-defined characters replace the printer's own.
        UserDefined(bool) = [ESC, b'%'];
        /// ESC &: defines characters.
        Define(UserCharacters) = [ESC, b'&'];
        /// ESC ?: forgets a user-defined character.
        Undefine(Ranged<32, 126>) = [ESC, b'?'];
        /// ESC r: colour, in printers of two.
        Colour(Colour) = [ESC, b'r'];
        /// GS ( N, function 48: colour of characters.
        CharacterColour(CharacterColour) = [GS, b'(', b'N'] counted [0x30];
        /// GS ( N, function 49: colour behind characters.
        BackgroundColour(CharacterColour) = [GS, b'(', b'N'] counted [0x31];
        /// GS ( N, function 50: shadow of characters.
        Shadow(Shadow) = [GS, b'(', b'N'] counted [0x32];
        /// GS !: magnification.
        Size(Size) = [GS, b'!'];
        /// GS B: white on black.
        Invert(bool) = [GS, b'B'];
        /// GS b: smoothing.
        Smoothing(bool) = [GS, b'b'];
    }
}

choice! {
    /// Is a font.
    Font {
        /// 12 × 24 dots.
        A = 0x00 | 0x30;
        /// 9 × 17 dots.
        B = 0x01 | 0x31;
        /// Smaller still, where there is one.
        C = 0x02 | 0x32;
        /// A fourth, where there is one.
        D = 0x03 | 0x33;
        /// A fifth, where there is one.
        E = 0x04 | 0x34;
        /// Special font A.
        SpecialA = 0x61;
        /// Special font B.
        SpecialB = 0x62;
    }
}

choice! {
    /// Is the colour of ESC r.
    Colour {
        /// The first, black.
        First = 0x00 | 0x30;
        /// The second, red.
        Second = 0x01 | 0x31;
    }
}

choice! {
    /// Is the thickness of the line below text.
    Underline {
        /// No line.
        Off = 0x00 | 0x30;
        /// One dot.
        Thin = 0x01 | 0x31;
        /// Two dots.
        Thick = 0x02 | 0x32;
    }
}

choice! {
    /// Is a turn of characters by 90° clockwise.
    Rotation {
        /// Not turned.
        Off = 0x00 | 0x30;
        /// Turned, one dot between characters.
        OneDot = 0x01 | 0x31;
        /// Turned, a dot and a half between characters.
        OneAndAHalfDots = 0x02 | 0x32;
    }
}

/// Is the style of ESC !.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct PrintMode {
    /// Font B instead of A.
    pub font_b: bool,
    /// Emphasised.
    pub emphasized: bool,
    /// Twice as high.
    pub double_height: bool,
    /// Twice as wide.
    pub double_width: bool,
    /// Underlined.
    pub underline: bool,
}

impl Parameter for PrintMode {
    fn emit(&self, out: &mut Vec<u8>) {
        out.push(
            u8::from(self.font_b)
                | u8::from(self.emphasized) << 3
                | u8::from(self.double_height) << 4
                | u8::from(self.double_width) << 5
                | u8::from(self.underline) << 7,
        );
    }

    fn decode(bytes: &[u8]) -> Option<Self> {
        let byte = u8::decode(bytes)?;
        Some(Self {
            font_b: byte & 0x01 != 0,
            emphasized: byte & 0x08 != 0,
            double_height: byte & 0x10 != 0,
            double_width: byte & 0x20 != 0,
            underline: byte & 0x80 != 0,
        })
    }
}

/// Is a magnification from 1 to 8.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Magnification(u8);

impl Magnification {
    /// As large as the font.
    pub const ONE: Self = Self(1);
    /// Twice as large.
    pub const TWO: Self = Self(2);

    /// Creates a magnification; `None` outside 1 to 8.
    #[must_use]
    pub fn new(factor: u8) -> Option<Self> {
        (1..=8).contains(&factor).then_some(Self(factor))
    }

    /// Returns the factor.
    #[must_use]
    pub fn factor(self) -> u8 {
        self.0
    }
}

/// Is the magnification of GS !.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Size {
    /// Across.
    pub width: Magnification,
    /// Down.
    pub height: Magnification,
}

impl Size {
    /// As large as the font.
    pub const NORMAL: Self = Self { width: Magnification::ONE, height: Magnification::ONE };

    /// Creates a size of single or double width and height.
    #[must_use]
    pub fn double(width: bool, height: bool) -> Self {
        let pick = |double| if double { Magnification::TWO } else { Magnification::ONE };
        Self { width: pick(width), height: pick(height) }
    }
}

impl Parameter for Size {
    fn emit(&self, out: &mut Vec<u8>) {
        out.push((self.width.0 - 1) << 4 | (self.height.0 - 1));
    }

    fn decode(bytes: &[u8]) -> Option<Self> {
        let byte = u8::decode(bytes)?;
        Some(Self {
            width: Magnification::new((byte >> 4) + 1)?,
            height: Magnification::new((byte & 0x0F) + 1)?,
        })
    }
}
