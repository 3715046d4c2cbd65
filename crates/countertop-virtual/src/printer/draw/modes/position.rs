//! Margins, spacing and units.

use countertop_wire::escpos::Position;

use super::{LINE_SPACING, Modes};

/// Is the motion units of GS P: parts of an inch, nought for dots.
#[derive(Debug, Clone, Copy, Default)]
pub(in crate::printer::draw) struct Units {
    across: usize,
    down: usize,
}

/// Dots of an inch of the head.
const DPI: usize = 203;

impl Units {
    pub(in crate::printer::draw) fn horizontal(self, units: usize) -> usize {
        (units * DPI).checked_div(self.across).unwrap_or(units)
    }

    pub(in crate::printer::draw) fn vertical(self, units: usize) -> usize {
        (units * DPI).checked_div(self.down).unwrap_or(units)
    }
}

impl Modes {
    /// Sets what holds at any place of a line.
    pub(in crate::printer::draw) fn set_position(&mut self, command: &Position) {
        match command {
            Position::DefaultLineSpacing => self.spacing.line = LINE_SPACING,
            Position::LineSpacing(units) => {
                self.spacing.line = self.units.vertical(usize::from(*units));
            }
            Position::TabStops(stops) => {
                let pitch = self.pitch();
                let columns = stops.columns().iter();
                self.tabs = columns.map(|column| usize::from(*column) * pitch).collect();
            }
            Position::MotionUnits(units) => {
                self.units = Units {
                    across: usize::from(units.horizontal),
                    down: usize::from(units.vertical),
                };
            }
            _ => {}
        }
    }

    /// Sets what is heeded at the beginning of a line alone.
    pub(in crate::printer::draw) fn set_at_line_start(&mut self, command: &Position) {
        match command {
            Position::Align(align) => self.align = *align,
            Position::LeftMargin(units) => {
                self.left_margin = self.units.horizontal(usize::from(*units));
            }
            Position::AreaWidth(units) => {
                self.area_width = Some(self.units.horizontal(usize::from(*units)));
            }
            _ => {}
        }
    }
}
