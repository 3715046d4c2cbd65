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
    /// Whether the line is printed upside down, as ESC { said at its beginning.
    upside_down: bool,
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

    pub(super) fn is_empty(&self) -> bool {
        self.items.is_empty()
    }

    /// Tells whether nothing was set and no place was chosen.
    pub(super) fn is_at_start(&self) -> bool {
        self.items.is_empty() && self.x == 0
    }

    pub(super) fn turn(&mut self, upside_down: bool) {
        self.upside_down = upside_down;
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
    /// Returns the dots between the margins; room for one character at least.
    pub(super) fn area_width(&self) -> usize {
        if let Some(page) = &self.page_mode {
            return page.line_width();
        }
        let rest = self.dots.saturating_sub(self.left_margin());
        let width = self.modes.area_width.map_or(rest, |width| width.min(rest));
        width.max(self.modes.pitch().min(self.dots))
    }

    /// A margin leaves room for one character at least.
    pub(super) fn left_margin(&self) -> usize {
        if self.page_mode.is_some() {
            return 0;
        }
        self.modes.left_margin.min(self.dots.saturating_sub(self.modes.pitch()))
    }

    /// Puts the line on paper and returns its height; an empty line takes none.
    pub(in crate::printer) fn print_line(&mut self) -> usize {
        let line = core::mem::take(&mut self.line);
        self.line.turn(self.modes.character.upside_down);
        self.record_text(&line.text);
        if line.is_empty() {
            return 0;
        }
        let area = self.area_width();
        let gap = area.saturating_sub(line.width());
        let offset = match self.modes.align {
            _ if self.page_mode.is_some() => 0,
            Align::Centre => gap / 2,
            Align::Right => gap,
            _ => 0,
        };
        let set = line.set(offset, area);
        let turned = line.upside_down && self.page_mode.is_none();
        let set = if turned { set.upside_down() } else { set };
        self.print_set(&set);
        set.height()
    }

    fn record_text(&mut self, text: &str) {
        match &mut self.page_mode {
            Some(page) => page.text.push_str(text),
            None => self.text.push_str(text),
        }
    }

    fn print_set(&mut self, set: &Bitmap) {
        let margin = self.left_margin();
        if let Some(page) = &mut self.page_mode {
            page.print(set, 0);
        } else {
            self.paper.grow(self.fed + set.height());
            self.paper.print(set, margin, self.fed);
        }
        self.feed(set.height());
    }

    /// Prints a block of its own line, aligned; in page mode it becomes a part of the line.
    pub(super) fn print_block(&mut self, block: Bitmap, text: &str) {
        if self.page_mode.is_some() {
            self.line.text.push_str(text);
            self.line.put(block);
            return;
        }
        self.print_line();
        self.line.text.push_str(text);
        self.line.put(block);
        self.print_line();
        self.line_end();
    }
}
