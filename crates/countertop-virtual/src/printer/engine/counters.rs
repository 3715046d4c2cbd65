//! Maintenance counters (GS g 0, GS g 2), which outlast being switched off.

use countertop_wire::escpos::Reply;

use super::Engine;
use crate::printer::draw::Work;

/// Rows of dots that count as a line.
const LINE: u32 = 30;

/// Is one count since the printer was made, and since it was last set back. Both begin anew behind the
/// greatest number.
#[derive(Debug, Clone, Copy, Default)]
struct Count {
    ever: u32,
    since_reset: u32,
}

impl Count {
    fn add(&mut self, more: u32) {
        self.ever = self.ever.wrapping_add(more);
        self.since_reset = self.since_reset.wrapping_add(more);
    }
}

/// Is the counters of a TM-T90, TM-L90 or TM-P60 (Epson, Programming Guide, GS g 2, p. 479). The hours in
/// which it was on are always 0.
#[derive(Debug, Default)]
pub(super) struct Counters {
    rows: Count,
    strokes: Count,
    cuts: Count,
}

impl Counters {
    pub(super) fn add(&mut self, work: Work) {
        self.rows.add(u32::try_from(work.rows).unwrap_or(u32::MAX));
        self.strokes.add(u32::try_from(work.strokes).unwrap_or(u32::MAX));
        self.cuts.add(work.cuts);
    }

    /// Returns the counter of a number; `None` for a number that these printers do not have.
    fn get(&self, number: u16) -> Option<u32> {
        Some(match number {
            20 => self.rows.since_reset / LINE,
            21 => self.strokes.since_reset,
            50 => self.cuts.since_reset,
            148 => self.rows.ever / LINE,
            149 => self.strokes.ever,
            178 => self.cuts.ever,
            70 | 198 => 0,
            _ => return None,
        })
    }

    fn reset(&mut self, number: u16) {
        match number {
            20 => self.rows.since_reset = 0,
            21 => self.strokes.since_reset = 0,
            50 => self.cuts.since_reset = 0,
            _ => {}
        }
    }
}

impl Engine {
    pub(super) fn tell_counter(&mut self, number: u16) {
        if let Some(count) = self.counters.get(number) {
            self.answer(&Reply::Information(count.to_string().into_bytes()));
        }
    }

    /// GS g 0, which standard mode heeds at the beginning of a line alone.
    pub(super) fn reset_counter(&mut self, number: u16) {
        if self.drawing.is_at_start() {
            self.counters.reset(number);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counters_begin_anew_behind_their_greatest_number() {
        let mut counters = Counters::default();
        counters.add(Work { rows: u32::MAX as usize, strokes: 3, cuts: 2 });
        assert_eq!(counters.get(148), Some(143_165_576));
        counters.add(Work { rows: 31, strokes: u32::MAX as usize, cuts: 0 });
        let all = [20, 21, 50, 70, 148, 149, 178, 198].map(|number| counters.get(number));
        assert_eq!(all, [1, 2, 2, 0, 1, 2, 2, 0].map(Some));
    }
}
