//! PDF417 (ISO/IEC 15438).

mod compaction;
mod correction;
mod pattern;

use countertop_wire::escpos::{Pdf417ErrorCorrection, Pdf417Form, Pdf417Rows};

use super::SymbolError;
use crate::Bitmap;
pub(super) use compaction::bytes_to_words;
use compaction::code_words;
pub(super) use correction::check_words;
pub(super) use pattern::Row;

/// Code words that a symbol has at the most, data and error correction.
const MOST: usize = 928;

/// Says how a PDF417 is to be.
#[derive(Debug, Clone, Copy)]
pub struct Pdf417Options {
    /// Data columns; nought lets the width decide.
    pub columns: usize,
    /// Rows, as many as are asked for or as are needed.
    pub rows: Pdf417Rows,
    /// A level of error correction, or a part of the data.
    pub correction: Pdf417ErrorCorrection,
    /// Whether the right row indicators are left out.
    pub form: Pdf417Form,
    /// The character set of the data as an ECI assignment number; `None` says nothing of it.
    pub character_set: Option<u32>,
    /// Modules across that there is room for.
    pub room: usize,
    /// Height of a row in module widths, which decides how many columns look well.
    pub row_height: usize,
}

/// Is the size of a symbol.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Size {
    rows: usize,
    columns: usize,
    truncated: bool,
}

impl Size {
    /// Modules of a row: start, two row indicators and stop, or start, one indicator and a bar.
    fn width(self) -> usize {
        self.columns * 17 + if self.truncated { 17 + 17 + 1 } else { 17 + 17 + 17 + 18 }
    }
}

/// Encodes bytes; each row is one dot high.
///
/// # Errors
///
/// When no symbol of these columns and rows holds so much, or it would not fit in the width.
pub fn pdf417(data: &[u8], options: &Pdf417Options) -> Result<Bitmap, SymbolError> {
    let mut words = compaction::eci(options.character_set);
    words.extend(code_words(data));
    let level = level(options.correction, words.len());
    let correction = 2_usize << level;
    let size = size(1 + words.len() + correction, options);
    let size = size.ok_or(SymbolError::TooLong(data.len()))?;
    let length = size.rows * size.columns - correction;
    words.insert(0, u16::try_from(length).unwrap_or(u16::MAX));
    words.resize(length, compaction::PADDING);
    words.extend(check_words(&words, correction));
    Ok(draw(size, level, &words))
}

/// Draws rows of so many columns with all their row indicators; the words are whole rows.
pub(super) fn rows(columns: usize, level: usize, words: &[u16]) -> Bitmap {
    let rows = words.len().checked_div(columns).unwrap_or(0);
    draw(Size { rows, columns, truncated: false }, level, words)
}

fn draw(size: Size, level: usize, words: &[u16]) -> Bitmap {
    let mut out = Bitmap::new(size.width(), size.rows);
    for (y, words) in words.chunks(size.columns).enumerate() {
        let mut row = Row::new(y % 3);
        let [left, right] = indicators(size, level, y);
        row.start();
        row.word(left);
        words.iter().for_each(|word| row.word(usize::from(*word)));
        if size.truncated {
            row.bar();
        } else {
            row.word(right);
            row.stop();
        }
        let bars = row.modules().iter().enumerate().filter(|(_, bar)| **bar);
        bars.for_each(|(x, _)| out.blacken(x, y));
    }
    out
}

/// Returns the row indicators, which tell the symbol's rows, level and columns in turn.
fn indicators(size: Size, level: usize, row: usize) -> [usize; 2] {
    let rows = (size.rows - 1) / 3;
    let level = level * 3 + (size.rows - 1) % 3;
    let columns = size.columns - 1;
    let [left, right] = match row % 3 {
        0 => [rows, columns],
        1 => [level, rows],
        _ => [columns, level],
    };
    [row / 3 * 30 + left, row / 3 * 30 + right]
}

/// Returns the level of error correction, for a ratio as Epson's manual has it (GS ( k, function
/// 069).
fn level(correction: Pdf417ErrorCorrection, data_words: usize) -> usize {
    match correction {
        Pdf417ErrorCorrection::Level(level) => usize::from(level.get()),
        Pdf417ErrorCorrection::Ratio(tenths) => match data_words * usize::from(tenths.get()) / 10 {
            0..=3 => 1,
            4..=10 => 2,
            11..=20 => 3,
            21..=45 => 4,
            46..=100 => 5,
            101..=200 => 6,
            201..=400 => 7,
            _ => 8,
        },
    }
}

/// Chooses rows and columns: those asked for, else the narrowest that is wider than high.
fn size(total: usize, options: &Pdf417Options) -> Option<Size> {
    let truncated = options.form == Pdf417Form::Truncated;
    let asked = match options.rows {
        Pdf417Rows::Rows(rows) => Some(usize::from(rows.get())),
        Pdf417Rows::Automatic => None,
    };
    let size = |columns: usize| {
        let least = total.div_ceil(columns).max(3);
        Size { rows: asked.map_or(least, |asked| asked.max(least)), columns, truncated }
    };
    let fits = |size: &Size| {
        (3..=90).contains(&size.rows)
            && asked.is_none_or(|asked| asked == size.rows)
            && size.rows * size.columns <= MOST
            && size.width() <= options.room
    };
    let columns = (1..=30).filter(|it| options.columns == 0 || *it == options.columns);
    let sizes: Vec<_> = columns.map(size).filter(fits).collect();
    let broad = |size: &&Size| size.width() >= size.rows * options.row_height;
    sizes.iter().find(broad).or_else(|| sizes.last()).copied()
}
