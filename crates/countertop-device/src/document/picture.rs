//! Pictures: of one bit a dot, and of shades that a printer makes dots of.

use serde::{Deserialize, Serialize};

use super::Align;

/// Is a picture of one bit a dot.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Picture {
    /// Width in dots.
    pub width: u32,
    /// Rows packed most significant bit first, 1 = black, each padded to whole bytes.
    pub rows: Vec<u8>,
}

impl Picture {
    /// Returns the bytes of a row.
    #[must_use]
    pub fn stride(&self) -> usize {
        (self.width as usize).div_ceil(8)
    }

    /// Returns the height in dots.
    #[must_use]
    pub fn height(&self) -> u32 {
        self.rows.len().checked_div(self.stride()).unwrap_or(0) as u32
    }
}

/// Is a picture of shades of grey.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", try_from = "Parts")]
pub struct Image {
    width: u32,
    luma: Vec<u8>,
    /// How its shades become dots.
    pub dither: Dither,
    /// How wide it is printed.
    pub scale: Scale,
    /// Where it stands.
    pub align: Align,
}

impl Image {
    /// Creates a picture from one byte a point, 0 = black, row by row; `None` where the bytes are
    /// no whole number of rows, or none at all.
    #[must_use]
    pub fn new(width: u32, luma: Vec<u8>) -> Option<Self> {
        let whole = luma.len().checked_rem(width as usize)? == 0 && !luma.is_empty();
        let (dither, scale) = (Dither::default(), Scale::default());
        whole.then_some(Self { width, luma, dither, scale, align: Align::Centre })
    }

    /// Sets how its shades become dots.
    #[must_use]
    pub fn with_dither(mut self, dither: Dither) -> Self {
        self.dither = dither;
        self
    }

    /// Sets how wide it is printed.
    #[must_use]
    pub fn with_scale(mut self, scale: Scale) -> Self {
        self.scale = scale;
        self
    }

    /// Returns the width in points.
    #[must_use]
    pub fn width(&self) -> u32 {
        self.width
    }

    /// Returns the height in points.
    #[must_use]
    pub fn height(&self) -> u32 {
        self.luma.len().checked_div(self.width as usize).unwrap_or(0) as u32
    }

    /// Returns one byte a point, 0 = black, row by row.
    #[must_use]
    pub fn luma(&self) -> &[u8] {
        &self.luma
    }
}

/// Is an image that nobody has checked.
#[derive(Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
struct Parts {
    width: u32,
    luma: Vec<u8>,
    #[serde(default)]
    dither: Dither,
    #[serde(default)]
    scale: Scale,
    #[serde(default)]
    align: Align,
}

impl TryFrom<Parts> for Image {
    type Error = &'static str;

    fn try_from(parts: Parts) -> Result<Self, Self::Error> {
        let image =
            Self::new(parts.width, parts.luma).ok_or("the image is no whole number of rows")?;
        Ok(Self { dither: parts.dither, scale: parts.scale, align: parts.align, ..image })
    }
}

/// Says how shades of grey become dots.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Dither {
    /// Error diffusion that gives a part of the error away, for clear contrasts (Atkinson).
    Atkinson,
    /// An ordered pattern of 8 × 8 dots (Bayer).
    Bayer,
    /// Error diffusion, for photographs (Floyd and Steinberg).
    #[default]
    FloydSteinberg,
    /// Black below this shade, for line drawings.
    Threshold(u8),
}

/// Says how wide a picture is printed; its height follows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Scale {
    /// As wide as the paper.
    Fill,
    /// A dot a point, or as wide as the paper where that is less.
    #[default]
    Natural,
    /// This many dots, or as wide as the paper where that is less.
    Dots(u16),
    /// So many hundredths of the paper's width, from 1 to 100.
    Percent(u8),
}
