//! How wide text is.

use countertop_device::document::{Font, Style};
use unicode_width::UnicodeWidthChar as _;

/// Says what a printer has of a character.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Class {
    /// It has it, as wide as a letter.
    Narrow,
    /// It has it, twice as wide.
    Wide,
    /// It has it not.
    Missing,
}

/// Knows which characters there are.
pub(crate) trait Classes {
    /// Classes a character that is not ASCII.
    fn class(&self, char: char) -> Class;

    /// Counts the narrow and the wide characters of a text; `None` when not all are there, so that
    /// each has to be looked at on its own.
    fn count(&self, _: &str) -> Option<(usize, usize)> {
        None
    }
}

/// Is what lines are broken for: a line's width, and those of characters, in dots or columns.
#[derive(Clone, Copy)]
pub(crate) struct Metrics<'a> {
    /// The width of a line.
    pub(crate) capacity: usize,
    /// The width of a narrow character of the fonts A, B and C; a wide one is twice as wide as one
    /// of font A in each of them.
    pub(crate) cells: [usize; 3],
    /// Whether sizes count.
    pub(crate) sized: bool,
    pub(crate) classes: &'a dyn Classes,
}

impl Metrics<'_> {
    /// Returns the narrow characters of font A that a line holds.
    pub(crate) fn columns(&self) -> usize {
        self.capacity / self.unit()
    }

    /// Returns the width of a narrow character of font A.
    pub(crate) fn unit(&self) -> usize {
        let [cell, ..] = self.cells;
        cell.max(1)
    }

    /// Returns the width of a narrow character.
    pub(crate) fn narrow(&self, style: Style) -> usize {
        let [a, b, c] = self.cells;
        let cell = match style.font {
            Font::A => a,
            Font::B => b,
            Font::C => c,
        };
        cell * self.factor(style)
    }

    /// Returns the width of a wide character.
    fn wide(&self, style: Style) -> usize {
        2 * self.unit() * self.factor(style)
    }

    /// Returns the width of a character.
    pub(crate) fn char(&self, char: char, style: Style) -> usize {
        if let ' '..='~' = char {
            return self.narrow(style);
        }
        match self.classes.class(char) {
            Class::Narrow => self.narrow(style),
            Class::Wide => self.wide(style),
            Class::Missing => match char.width() {
                Some(0) => 0,
                Some(2) => self.wide(style),
                _ => self.narrow(style),
            },
        }
    }

    /// Returns the width of a text.
    pub(crate) fn text(&self, text: &str, style: Style) -> usize {
        if text.is_ascii() {
            return text.len() * self.narrow(style);
        }
        match self.classes.count(text) {
            Some((narrow, wide)) => narrow * self.narrow(style) + wide * self.wide(style),
            None => text.chars().map(|char| self.char(char, style)).sum(),
        }
    }

    fn factor(&self, style: Style) -> usize {
        if self.sized { usize::from(style.size.width()) } else { 1 }
    }
}
