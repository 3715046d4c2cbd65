//! What commands set and later commands use.

mod character;
mod codes;
mod position;

use countertop_draw::glyph::Cell;
use countertop_wire::escpos::{Align, Font, WideSet};

pub(super) use character::{CharacterModes, KanjiModes};
pub(super) use codes::{BarcodeModes, Codes};
pub(super) use position::Units;

use crate::printer::Resolution;

/// Is all settings of a printer, with those of ESC @ as default.
#[derive(Debug, Clone)]
pub(super) struct Modes {
    pub(super) align: Align,
    pub(super) character: CharacterModes,
    pub(super) kanji: KanjiModes,
    /// Settings that standard mode and page mode have each for themselves: those in force.
    pub(super) spacing: Spacing,
    /// Those of the other mode.
    other_spacing: Spacing,
    /// Tab stops in dots from the beginning of the line.
    pub(super) tabs: Vec<usize>,
    pub(super) left_margin: usize,
    pub(super) area_width: Option<usize>,
    pub(super) units: Units,
    pub(super) barcode: BarcodeModes,
    pub(super) codes: Codes,
}

/// Is the dots between characters and between lines.
#[derive(Debug, Clone, Copy)]
pub(super) struct Spacing {
    pub(super) right: usize,
    pub(super) before_wide: usize,
    pub(super) after_wide: usize,
    pub(super) line: usize,
}

/// Dots of a line at the default spacing, 3.75 mm.
const LINE_SPACING: usize = 30;

impl Default for Spacing {
    fn default() -> Self {
        Self { right: 0, before_wide: 0, after_wide: 0, line: LINE_SPACING }
    }
}

impl Modes {
    /// Returns the settings after ESC @, for a printer with these wide characters.
    pub(super) fn new(wide: WideSet, resolution: Resolution) -> Self {
        Self {
            align: Align::Left,
            character: CharacterModes::default(),
            kanji: KanjiModes::new(wide),
            spacing: Spacing::default(),
            other_spacing: Spacing::default(),
            tabs: (1..32).map(|stop| stop * 8 * usize::from(cell(Font::A).width)).collect(),
            left_margin: 0,
            area_width: None,
            units: Units::new(resolution),
            barcode: BarcodeModes::default(),
            codes: Codes::default(),
        }
    }

    /// Exchanges the settings of standard and of page mode.
    pub(super) fn change_mode(&mut self) {
        core::mem::swap(&mut self.spacing, &mut self.other_spacing);
    }

    /// Returns the cell of a narrow character.
    pub(super) fn cell(&self) -> Cell {
        cell(self.character.font)
    }

    /// Returns the cell of a wide character.
    pub(super) fn wide_cell(&self) -> Cell {
        self.kanji.cell
    }

    /// Returns how far a narrow character moves the line on.
    pub(super) fn pitch(&self) -> usize {
        (usize::from(self.cell().width) + self.spacing.right) * self.character.width
    }
}

/// Returns the dots of a font's characters.
pub(super) fn cell(font: Font) -> Cell {
    match font {
        Font::A => Cell { width: 12, height: 24, wide: false },
        Font::C => Cell { width: 8, height: 16, wide: false },
        _ => Cell { width: 9, height: 17, wide: false },
    }
}
