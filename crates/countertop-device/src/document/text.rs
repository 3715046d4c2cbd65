//! Text of several looks, and tables of it.

use serde::{Deserialize, Serialize};

use super::{Align, Style};

/// Is a piece of text of one look.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Run {
    /// The text, without control characters.
    pub text: String,
    /// How it looks.
    #[serde(default)]
    pub style: Style,
}

impl Run {
    /// Creates a piece of text.
    pub fn new(text: impl Into<String>, style: Style) -> Self {
        Self { text: text.into(), style }
    }
}

impl<T: Into<String>> From<T> for Run {
    fn from(text: T) -> Self {
        Self::new(text, Style::PLAIN)
    }
}

/// Is rows of cells that stand below each other.
///
/// Text that is too long for its cell is broken within it. What is left of the paper's width stays
/// empty, or goes to the columns that share it.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Table {
    /// The columns from left to right.
    pub columns: Vec<Column>,
    /// The rows from top to bottom; a row with fewer cells than columns ends early, and cells
    /// without a column are not shown.
    pub rows: Vec<Vec<Cell>>,
    /// Empty columns of narrow characters between two columns.
    #[serde(default = "Table::default_gap")]
    pub gap: u8,
}

impl Table {
    /// Creates a table without rows, its columns one character apart.
    #[must_use]
    pub fn new(columns: Vec<Column>) -> Self {
        Self { columns, rows: Vec::new(), gap: Self::default_gap() }
    }

    /// Adds a row.
    #[must_use]
    pub fn with_row<C: Into<Cell>>(mut self, cells: impl IntoIterator<Item = C>) -> Self {
        self.rows.push(cells.into_iter().map(Into::into).collect());
        self
    }

    const fn default_gap() -> u8 {
        1
    }
}

/// Is a column of a table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Column {
    /// How wide it is.
    #[serde(default)]
    pub width: Width,
    /// Where its text stands.
    #[serde(default)]
    pub align: Align,
}

impl Column {
    /// Creates a column.
    #[must_use]
    pub fn new(width: Width, align: Align) -> Self {
        Self { width, align }
    }
}

/// Is the width of a table's column.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Width {
    /// As wide as its widest cell.
    Content,
    /// This many narrow characters.
    Fixed(u8),
    /// So many parts of what the other columns leave.
    Share(u8),
}

impl Default for Width {
    fn default() -> Self {
        Self::Share(1)
    }
}

/// Is a cell of a table.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Cell {
    /// Its text.
    pub runs: Vec<Run>,
}

impl From<Vec<Run>> for Cell {
    fn from(runs: Vec<Run>) -> Self {
        Self { runs }
    }
}

impl From<&str> for Cell {
    fn from(text: &str) -> Self {
        Self { runs: vec![text.into()] }
    }
}

impl From<String> for Cell {
    fn from(text: String) -> Self {
        Self { runs: vec![text.into()] }
    }
}

/// Says what a line across the paper is made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Rule {
    /// Hyphens.
    #[default]
    Dashed,
    /// Equals signs.
    Double,
    /// Full stops.
    Dotted,
    /// A line of dots without gaps, drawn.
    Solid,
}
