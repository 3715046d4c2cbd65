//! From commands to dots.

mod barcode;
mod bitmap;
pub(super) mod font;
mod line;
mod modes;
mod page_mode;
mod picture;
mod qr;
mod text;

use countertop_wire::escpos::{
    Command, Cut, Image, Mechanism, Opaque, Position, Recovery, Symbol, TwoDimensional,
};

pub use bitmap::Bitmap;
use font::Glyphs;
use line::Line;
use modes::Modes;
use page_mode::PageMode;

use super::{Page, describe};

/// The longest paper without a cut, in dots.
const MAX_PAGE: usize = 56_000;

/// The most commands that are listed of a page.
const MAX_LISTED: usize = 16_384;

/// Draws on paper what commands print. It has no state of a mechanism: paper never ends.
#[derive(Debug)]
pub(super) struct Drawing {
    dots: usize,
    modes: Modes,
    glyphs: Glyphs,
    line: Line,
    paper: Bitmap,
    /// Rows fed so far; the paper may be drawn on below.
    fed: usize,
    text: String,
    page_mode: Option<PageMode>,
    finished: Vec<Page>,
    notes: Vec<String>,
    commands: Vec<String>,
    /// Rows fed since this was last asked.
    moved: usize,
}

impl Drawing {
    pub(super) fn new(dots: u16) -> Self {
        let dots = usize::from(dots);
        Self {
            dots,
            modes: Modes::default(),
            glyphs: Glyphs::default(),
            line: Line::default(),
            paper: Bitmap::new(dots, 0),
            fed: 0,
            text: String::new(),
            page_mode: None,
            finished: Vec::new(),
            notes: Vec::new(),
            commands: Vec::new(),
            moved: 0,
        }
    }

    /// Executes one command; those that ask or move other things than paper do nothing here.
    pub(super) fn execute(&mut self, command: &Command) {
        if self.commands.len() < MAX_LISTED {
            self.commands.push(describe(command));
        }
        match command {
            Command::Character(command) => self.modes.set_character(command),
            Command::Kanji(command) => self.modes.set_kanji(command),
            Command::Image(command) => self.image(command),
            Command::Mechanism(command) => self.mechanism(command),
            Command::Position(command) => self.position(command),
            Command::Symbol(command) => self.symbol(command),
            Command::Text(text) => self.print_text(text.bytes()),
            Command::TwoDimensional(command) => self.two_dimensional(command),
            Command::Unknown(bytes) => self.note("unknown", bytes),
            Command::Unmodelled(bytes) => self.note("not drawn", bytes),
            _ => {}
        }
    }

    fn note(&mut self, what: &str, bytes: &Opaque) {
        self.notes.push(format!("{what}: {bytes}"));
    }

    /// Only what would put a symbol on paper is missed; what sets one up moves nothing.
    fn two_dimensional(&mut self, command: &TwoDimensional) {
        use TwoDimensional as It;
        if let It::Pdf417Print
        | It::MaxiCodePrint
        | It::DataBarPrint
        | It::CompositePrint
        | It::AztecPrint
        | It::DataMatrixPrint = command
        {
            self.notes.push(format!("not drawn: {command:?}"));
        }
    }

    fn mechanism(&mut self, command: &Mechanism) {
        match command {
            Mechanism::Initialize => self.initialize(),
            Mechanism::Cut(Cut::Feed(_, feed) | Cut::FeedAndReturn(_, feed)) => {
                self.print_line();
                self.feed(self.modes.units.vertical(usize::from(*feed)));
                self.cut();
            }
            Mechanism::Cut(_) | Mechanism::CutOnePoint | Mechanism::CutThreePoints => {
                self.print_line();
                self.cut();
            }
            _ => {}
        }
    }

    fn initialize(&mut self) {
        self.modes = Modes::default();
        self.line = Line::default();
        self.page_mode = None;
    }

    fn position(&mut self, command: &Position) {
        match command {
            Position::LineFeed => self.line_feed(1),
            Position::FeedLines(lines) => self.line_feed(usize::from(*lines)),
            Position::FeedDots(dots) => {
                self.feed_line(self.modes.units.vertical(usize::from(*dots)));
            }
            Position::HorizontalTab => self.tab(),
            Position::Absolute(x) => {
                self.line.move_to(self.modes.units.horizontal(usize::from(*x)));
                self.line.text.push(' ');
            }
            Position::Relative(x) => {
                let distance = usize::from(x.unsigned_abs());
                self.line.move_by(self.modes.units.horizontal(distance), *x < 0);
            }
            Position::PageMode => self.enter_page_mode(),
            Position::StandardMode => self.page_mode = None,
            Position::FormFeed | Position::PrintPage => {
                self.print_page(*command == Position::FormFeed);
            }
            Position::Cancel => self.cancel_page(),
            Position::PageArea(area) => self.page_area(*area),
            Position::PageDirection(direction) => self.page_direction(*direction),
            Position::AbsoluteVertical(y) => self.page_to(usize::from(*y)),
            other => self.modes.set_position(other),
        }
    }

    fn line_feed(&mut self, lines: usize) {
        self.feed_line(self.modes.line_spacing * lines);
    }

    /// Prints the line and feeds at least `dots`, or as much as the line is high.
    fn feed_line(&mut self, dots: usize) {
        let height = self.print_line();
        self.feed(dots.saturating_sub(height));
        self.line_end();
    }

    fn line_end(&mut self) {
        match &mut self.page_mode {
            Some(page) => page.text.push('\n'),
            None => self.text.push('\n'),
        }
    }

    fn symbol(&mut self, command: &Symbol) {
        match command {
            Symbol::QrPrint => self.print_qr(),
            Symbol::Barcode(barcode) => self.print_barcode(barcode),
            other => self.modes.set_symbol(other),
        }
    }

    fn image(&mut self, command: &Image) {
        match command {
            Image::Columns(strip) => self.print_columns(strip),
            Image::Raster(raster) => self.print_raster(raster),
            Image::StoreGraphics(graphics) => self.modes.graphics = Some(graphics.clone()),
            Image::PrintGraphics(_) => self.print_graphics(),
            _ => {}
        }
    }

    /// Prints a block of its own line, aligned.
    fn print_block(&mut self, block: Bitmap, text: &str) {
        self.print_line();
        self.line.text.push_str(text);
        self.line.put(block);
        self.print_line();
        self.line_end();
    }

    /// Feeds paper.
    fn feed(&mut self, dots: usize) {
        if let Some(page) = &mut self.page_mode {
            page.y += dots;
            return;
        }
        self.fed += dots;
        self.moved += dots;
        self.paper.grow(self.fed);
        if self.fed > MAX_PAGE {
            self.notes.push("torn off: no cut for seven metres".into());
            self.cut();
        }
    }

    fn cut(&mut self) {
        if let Some(page) = self.current() {
            self.finished.push(page);
        }
        self.paper = Bitmap::new(self.dots, 0);
        self.fed = 0;
        self.text.clear();
        self.notes.clear();
        self.commands.clear();
    }

    /// Returns what is on the paper since the last cut, if anything was printed or fed.
    pub(super) fn current(&self) -> Option<Page> {
        if self.fed == 0 {
            return None;
        }
        let mut bitmap = self.paper.clone();
        bitmap.crop(self.fed);
        let (text, notes) = (self.text.clone(), self.notes.clone());
        Some(Page { bitmap, text, notes, commands: self.commands.clone() })
    }

    /// Takes the pages that were cut.
    pub(super) fn take_finished(&mut self) -> Vec<Page> {
        core::mem::take(&mut self.finished)
    }

    /// Takes the number of rows fed since the last call.
    pub(super) fn take_moved(&mut self) -> usize {
        core::mem::take(&mut self.moved)
    }

    /// Tells whether characters wait for their line to be printed.
    pub(super) fn has_unprinted(&self) -> bool {
        !self.line.is_empty() || self.page_mode.is_some()
    }

    /// Forgets what is not on paper yet (DLE ENQ 2).
    pub(super) fn recover(&mut self, recovery: Recovery) {
        if recovery == Recovery::Clear {
            self.line = Line::default();
            self.page_mode = None;
        }
    }
}
