//! Feeds, tabs, margins and places.

use countertop_wire::escpos::Position;

use super::Drawing;

impl Drawing {
    pub(super) fn position(&mut self, command: &Position) {
        match command {
            Position::LineFeed => self.line_feed(1),
            Position::FeedLines(lines) => self.line_feed(usize::from(*lines)),
            Position::FeedDots(dots) => {
                self.feed_line(self.modes.units.vertical(usize::from(*dots)));
            }
            Position::ReverseFeedDots(dots) => {
                let dots = self.modes.units.vertical(usize::from(*dots));
                self.reverse_feed(dots);
            }
            Position::ReverseFeedLines(lines) => {
                self.reverse_feed(self.modes.spacing.line * usize::from(*lines));
            }
            Position::HorizontalTab => self.tab(),
            Position::Absolute(x) => self.move_to(usize::from(*x)),
            Position::Relative(x) => self.move_by(*x),
            Position::LineStart(print) => self.line_start(*print),
            Position::Align(_) | Position::LeftMargin(_) | Position::AreaWidth(_) => {
                if self.page_mode.is_some() || self.line.is_at_start() {
                    self.modes.set_at_line_start(command);
                }
            }
            other => self.page_position(other),
        }
    }

    pub(super) fn line_feed(&mut self, lines: usize) {
        self.feed_line(self.modes.spacing.line * lines);
    }

    /// Prints the line and feeds at least `dots`, or as much as the line is high; in page mode `dots`,
    /// however high it is.
    fn feed_line(&mut self, dots: usize) {
        let height = self.print_line();
        self.feed(dots.saturating_sub(height));
        self.line_end();
    }

    pub(super) fn line_end(&mut self) {
        match &mut self.page_mode {
            Some(page) => page.push_text("\n"),
            None => self.text.push('\n'),
        }
    }

    /// Prints the line and feeds backwards, from where the line began.
    fn reverse_feed(&mut self, dots: usize) {
        let height = self.print_line();
        self.feed_back(dots + height);
        self.line_end();
    }

    /// HT: to the next tab stop; beyond the last one nothing happens, and one beyond the area is at
    /// its end.
    fn tab(&mut self) {
        let next = self.modes.tabs.iter().find(|x| **x > self.line.x).copied();
        if let Some(x) = next {
            self.line.move_to(x.min(self.area_width()));
            self.line.text.push('\t');
        }
    }

    /// ESC $: a place outside the area is ignored.
    fn move_to(&mut self, x: usize) {
        let x = self.modes.units.horizontal(x);
        if x <= self.area_width() {
            self.line.move_to(x);
            self.line.text.push(' ');
        }
    }

    /// ESC \: likewise.
    fn move_by(&mut self, x: i16) {
        let distance = self.modes.units.horizontal(usize::from(x.unsigned_abs()));
        let x = match x < 0 {
            true => self.line.x.checked_sub(distance),
            false => Some(self.line.x + distance).filter(|x| *x <= self.area_width()),
        };
        if let Some(x) = x {
            self.line.move_to(x);
        }
    }

    /// GS T: to the beginning of the line, after printing what is there or forgetting it.
    fn line_start(&mut self, print: u8) {
        if self.page_mode.is_some() {
            return;
        }
        if print & 1 == 1 {
            self.print_line();
        } else {
            self.line = super::Line::default();
        }
    }
}
