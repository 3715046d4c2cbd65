//! The page that is being set, dot by dot.

use countertop_wire::escpos::{LineStyle, PageDirection};

use super::super::Bitmap;

/// The highest page, in dots; Epson's TM-T88III has 831, later models twice as many.
pub(super) const MAX_HEIGHT: usize = 2400;

/// Dots from the top of an area to its first baseline: a character of 24 dots has 21 above it and 3
/// below (TM-T88III Specification, 3.12.3, figure 3.12.2).
const FIRST_BASELINE: usize = 21;

/// Is the place and size of an area of the page, in dots (ESC W).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Area {
    pub(super) x: usize,
    pub(super) y: usize,
    pub(super) width: usize,
    pub(super) height: usize,
}

impl Area {
    /// Returns the whole page, the default of ESC W.
    pub(super) fn whole(dots: usize) -> Self {
        Self { x: 0, y: 0, width: dots, height: MAX_HEIGHT }
    }

    fn has(self, x: usize, y: usize) -> bool {
        (self.x..self.x + self.width).contains(&x) && (self.y..self.y + self.height).contains(&y)
    }

    /// Tells whether nothing of `other` is outside.
    fn covers(self, other: Self) -> bool {
        let last = |from: usize, length: usize| from + length.saturating_sub(1);
        self.has(other.x, other.y)
            && self.has(last(other.x, other.width), last(other.y, other.height))
    }
}

/// Is the page that is being set.
#[derive(Debug)]
pub(in crate::printer::draw) struct PageMode {
    page: Bitmap,
    area: Area,
    direction: PageDirection,
    /// What is set in the area, in the direction of its lines.
    set: Bitmap,
    /// How far the baseline is below the area's top.
    baseline: usize,
    /// The characters set in the area.
    text: String,
    /// Those of areas before.
    texts: Vec<(Area, String)>,
}

impl PageMode {
    pub(super) fn new(dots: usize, area: Area, direction: PageDirection) -> Self {
        let set = Bitmap::new(0, 0);
        let (text, texts) = (String::new(), Vec::new());
        let page = Bitmap::new(dots, 0);
        let mut page = Self { page, area, direction, set, baseline: 0, text, texts };
        page.start();
        page
    }

    /// Returns how long lines are in their direction.
    pub(in crate::printer::draw) fn line_width(&self) -> usize {
        self.size().0
    }

    /// Returns how far lines go down in their direction.
    pub(super) fn depth(&self) -> usize {
        self.size().1
    }

    fn size(&self) -> (usize, usize) {
        let Area { width, height, .. } = self.area;
        if is_turned(self.direction) { (height, width) } else { (width, height) }
    }

    pub(super) fn baseline(&self) -> usize {
        self.baseline
    }

    pub(super) fn move_to(&mut self, baseline: usize) {
        self.baseline = baseline;
    }

    /// Moves the baseline down, however high the line is.
    pub(in crate::printer::draw) fn feed(&mut self, dots: usize) {
        self.baseline += dots;
    }

    /// Moves the baseline up, not above the area.
    pub(in crate::printer::draw) fn feed_back(&mut self, dots: usize) {
        self.baseline = self.baseline.saturating_sub(dots);
    }

    pub(in crate::printer::draw) fn push_text(&mut self, text: &str) {
        self.text.push_str(text);
    }

    /// Puts something on the baseline, with `below` of its rows beneath; what rises above the area is
    /// cut off, as is what goes below.
    pub(in crate::printer::draw) fn place(&mut self, dots: &Bitmap, x: usize, below: usize) {
        let bottom = self.baseline + below;
        let hidden = dots.height().saturating_sub(bottom);
        self.set.grow(bottom.min(self.depth()));
        self.set.print(&without_top(dots, hidden), x, bottom.saturating_sub(dots.height()));
    }

    /// Returns the page as it would be printed now, and its characters.
    pub(super) fn printed(&self) -> (Bitmap, String) {
        let texts = self.texts.iter().map(|(_, text)| text.as_str());
        (self.composed(), texts.chain([self.text.as_str()]).collect())
    }

    /// Returns the page with what was set turned into its direction.
    fn composed(&self) -> Bitmap {
        let mut page = self.page.clone();
        if self.set.height() == 0 {
            return page;
        }
        let mut set = self.set.clone();
        if self.direction != PageDirection::LeftToRight && !set.is_blank() {
            set.grow(self.depth());
        }
        let turned = match self.direction {
            PageDirection::RightToLeft => set.upside_down(),
            PageDirection::TopToBottom => set.clockwise(),
            PageDirection::BottomToTop => set.clockwise().upside_down(),
            _ => set,
        };
        page.grow(self.area.y + turned.height());
        page.print(&turned, self.area.x, self.area.y);
        page
    }

    /// Leaves on the page what was set, and begins in another area or direction.
    pub(super) fn begin(&mut self, area: Area, direction: PageDirection) {
        self.page = self.composed();
        if !self.text.is_empty() {
            self.texts.push((self.area, core::mem::take(&mut self.text)));
        }
        (self.area, self.direction) = (area, direction);
        self.start();
    }

    /// Deletes what is in the area, whichever area it was set in.
    pub(super) fn cancel(&mut self) {
        let area = self.area;
        self.set = Bitmap::new(self.line_width(), 0);
        if !self.page.is_blank() {
            blank(&mut self.page, area);
        }
        self.text.clear();
        self.texts.retain(|(place, _)| !area.covers(*place));
    }

    /// Draws a frame on the page itself; one without width or height is a line.
    pub(super) fn frame(
        &mut self,
        (x1, y1): (usize, usize),
        (x2, y2): (usize, usize),
        style: LineStyle,
    ) {
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
        self.set = Bitmap::new(self.line_width(), 0);
        self.baseline = FIRST_BASELINE;
    }
}

/// Tells whether lines run along the paper.
pub(super) fn is_turned(direction: PageDirection) -> bool {
    matches!(direction, PageDirection::BottomToTop | PageDirection::TopToBottom)
}

/// Returns a picture without its first rows.
fn without_top(dots: &Bitmap, rows: usize) -> Bitmap {
    let mut turned = dots.upside_down();
    turned.crop(dots.height() - rows.min(dots.height()));
    turned.upside_down()
}

/// Whitens an area of a page.
fn blank(page: &mut Bitmap, area: Area) {
    for y in area.y..(area.y + area.height).min(page.height()) {
        for x in area.x..area.x + area.width {
            if page.is_black(x, y) {
                page.invert(x, y, 1, 1);
            }
        }
    }
}
