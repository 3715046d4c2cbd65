//! Page mode: a page is set as a whole and printed at once.

use countertop_wire::escpos::{PageArea, PageDirection};

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

    fn start(&mut self) {
        self.set = Bitmap::new(self.size().0, 0);
        self.y = 0;
    }
}

impl Drawing {
    pub(super) fn enter_page_mode(&mut self) {
        if self.page_mode.is_none() {
            self.print_line();
            self.page_mode = Some(PageMode::new(self.dots));
        }
    }

    pub(super) fn page_area(&mut self, area: PageArea) {
        let units = self.modes.units;
        let dots = self.dots;
        let x = units.horizontal(usize::from(area.x)).min(dots);
        let y = units.vertical(usize::from(area.y)).min(MAX_HEIGHT);
        let width = units.horizontal(usize::from(area.width)).min(dots - x);
        let height = units.vertical(usize::from(area.height)).min(MAX_HEIGHT - y);
        self.change_page(|page| page.area = (x, y, width, height));
    }

    pub(super) fn page_direction(&mut self, direction: PageDirection) {
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

    pub(super) fn page_to(&mut self, y: usize) {
        let y = self.modes.units.vertical(y);
        if self.page_mode.is_some() {
            self.print_line();
        }
        if let Some(page) = &mut self.page_mode {
            page.y = y;
        }
    }

    pub(super) fn cancel_page(&mut self) {
        if self.page_mode.is_some() {
            self.line = Default::default();
            self.page_mode = Some(PageMode::new(self.dots));
        }
    }

    /// Prints the page, and leaves page mode with `leave`; in standard mode nothing happens.
    pub(super) fn print_page(&mut self, leave: bool) {
        self.print_line_of_page();
        let Some(mut page) = self.page_mode.take() else { return };
        page.settle();
        self.paper.grow(self.fed + page.page.height());
        self.paper.print(&page.page, 0, self.fed);
        self.feed(page.page.height());
        self.text.push_str(&page.text);
        self.text.push('\n');
        if !leave {
            self.page_mode = Some(PageMode::new(self.dots));
        }
    }

    fn print_line_of_page(&mut self) {
        if self.page_mode.is_some() {
            self.print_line();
        }
    }
}
