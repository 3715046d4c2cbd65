//! The line that is being set, and how it gets on paper.

use countertop_wire::escpos::Align;

use super::{Bitmap, Drawing};

/// Is a part of a line.
#[derive(Debug)]
struct Item {
    x: usize,
    dots: Bitmap,
    /// How many of its rows are below the baseline of page mode.
    below: usize,
}

/// Is what is printed on a line of its own: a picture, or a code.
#[derive(Debug)]
pub(super) struct Block {
    pub(super) dots: Bitmap,
    /// How many of its rows are below the baseline of page mode: those of a readable text.
    pub(super) below: usize,
}

/// Stands on the baseline.
impl From<Bitmap> for Block {
    fn from(dots: Bitmap) -> Self {
        Self { dots, below: 0 }
    }
}

/// Is the print buffer of one line.
#[derive(Debug, Default)]
pub(super) struct Line {
    items: Vec<Item>,
    /// Where the next item goes.
    pub(super) x: usize,
    pub(super) text: String,
    /// Whether the line is printed upside down, as ESC { said at its beginning.
    upside_down: bool,
}

impl Line {
    /// Appends a picture or code at the place reached; in page mode it stands on the baseline.
    pub(super) fn put(&mut self, dots: Bitmap) {
        self.put_with(dots, 0);
    }

    /// Appends a character, an eighth of which is below the baseline of page mode (TM-T88III
    /// Specification, figure 3.12.2: 3 of 24 dots).
    pub(super) fn put_character(&mut self, dots: Bitmap) {
        let below = dots.height() / 8;
        self.put_with(dots, below);
    }

    fn put_with(&mut self, dots: Bitmap, below: usize) {
        let x = self.x;
        self.x += dots.width();
        self.items.push(Item { x, dots, below });
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
        self.items.iter().map(|item| item.x + item.dots.width()).max().unwrap_or(0)
    }

    fn height(&self) -> usize {
        self.items.iter().map(|item| item.dots.height()).max().unwrap_or(0)
    }

    /// Sets the items with their lower edges on one line.
    fn set(&self, offset: usize, width: usize) -> Bitmap {
        let height = self.height();
        let mut out = Bitmap::new(width, height);
        for Item { x, dots, .. } in &self.items {
            out.print(dots, offset + x, height - dots.height());
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

    /// Puts the line on paper and returns its height; an empty line takes none, nor does one of page
    /// mode, whose baselines are as far apart as is fed.
    pub(in crate::printer) fn print_line(&mut self) -> usize {
        let line = core::mem::take(&mut self.line);
        self.line.turn(self.modes.character.upside_down);
        self.record_text(&line.text);
        if let Some(page) = &mut self.page_mode {
            line.items.iter().for_each(|item| page.place(&item.dots, item.x, item.below));
            return 0;
        }
        if line.is_empty() { 0 } else { self.print_on_paper(&line) }
    }

    fn record_text(&mut self, text: &str) {
        match &mut self.page_mode {
            Some(page) => page.push_text(text),
            None => self.text.push_str(text),
        }
    }

    fn print_on_paper(&mut self, line: &Line) -> usize {
        let area = self.area_width();
        let gap = area.saturating_sub(line.width());
        let offset = match self.modes.align {
            Align::Centre => gap / 2,
            Align::Right => gap,
            _ => 0,
        };
        let set = line.set(offset, area);
        let set = if line.upside_down { set.upside_down() } else { set };
        self.burn(&set, self.left_margin());
        self.feed(set.height());
        set.height()
    }

    /// Prints a block of its own line, aligned; in page mode it becomes a part of the line.
    pub(super) fn print_block(&mut self, block: Block, text: &str) {
        if self.page_mode.is_some() {
            self.line.text.push_str(text);
            self.line.put_with(block.dots, block.below);
            return;
        }
        self.print_line();
        self.line.text.push_str(text);
        self.line.put(block.dots);
        self.print_line();
        self.line_end();
    }
}
