//! Keyboard layouts.

mod tables;

use core::fmt;
use core::str::FromStr;

use super::symbol::Symbol;

/// Names a keyboard layout, as scanners can be set to it. The tables are those of Windows, which the
/// makers of scanners follow.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[non_exhaustive]
pub enum Layout {
    /// `de`: German (QWERTZ).
    German,
    /// `es`: Spanish.
    Spanish,
    /// `fr`: French (AZERTY).
    French,
    /// `it`: Italian.
    Italian,
    /// `jp`: Japanese, with 106 or 109 keys.
    Japanese,
    /// `uk`: English of the United Kingdom.
    British,
    /// `us`: English of the United States, also used in China.
    #[default]
    American,
}

/// Says that a text names no layout.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("no keyboard layout is called `{0}`: there are us, de, es, fr, it, jp and uk")]
pub struct ParseLayoutError(String);

/// Is what chooses between the meanings of a key: bit 0 is Shift, bit 1 is AltGr.
pub(super) type Level = u8;
/// The bit of Shift in a level.
pub(super) const SHIFT: Level = 0b01;
/// The bit of AltGr in a level.
pub(super) const ALT_GR: Level = 0b10;

/// Usages of the keys whose meaning depends on the layout, in rows from the top; ISO/IEC 9995-1
/// calls them E to B. The last of the top and bottom rows are on Japanese keyboards alone.
const ROWS: [&[u8]; 4] = [
    &[0x35, 0x1e, 0x1f, 0x20, 0x21, 0x22, 0x23, 0x24, 0x25, 0x26, 0x27, 0x2d, 0x2e, 0x89],
    &[0x14, 0x1a, 0x08, 0x15, 0x17, 0x1c, 0x18, 0x0c, 0x12, 0x13, 0x2f, 0x30],
    &[0x04, 0x16, 0x07, 0x09, 0x0a, 0x0b, 0x0d, 0x0e, 0x0f, 0x33, 0x34, 0x31],
    &[0x64, 0x1d, 0x1b, 0x06, 0x19, 0x05, 0x11, 0x10, 0x36, 0x37, 0x38, 0x87],
];

/// Holds a layout's symbols: for each level, the [`ROWS`] with a character a key. A space is a key
/// without meaning, a combining accent is a dead key.
struct Table {
    levels: [[&'static str; 4]; 4],
    /// The point of the keypad.
    decimal: char,
}

impl Layout {
    /// All layouts.
    pub const ALL: [Self; 7] = [
        Self::American,
        Self::British,
        Self::French,
        Self::German,
        Self::Italian,
        Self::Japanese,
        Self::Spanish,
    ];

    /// Returns the layout's name in the configuration.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::German => "de",
            Self::Spanish => "es",
            Self::French => "fr",
            Self::Italian => "it",
            Self::Japanese => "jp",
            Self::British => "uk",
            Self::American => "us",
        }
    }

    fn table(self) -> &'static Table {
        match self {
            Self::German => &tables::GERMAN,
            Self::Spanish => &tables::SPANISH,
            Self::French => &tables::FRENCH,
            Self::Italian => &tables::ITALIAN,
            Self::Japanese => &tables::JAPANESE,
            Self::British => &tables::BRITISH,
            Self::American => &tables::AMERICAN,
        }
    }

    /// Returns what a key means.
    pub(super) fn symbol(self, usage: u8, level: Level) -> Option<Symbol> {
        let rows = self.table().levels.get(usize::from(level))?;
        ROWS.iter().zip(rows).find_map(|(usages, symbols)| {
            let place = usages.iter().position(|&found| found == usage)?;
            Symbol::of_table(symbols.chars().nth(place)?)
        })
    }

    /// Returns the key and level that mean `symbol`, the lowest level first.
    pub(super) fn key(self, symbol: Symbol) -> Option<(u8, Level)> {
        let levels = (0..).zip(&self.table().levels);
        let mut rows =
            levels.flat_map(|(level, rows)| ROWS.iter().zip(rows).map(move |row| (level, row)));
        rows.find_map(|(level, (usages, symbols))| {
            let mut keys = usages.iter().zip(symbols.chars());
            let found = keys.find(|&(_, entry)| Symbol::of_table(entry) == Some(symbol));
            found.map(|(&usage, _)| (usage, level))
        })
    }

    /// Tells whether Caps Lock acts as Shift on a key: only where Shift makes the letter large.
    pub(super) fn has_case(self, usage: u8) -> bool {
        let letter = |level| match self.symbol(usage, level) {
            Some(Symbol::Char(letter)) => Some(letter),
            _ => None,
        };
        letter(0).zip(letter(SHIFT)).is_some_and(|(small, large)| {
            small != large && small.to_uppercase().eq(core::iter::once(large))
        })
    }

    /// Returns the point of the keypad.
    pub(super) fn decimal(self) -> char {
        self.table().decimal
    }
}

impl FromStr for Layout {
    type Err = ParseLayoutError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let named = Self::ALL.into_iter().find(|layout| layout.name() == text);
        named.ok_or_else(|| ParseLayoutError(text.into()))
    }
}

impl fmt::Display for Layout {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_fill_their_rows() {
        for layout in Layout::ALL {
            for (level, rows) in layout.table().levels.iter().enumerate() {
                for (row, (usages, symbols)) in ROWS.iter().zip(rows).enumerate() {
                    let count = symbols.chars().count();
                    let on_all = usages.len() - usize::from(row == 0 || row == 3);
                    let fits = count == 0 || count == on_all || count == usages.len();
                    assert!(fits, "{layout}: level {level}, row {row} has {count} symbols");
                }
            }
        }
    }

    #[test]
    fn names_round_trip() {
        for layout in Layout::ALL {
            assert_eq!(layout.to_string().parse(), Ok(layout));
        }
        let error = "us-intl".parse::<Layout>().unwrap_err();
        assert!(error.to_string().contains("us-intl"), "{error}");
    }

    #[test]
    fn caps_lock_is_for_letters() {
        assert!(Layout::German.has_case(0x34), "Ä");
        assert!(!Layout::German.has_case(0x2d), "ß has ? above it");
        assert!(!Layout::French.has_case(0x1f), "é has 2 above it");
        assert!(!Layout::American.has_case(0x1e) && Layout::American.has_case(0x04));
        assert!(!Layout::American.has_case(0x28));
    }
}
