//! Page mode: a page is set as a whole and printed at once.

use countertop_wire::escpos::{LineStyle, PageArea, PageDirection, PageLine, Position};

use super::{Bitmap, Drawing};

/// The highest page, in dots; Epson's TM-T88 has 1662.
const MAX_HEIGHT: usize = 2400;

/// Is the page that is being set.
#[derive(Debug)]
pub(super) struct PageMode {
    page: Bitmap,
    /// The place and size of the area.
    area: (usize, usize, usize, usize),
    direction: PageDirection,
    /// What is set in the area, in the direction of its lines.
    set: Bitmap,
    /// How far down the lines reach.
    pub(super) y: usize,
    pub(super) text: String,
}

impl PageMode {
    fn new(dots: usize) -> Self {
        Self {
            page: Bitmap::new(dots, 0),
            area: (0, 0, dots, MAX_HEIGHT),
            direction: PageDirection::LeftToRight,
            set: Bitmap::new(dots, 0),
            y: 0,
            text: String::new(),
        }
    }

    /// Returns how long lines are in their direction.
    pub(super) fn line_width(&self) -> usize {
        self.size().0
    }

    fn size(&self) -> (usize, usize) {
        let (_, _, width, height) = self.area;
        match self.direction {
            PageDirection::BottomToTop | PageDirection::TopToBottom => (height, width),
            _ => (width, height),
        }
    }

    pub(super) fn print(&mut self, set: &Bitmap, x: usize) {
        self.set.grow((self.y + set.height()).min(self.size().1));
        self.set.print(set, x, self.y);
    }

    /// Turns what was set into its direction, puts it on the page and starts afresh.
    fn settle(&mut self) {
        let (x, y, _, _) = self.area;
        let (_, depth) = self.size();
        let mut set = core::mem::replace(&mut self.set, Bitmap::new(0, 0));
        if self.direction != PageDirection::LeftToRight && !set.is_blank() {
            set.grow(depth);
        }
        let turned = match self.direction {
            PageDirection::RightToLeft => set.upside_down(),
            PageDirection::TopToBottom => set.clockwise(),
            PageDirection::BottomToTop => set.clockwise().upside_down(),
            _ => set,
        };
        self.page.grow(y + turned.height());
        self.page.print(&turned, x, y);
        self.start();
    }

    /// Draws a frame on the page itself; one without width or height is a line.
    fn frame(&mut self, (x1, y1): (usize, usize), (x2, y2): (usize, usize), style: LineStyle) {
        let (thick, double) = match style {
            LineStyle::Medium => (2, false),
            LineStyle::Thick => (3, false),
            LineStyle::DoubleThin => (1, true),
            LineStyle::DoubleMedium => (2, true),
            LineStyle::DoubleThick => (3, true),
            _ => (1, false),
        };
        self.page.grow(y2 + 3 * thick);
        let offsets = if double { vec![0, 2 * thick] } else { vec![0] };
        for offset in offsets {
            let (left, top) = (x1 + offset, y1 + offset);
            let width = (x2 + thick).saturating_sub(left + offset).max(thick);
            let height = (y2 + thick).saturating_sub(top + offset).max(thick);
            let (right, bottom) = (left + width - thick, top + height - thick);
            self.page.fill(left, top, width, thick);
            self.page.fill(left, bottom, width, thick);
            self.page.fill(left, top, thick, height);
            self.page.fill(right, top, thick, height);
        }
    }

    fn start(&mut self) {
        self.set = Bitmap::new(self.size().0, 0);
        self.y = 0;
    }
}

impl Drawing {
    /// Does what has a meaning in page mode, or sets what holds in both modes.
    pub(super) fn page_position(&mut self, command: &Position) {
        match command {
            Position::PageMode => self.enter_page_mode(),
            Position::StandardMode => self.leave_page_mode(),
            Position::FormFeed | Position::PrintPage => {
                self.print_page(*command == Position::FormFeed);
            }
            Position::Cancel => self.cancel_page(),
            Position::PageArea(area) => self.page_area(*area),
            Position::PageDirection(direction) => self.page_direction(*direction),
            Position::AbsoluteVertical(y) => {
                let y = self.modes.units.vertical(usize::from(*y));
                self.page_to(Some(y));
            }
            Position::RelativeVertical(y) => self.page_by(*y),
            Position::DrawLine(line) => self.draw_line(*line),
            Position::DrawRectangle(it) => {
                self.draw_rectangle([it.x1, it.y1, it.x2, it.y2], it.style)
            }
            other => self.modes.set_position(other),
        }
    }

    /// ESC L is heeded at the beginning of a line alone.
    fn enter_page_mode(&mut self) {
        if self.page_mode.is_none() && self.line.is_at_start() {
            self.modes.change_mode();
            self.page_mode = Some(PageMode::new(self.dots));
        }
    }

    fn leave_page_mode(&mut self) {
        if self.page_mode.take().is_some() {
            self.modes.change_mode();
            self.line = Default::default();
        }
    }

    fn page_by(&mut self, y: i16) {
        let distance = self.modes.units.vertical(usize::from(y.unsigned_abs()));
        if self.page_mode.is_some() {
            self.print_line_in_place();
        }
        let Some(now) = self.page_mode.as_ref().map(|page| page.y) else { return };
        self.page_to(if y < 0 { now.checked_sub(distance) } else { now.checked_add(distance) });
    }

    /// Sets the line without moving on, as its place down is about to be chosen anew; its place across
    /// stays.
    fn print_line_in_place(&mut self) {
        let x = self.line.x;
        let height = self.print_line();
        self.line.move_to(x);
        if let Some(page) = &mut self.page_mode {
            page.y = page.y.saturating_sub(height);
        }
    }

    /// GS ( Q: lines are across or down.
    fn draw_line(&mut self, line: PageLine) {
        self.draw_rectangle([line.x1, line.y1, line.x2, line.y2], line.style);
    }

    fn draw_rectangle(&mut self, corners: [u16; 4], style: LineStyle) {
        let units = self.modes.units;
        let [x1, y1, x2, y2] = corners.map(usize::from);
        let across = [x1, x2].map(|x| units.horizontal(x).min(self.dots));
        let down = [y1, y2].map(|y| units.vertical(y).min(MAX_HEIGHT));
        if let Some(page) = &mut self.page_mode {
            let (left, right) = (across[0].min(across[1]), across[0].max(across[1]));
            let (top, bottom) = (down[0].min(down[1]), down[0].max(down[1]));
            page.frame((left, top), (right, bottom), style);
        }
    }

    fn page_area(&mut self, area: PageArea) {
        let units = self.modes.units;
        let dots = self.dots;
        let x = units.horizontal(usize::from(area.x)).min(dots);
        let y = units.vertical(usize::from(area.y)).min(MAX_HEIGHT);
        let width = units.horizontal(usize::from(area.width)).min(dots - x);
        let height = units.vertical(usize::from(area.height)).min(MAX_HEIGHT - y);
        self.change_page(|page| page.area = (x, y, width, height));
    }

    fn page_direction(&mut self, direction: PageDirection) {
        self.change_page(|page| page.direction = direction);
    }

    fn change_page(&mut self, change: impl FnOnce(&mut PageMode)) {
        if self.page_mode.is_none() {
            return;
        }
        self.print_line();
        if let Some(page) = &mut self.page_mode {
            page.settle();
            change(page);
            page.start();
        }
    }

    /// Moves down to a place of the area; one outside is ignored.
    fn page_to(&mut self, y: Option<usize>) {
        if self.page_mode.is_some() {
            self.print_line_in_place();
        }
        if let Some(page) = &mut self.page_mode
            && let Some(y) = y.filter(|y| *y <= page.size().1)
        {
            page.y = y;
        }
    }

    fn cancel_page(&mut self) {
        if self.page_mode.is_some() {
            self.line = Default::default();
            self.page_mode = Some(PageMode::new(self.dots));
        }
    }

    /// Prints the page, and leaves page mode with `leave`; in standard mode nothing happens.
    fn print_page(&mut self, leave: bool) {
        if self.page_mode.is_some() {
            self.print_line();
        }
        let Some(mut page) = self.page_mode.take() else { return };
        page.settle();
        self.paper.grow(self.fed + page.page.height());
        self.paper.print(&page.page, 0, self.fed);
        self.feed(page.page.height());
        self.text.push_str(&page.text);
        self.text.push('\n');
        if leave {
            self.modes.change_mode();
        } else {
            // What is set stays in force; the page is blank again.
            let mut next = PageMode::new(self.dots);
            (next.area, next.direction) = (page.area, page.direction);
            next.start();
            self.page_mode = Some(next);
        }
    }
}
