//! Margins, spacing and units.

use countertop_wire::escpos::{MotionUnits, Position};

use super::{LINE_SPACING, Modes};
use crate::printer::Resolution;

/// Is the motion units of GS P, and of which each command counts.
///
/// "The calculated result is truncated to the minimum value of the mechanical pitch", which is a dot
/// (TM-H5000II Specification, GS P).
#[derive(Debug, Clone, Copy)]
pub(in crate::printer::draw) struct Units {
    resolution: Resolution,
    /// Parts of an inch across the paper.
    across: usize,
    /// Parts of an inch along the paper.
    down: usize,
    /// Whether lines run along the paper, so that both change places.
    turned: bool,
}

impl Units {
    pub(in crate::printer::draw) fn new(resolution: Resolution) -> Self {
        let own = MotionUnits { horizontal: 0, vertical: 0 };
        Self { resolution, across: 0, down: 0, turned: false }.set(own)
    }

    /// GS P; nought is the printer's own unit.
    fn set(self, units: MotionUnits) -> Self {
        let or = |unit: u8, own: u16| usize::from(if unit == 0 { own } else { unit.into() });
        let Resolution { horizontal, vertical, .. } = self.resolution;
        let (across, down) = (or(units.horizontal, horizontal), or(units.vertical, vertical));
        Self { across, down, ..self }
    }

    /// Says whether lines run along the paper, as ESC T has them in page mode.
    pub(in crate::printer::draw) fn turn(&mut self, turned: bool) {
        self.turned = turned;
    }

    /// Returns the dots of units in the direction of lines (ESC $, ESC \, ESC SP, FS S).
    pub(in crate::printer::draw) fn horizontal(self, units: usize) -> usize {
        if self.turned { self.down(units) } else { self.across(units) }
    }

    /// Returns the dots of units from line to line (ESC 3, ESC J, ESC K, GS $, GS \).
    pub(in crate::printer::draw) fn vertical(self, units: usize) -> usize {
        if self.turned { self.across(units) } else { self.down(units) }
    }

    /// Returns the dots of units across the paper, however lines run (ESC W, GS L, GS W).
    pub(in crate::printer::draw) fn across(self, units: usize) -> usize {
        self.dots(units, self.across)
    }

    /// Returns the dots of units along the paper, however lines run (ESC W, GS V).
    pub(in crate::printer::draw) fn down(self, units: usize) -> usize {
        self.dots(units, self.down)
    }

    fn dots(self, units: usize, inch: usize) -> usize {
        (units * usize::from(self.resolution.dpi)).checked_div(inch).unwrap_or(units)
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
            Position::MotionUnits(units) => self.units = self.units.set(*units),
            _ => {}
        }
    }

    /// Sets what is heeded at the beginning of a line alone.
    pub(in crate::printer::draw) fn set_at_line_start(&mut self, command: &Position) {
        match command {
            Position::Align(align) => self.align = *align,
            Position::LeftMargin(units) => {
                self.left_margin = self.units.across(usize::from(*units));
            }
            Position::AreaWidth(units) => {
                self.area_width = Some(self.units.across(usize::from(*units)));
            }
            _ => {}
        }
    }
}
