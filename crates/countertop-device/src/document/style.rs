//! How text looks.

use serde::{Deserialize, Serialize};

/// Says where a line stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Align {
    /// At the left margin.
    #[default]
    Left,
    /// In the middle.
    Centre,
    /// At the right margin.
    Right,
}

/// Says how text looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", default, deny_unknown_fields)]
pub struct Style {
    /// Emphasised.
    pub bold: bool,
    /// Underlined.
    pub underline: Underline,
    /// White on black.
    pub invert: bool,
    /// How large.
    pub size: Size,
    /// Which font.
    pub font: Font,
    /// In which colour, on printers that have two.
    pub colour: Colour,
}

/// Is the thickness of the line below text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Underline {
    /// No line.
    #[default]
    None,
    /// One dot.
    Thin,
    /// Two dots.
    Thick,
}

/// Is a font of the printer's; one that it lacks becomes A.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Font {
    /// The usual one, of most printers 12 × 24 dots.
    #[default]
    A,
    /// A smaller one, of most printers 9 × 17 dots.
    B,
    /// Another one, where there is one.
    C,
}

/// Is a colour of the printer's; a printer of one colour prints both black.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Colour {
    /// The first, mostly black.
    #[default]
    First,
    /// The second, mostly red.
    Second,
}

/// Is a magnification from 1 to 8 in each direction.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "(u8, u8)", into = "(u8, u8)")]
pub struct Size {
    width: u8,
    height: u8,
}

impl Size {
    /// As large as the font.
    pub const NORMAL: Self = Self { width: 1, height: 1 };
    /// Twice as wide.
    pub const WIDE: Self = Self { width: 2, height: 1 };
    /// Twice as high.
    pub const TALL: Self = Self { width: 1, height: 2 };
    /// Twice as wide and high.
    pub const DOUBLE: Self = Self { width: 2, height: 2 };

    /// Creates a size; `None` when a factor is not from 1 to 8.
    #[must_use]
    pub fn new(width: u8, height: u8) -> Option<Self> {
        let fits = (1..=8).contains(&width) && (1..=8).contains(&height);
        fits.then_some(Self { width, height })
    }

    /// Returns the factor across.
    #[must_use]
    pub const fn width(self) -> u8 {
        self.width
    }

    /// Returns the factor down.
    #[must_use]
    pub const fn height(self) -> u8 {
        self.height
    }
}

impl Default for Size {
    fn default() -> Self {
        Self::NORMAL
    }
}

impl TryFrom<(u8, u8)> for Size {
    type Error = &'static str;

    fn try_from((width, height): (u8, u8)) -> Result<Self, Self::Error> {
        Self::new(width, height).ok_or("a size is two factors from 1 to 8, across and down")
    }
}

impl From<Size> for (u8, u8) {
    fn from(size: Size) -> Self {
        (size.width, size.height)
    }
}

impl Style {
    /// Plain text.
    pub const PLAIN: Self = Self {
        bold: false,
        underline: Underline::None,
        invert: false,
        size: Size::NORMAL,
        font: Font::A,
        colour: Colour::First,
    };
    /// Emphasised text.
    pub const BOLD: Self = Self { bold: true, ..Self::PLAIN };
    /// Emphasised text of twice the size.
    pub const LARGE: Self = Self { bold: true, size: Size::DOUBLE, ..Self::PLAIN };
}
