//! Receipts as documents, apart from any printer's language.
//!
//! A document is written once and rendered by a printer driver, or to plain text or a picture for
//! people. Widths are in columns of narrow characters; a Chinese character takes two.

use serde::{Deserialize, Serialize};

/// Is a receipt: blocks from top to bottom.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Document {
    /// The blocks in order.
    pub blocks: Vec<Block>,
}

/// Is one block of a document.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Block {
    /// A line of text; a longer one is broken.
    Text {
        /// The text, without control characters.
        text: String,
        /// Where it stands.
        align: Align,
        /// How it looks.
        style: Style,
    },
    /// Two texts on one line, one at each margin; the right one moves to a line of its own when
    /// both do not fit.
    Columns {
        /// At the left margin.
        left: String,
        /// At the right margin.
        right: String,
        /// How both look.
        style: Style,
    },
    /// A line across the paper.
    Rule,
    /// Empty lines.
    Feed(u8),
    /// A QR code, model 2.
    Qr(String),
    /// A picture, centred.
    Picture(Picture),
    /// The end of one paper: feeds to the cutter and cuts.
    Cut,
}

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
pub struct Style {
    /// Emphasised.
    pub bold: bool,
    /// Underlined.
    pub underline: bool,
    /// Twice as wide.
    pub double_width: bool,
    /// Twice as high.
    pub double_height: bool,
}

/// Is a picture of one bit a dot.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Picture {
    /// Width in dots.
    pub width: u32,
    /// Rows packed most significant bit first, 1 = black, each padded to whole bytes.
    pub rows: Vec<u8>,
}

impl Style {
    /// Plain text.
    pub const PLAIN: Self =
        Self { bold: false, underline: false, double_width: false, double_height: false };
    /// Emphasised text.
    pub const BOLD: Self = Self { bold: true, ..Self::PLAIN };
    /// Emphasised text of twice the size.
    pub const LARGE: Self =
        Self { bold: true, underline: false, double_width: true, double_height: true };
}

impl Picture {
    /// Returns the height in dots.
    #[must_use]
    pub fn height(&self) -> u32 {
        let stride = (self.width as usize).div_ceil(8);
        self.rows.len().checked_div(stride).unwrap_or(0) as u32
    }
}

impl Document {
    /// Creates an empty document.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a line at the left margin.
    pub fn line(&mut self, text: impl Into<String>) -> &mut Self {
        self.styled(text, Align::Left, Style::PLAIN)
    }

    /// Adds a line in the middle.
    pub fn centred(&mut self, text: impl Into<String>, style: Style) -> &mut Self {
        self.styled(text, Align::Centre, style)
    }

    /// Adds a line with place and look.
    pub fn styled(&mut self, text: impl Into<String>, align: Align, style: Style) -> &mut Self {
        self.push(Block::Text { text: text.into(), align, style })
    }

    /// Adds two texts at the two margins of a line.
    pub fn columns(&mut self, left: impl Into<String>, right: impl Into<String>) -> &mut Self {
        self.push(Block::Columns { left: left.into(), right: right.into(), style: Style::PLAIN })
    }

    /// Adds a line across the paper.
    pub fn rule(&mut self) -> &mut Self {
        self.push(Block::Rule)
    }

    /// Adds a QR code.
    pub fn qr(&mut self, content: impl Into<String>) -> &mut Self {
        self.push(Block::Qr(content.into()))
    }

    /// Adds a cut.
    pub fn cut(&mut self) -> &mut Self {
        self.push(Block::Cut)
    }

    /// Returns this document with another one behind it.
    #[must_use]
    pub fn followed_by(&self, other: &Self) -> Self {
        Self { blocks: self.blocks.iter().chain(&other.blocks).cloned().collect() }
    }

    /// Adds any block.
    pub fn push(&mut self, block: Block) -> &mut Self {
        self.blocks.push(block);
        self
    }
}
