//! Receipts as documents, apart from any printer's language.
//!
//! A document is written once and rendered by a printer driver, or to plain text or a picture for
//! people. Widths are in columns of narrow characters; a Chinese character takes two. A document is
//! data: it can be stored and read back (serde), its names in kebab case.
//!
//! What a printer lacks it need not lack on paper: a driver draws a code, a font's character or a
//! rule that the printer has not.
//!
//! ```
//! use countertop_device::document::{Align, Column, Document, Style, Table, Width};
//!
//! let columns = vec![
//!     Column::new(Width::Share(1), Align::Left),
//!     Column::new(Width::Content, Align::Right),
//! ];
//! let table = Table::new(columns).with_row(["Tea", "2.50"]).with_row(["Cake", "14.00"]);
//!
//! let mut document = Document::new();
//! document.centred("Corner Shop", Style::LARGE).rule().table(table).qr("https://example.com").cut();
//! ```

mod code;
mod picture;
mod style;
#[cfg(test)]
mod tests;
mod text;

use serde::{Deserialize, Serialize};

pub use code::{Code, CodeSystem, Hri, QrLevel};
pub use picture::{Dither, Image, Picture, Scale};
pub use style::{Align, Colour, Font, Size, Style, Underline};
pub use text::{Cell, Column, Rule, Run, Table, Width};

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
    /// A line of text of one look; a longer one is broken.
    Text {
        /// The text, without control characters.
        text: String,
        /// Where it stands.
        #[serde(default)]
        align: Align,
        /// How it looks.
        #[serde(default)]
        style: Style,
    },
    /// A line of text of several looks; a longer one is broken.
    Runs {
        /// The pieces of text in order.
        runs: Vec<Run>,
        /// Where they stand.
        #[serde(default)]
        align: Align,
    },
    /// Two texts on one line, one at each margin; the right one moves to a line of its own when
    /// both do not fit.
    Columns {
        /// At the left margin.
        left: String,
        /// At the right margin.
        right: String,
        /// How both look.
        #[serde(default)]
        style: Style,
    },
    /// Rows of cells.
    Table(Table),
    /// A line across the paper.
    Rule(Rule),
    /// Empty lines.
    Feed(u8),
    /// A bar code, QR code and the like.
    Code(Code),
    /// A picture of dots, centred.
    Picture(Picture),
    /// A picture of shades.
    Image(Image),
    /// A kick that opens a cash drawer.
    Drawer(DrawerPort),
    /// A signal of the printer's buzzer, where it has one.
    Beep {
        /// How often, from 1 to 9.
        times: u8,
    },
    /// The end of one paper: feeds to the cutter and cuts.
    Cut,
}

/// Is the connector pin that opens a drawer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum DrawerPort {
    /// Pin 2, the first drawer.
    #[default]
    First,
    /// Pin 5, the second drawer.
    Second,
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

    /// Adds a line of several looks.
    pub fn runs(&mut self, runs: Vec<Run>, align: Align) -> &mut Self {
        self.push(Block::Runs { runs, align })
    }

    /// Adds two texts at the two margins of a line.
    pub fn columns(&mut self, left: impl Into<String>, right: impl Into<String>) -> &mut Self {
        self.push(Block::Columns { left: left.into(), right: right.into(), style: Style::PLAIN })
    }

    /// Adds a table.
    pub fn table(&mut self, table: Table) -> &mut Self {
        self.push(Block::Table(table))
    }

    /// Adds a line across the paper.
    pub fn rule(&mut self) -> &mut Self {
        self.push(Block::Rule(Rule::Dashed))
    }

    /// Adds a QR code.
    pub fn qr(&mut self, content: impl Into<String>) -> &mut Self {
        self.code(CodeSystem::Qr(QrLevel::M), content)
    }

    /// Adds a code of usual size.
    pub fn code(&mut self, system: CodeSystem, content: impl Into<String>) -> &mut Self {
        self.push(Block::Code(Code::new(system, content)))
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
