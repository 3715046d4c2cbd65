//! Page mode: a page is set as a whole and printed at once.

mod page;

use countertop_wire::escpos::{LineStyle, PageArea, PageDirection, PageLine, Position};

use super::Drawing;
pub(super) use page::PageMode;
use page::{Area, MAX_HEIGHT, is_turned};

/// Is where and how page mode begins: what ESC W and ESC T said last, in either mode.
///
/// Returning to standard mode takes ESC W back and keeps ESC T; ESC @ takes back both (Epson's
/// reference, FF in page mode, ESC S).
#[derive(Debug, Clone, Copy)]
pub(super) struct PageSetup {
    /// `None` is the whole page.
    area: Option<Area>,
    direction: PageDirection,
}

impl Default for PageSetup {
    fn default() -> Self {
        Self { area: None, direction: PageDirection::LeftToRight }
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
            self.page_mode = Some(PageMode::new(self.dots, self.area(), self.page_setup.direction));
            self.turn_units();
        }
    }

    /// ESC S, and what FF does after printing.
    pub(super) fn leave_page_mode(&mut self) {
        if self.page_mode.take().is_some() {
            self.page_setup.area = None;
            self.modes.change_mode();
            self.turn_units();
            self.line = Default::default();
        }
    }

    /// Where lines run along the paper, their commands count the other way's units (ESC T).
    fn turn_units(&mut self) {
        let turned = self.page_mode.is_some() && is_turned(self.page_setup.direction);
        self.modes.units.turn(turned);
    }

    fn area(&self) -> Area {
        self.page_setup.area.unwrap_or_else(|| Area::whole(self.dots))
    }

    fn page_by(&mut self, y: i16) {
        let distance = self.modes.units.vertical(usize::from(y.unsigned_abs()));
        if self.page_mode.is_some() {
            self.print_line_in_place();
        }
        let Some(now) = self.page_mode.as_ref().map(PageMode::baseline) else { return };
        self.page_to(if y < 0 { now.checked_sub(distance) } else { now.checked_add(distance) });
    }

    /// Sets the line without moving on, as its place down is about to be chosen anew; its place across
    /// stays.
    fn print_line_in_place(&mut self) {
        let x = self.line.x;
        self.print_line();
        self.line.move_to(x);
    }

    /// GS ( Q: lines are across or down.
    fn draw_line(&mut self, line: PageLine) {
        self.draw_rectangle([line.x1, line.y1, line.x2, line.y2], line.style);
    }

    fn draw_rectangle(&mut self, corners: [u16; 4], style: LineStyle) {
        let units = self.modes.units;
        let [x1, y1, x2, y2] = corners.map(usize::from);
        let across = [x1, x2].map(|x| units.across(x).min(self.dots));
        let down = [y1, y2].map(|y| units.down(y).min(MAX_HEIGHT));
        if let Some(page) = &mut self.page_mode {
            let (left, right) = (across[0].min(across[1]), across[0].max(across[1]));
            let (top, bottom) = (down[0].min(down[1]), down[0].max(down[1]));
            page.frame((left, top), (right, bottom), style);
        }
    }

    fn page_area(&mut self, area: PageArea) {
        let units = self.modes.units;
        let dots = self.dots;
        let x = units.across(usize::from(area.x)).min(dots);
        let y = units.down(usize::from(area.y)).min(MAX_HEIGHT);
        let width = units.across(usize::from(area.width)).min(dots - x);
        let height = units.down(usize::from(area.height)).min(MAX_HEIGHT - y);
        self.page_setup.area = Some(Area { x, y, width, height });
        self.begin_area();
    }

    fn page_direction(&mut self, direction: PageDirection) {
        self.page_setup.direction = direction;
        self.begin_area();
    }

    /// Begins at the starting position of the area; in standard mode nothing happens yet.
    fn begin_area(&mut self) {
        if self.page_mode.is_some() {
            self.print_line();
        }
        let (area, direction) = (self.area(), self.page_setup.direction);
        if let Some(page) = &mut self.page_mode {
            page.begin(area, direction);
        }
        self.turn_units();
    }

    /// Moves the baseline to a place down from the area's top; one outside is ignored.
    fn page_to(&mut self, baseline: Option<usize>) {
        if self.page_mode.is_some() {
            self.print_line_in_place();
        }
        if let Some(page) = &mut self.page_mode
            && let Some(baseline) = baseline.filter(|baseline| *baseline <= page.depth())
        {
            page.move_to(baseline);
        }
    }

    /// CAN: what is in the area is deleted; area, direction, place and what is elsewhere stay.
    fn cancel_page(&mut self) {
        if let Some(page) = &mut self.page_mode {
            let x = self.line.x;
            self.line = Default::default();
            self.line.move_to(x);
            page.cancel();
        }
    }

    /// Prints the page, and leaves page mode with `leave`; without, what is set stays and is printed
    /// again with the next. In standard mode nothing happens.
    fn print_page(&mut self, leave: bool) {
        if self.page_mode.is_some() {
            self.print_line_in_place();
        }
        let Some(page) = self.page_mode.take() else { return };
        let (dots, text) = page.printed();
        self.burn(&dots, 0);
        self.feed(dots.height());
        self.text.push_str(&text);
        self.text.push('\n');
        self.page_mode = Some(page);
        if leave {
            self.leave_page_mode();
        }
    }
}
