//! The line that is being set, and how it gets on paper.

use countertop_wire::escpos::Align;

use super::{Bitmap, Drawing};

/// Is the print buffer of one line.
#[derive(Debug, Default)]
pub(super) struct Line {
    items: Vec<(usize, Bitmap)>,
    /// Where the next item goes.
    pub(super) x: usize,
    pub(super) text: String,
}

impl Line {
    /// Appends an item at the place reached.
    pub(super) fn put(&mut self, item: Bitmap) {
        let x = self.x;
        self.x += item.width();
        self.items.push((x, item));
    }

    pub(super) fn move_to(&mut self, x: usize) {
        self.x = x;
    }

    pub(super) fn move_by(&mut self, distance: usize, back: bool) {
        self.x = if back { self.x.saturating_sub(distance) } else { self.x + distance };
    }

    pub(super) fn is_empty(&self) -> bool {
        self.items.is_empty()
    }

    fn width(&self) -> usize {
        self.items.iter().map(|(x, item)| x + item.width()).max().unwrap_or(0)
    }

    fn height(&self) -> usize {
        self.items.iter().map(|(_, item)| item.height()).max().unwrap_or(0)
    }

    /// Sets the items with their lower edges on one line.
    fn set(&self, offset: usize, width: usize) -> Bitmap {
        let height = self.height();
        let mut out = Bitmap::new(width, height);
        for (x, item) in &self.items {
            out.print(item, offset + x, height - item.height());
        }
        out
    }
}

impl Drawing {
    /// Returns the dots between the margins.
    pub(super) fn area_width(&self) -> usize {
        let whole = self.page_mode.as_ref().map_or(self.dots, |page| page.line_width());
        let rest = whole.saturating_sub(self.modes.left_margin);
        self.modes.area_width.map_or(rest, |width| width.min(rest))
    }

    /// Puts the line on paper and returns its height; an empty line takes none.
    pub(in crate::printer) fn print_line(&mut self) -> usize {
        let line = core::mem::take(&mut self.line);
        self.record(&line.text);
        if line.is_empty() {
            return 0;
        }
        let area = self.area_width();
        let gap = area.saturating_sub(line.width());
        let offset = match self.modes.align {
            Align::Centre => gap / 2,
            Align::Right => gap,
            _ => 0,
        };
        let set = line.set(offset, area);
        let set = if self.modes.upside_down { set.upside_down() } else { set };
        self.print_set(&set);
        set.height()
    }

    fn record(&mut self, text: &str) {
        match &mut self.page_mode {
            Some(page) => page.text.push_str(text),
            None => self.text.push_str(text),
        }
    }

    fn print_set(&mut self, set: &Bitmap) {
        let margin = self.modes.left_margin;
        if let Some(page) = &mut self.page_mode {
            page.print(set, margin);
        } else {
            self.paper.grow(self.fed + set.height());
            self.paper.print(set, margin, self.fed);
        }
        self.feed(set.height());
    }

    /// HT: to the next tab stop; beyond the last one nothing happens.
    pub(super) fn tab(&mut self) {
        let column = (usize::from(self.modes.cell().width) + self.modes.spacing) * self.modes.width;
        let next = self.modes.tabs.iter().map(|tab| tab * column).find(|x| *x > self.line.x);
        if let Some(x) = next {
            self.line.move_to(x);
        }
        self.line.text.push('\t');
    }
}
