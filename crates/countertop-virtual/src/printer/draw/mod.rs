//! From commands to dots.

mod code;
mod composite;
pub(super) mod glyph;
mod line;
mod memory;
mod modes;
mod page_mode;
mod picture;
mod position;
mod sequence;
mod text;
mod two_dimensional;
mod user;

use countertop_wire::escpos::{Command, Cut, Kanji, Mechanism, Opaque, Recovery, WideSet};

pub use countertop_draw::Bitmap;
use countertop_draw::glyph::Glyphs;
use line::Line;
use memory::Memory;
use modes::Modes;
use page_mode::{PageMode, PageSetup};
use sequence::Sequences;
use user::UserGlyphs;

use super::{Page, PrinterConfig, Resolution, describe};

/// The longest paper without a cut, in dots.
const MAX_PAGE: usize = 56_000;

/// The most commands that are listed of a page.
const MAX_LISTED: usize = 16_384;

/// Draws on paper what commands print. It has no state of a mechanism: paper never ends.
#[derive(Debug)]
pub(super) struct Drawing {
    dots: usize,
    wide: WideSet,
    resolution: Resolution,
    modes: Modes,
    glyphs: Glyphs,
    user: UserGlyphs,
    memory: Memory,
    sequences: Sequences,
    line: Line,
    paper: Bitmap,
    /// Where the paper stands; it may be drawn on below, and above after it was fed backwards.
    fed: usize,
    /// The farthest it stood.
    farthest: usize,
    text: String,
    page_mode: Option<PageMode>,
    page_setup: PageSetup,
    finished: Vec<Page>,
    notes: Vec<String>,
    commands: Vec<String>,
    /// What the mechanism did since this was last asked.
    work: Work,
}

/// Is what the mechanism has done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Work {
    /// Rows of dots fed forwards.
    pub(super) rows: usize,
    /// Rows in which the head printed a dot.
    pub(super) strokes: usize,
    /// Cuts.
    pub(super) cuts: u32,
}

impl Drawing {
    pub(super) fn new(config: &PrinterConfig) -> Self {
        let dots = usize::from(config.dots);
        Self {
            dots,
            wide: config.wide,
            resolution: config.resolution,
            modes: Modes::new(config.wide, config.resolution),
            glyphs: Glyphs::new(&glyph::FACES),
            user: UserGlyphs::default(),
            memory: Memory::default(),
            sequences: Sequences::default(),
            line: Line::default(),
            paper: Bitmap::new(dots, 0),
            fed: 0,
            farthest: 0,
            text: String::new(),
            page_mode: None,
            page_setup: PageSetup::default(),
            finished: Vec::new(),
            notes: Vec::new(),
            commands: Vec::new(),
            work: Work::default(),
        }
    }

    /// Executes one command; those that ask or move other things than paper do nothing here.
    pub(super) fn execute(&mut self, command: &Command) {
        if self.commands.len() < MAX_LISTED {
            self.commands.push(describe(command));
        }
        if !self.record(command) {
            self.perform(command);
        }
    }

    fn perform(&mut self, command: &Command) {
        match command {
            Command::Character(command) => self.character(command),
            Command::Kanji(command) => self.kanji(command),
            Command::Image(command) => self.image(command),
            Command::Mechanism(command) => self.mechanism(command),
            Command::Position(command) => self.position(command),
            Command::Sequence(command) => self.sequence(command),
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

    fn kanji(&mut self, command: &Kanji) {
        match command {
            Kanji::Define(kanji) => self.user.define_kanji(kanji),
            Kanji::Undefine(code) => self.user.undefine_kanji(*code),
            other => self.modes.set_kanji(other),
        }
    }

    fn mechanism(&mut self, command: &Mechanism) {
        match command {
            Mechanism::Initialize => self.initialize(),
            Mechanism::Cut(Cut::Feed(_, feed) | Cut::FeedAndReturn(_, feed)) => {
                self.feed_and_cut(*feed);
            }
            Mechanism::FeedAndCut(cut) => self.feed_and_cut(cut.feed),
            Mechanism::Cut(_)
            | Mechanism::CutHere(_)
            | Mechanism::ReserveCut(_)
            | Mechanism::CutOnePoint
            | Mechanism::CutThreePoints => self.cut_here(),
            _ => {}
        }
    }

    fn feed_and_cut(&mut self, feed: u8) {
        self.print_line();
        self.feed(self.modes.units.down(usize::from(feed)));
        self.work.cuts += 1;
        self.cut();
    }

    /// GS V without a feed, ESC i and ESC m are heeded at the beginning of a line alone.
    fn cut_here(&mut self) {
        if self.line.is_empty() {
            self.feed_and_cut(0);
        } else {
            self.notes.push("not cut: characters wait for the end of their line".into());
        }
    }

    /// ESC @: what is defined in download memory is gone, what is in NV memory stays.
    pub(super) fn initialize(&mut self) {
        self.modes = Modes::new(self.wide, self.resolution);
        self.line = Line::default();
        self.page_mode = None;
        self.page_setup = PageSetup::default();
        self.user = UserGlyphs::default();
        self.memory.forget_downloads();
        self.sequences.stop_recording();
    }

    /// Switching off and on: the macro is gone too.
    pub(super) fn power_off(&mut self) {
        self.initialize();
        self.sequences = Sequences::default();
    }

    /// Feeds paper.
    fn feed(&mut self, dots: usize) {
        if let Some(page) = &mut self.page_mode {
            page.feed(dots);
            return;
        }
        self.fed += dots;
        self.farthest = self.farthest.max(self.fed);
        self.work.rows += dots;
        self.paper.grow(self.fed);
        if self.fed > MAX_PAGE {
            self.notes.push("torn off: no cut for seven metres".into());
            self.cut();
        }
    }

    /// Feeds paper backwards; not above where it was cut.
    fn feed_back(&mut self, dots: usize) {
        match &mut self.page_mode {
            Some(page) => page.feed_back(dots),
            None => self.fed = self.fed.saturating_sub(dots),
        }
    }

    fn cut(&mut self) {
        if let Some(page) = self.current() {
            self.finished.push(page);
        }
        self.paper = Bitmap::new(self.dots, 0);
        self.fed = 0;
        self.farthest = 0;
        self.text.clear();
        self.notes.clear();
        self.commands.clear();
    }

    /// Returns what is on the paper since the last cut, if anything was printed or fed.
    pub(super) fn current(&self) -> Option<Page> {
        if self.farthest == 0 {
            return None;
        }
        let mut bitmap = self.paper.clone();
        bitmap.crop(self.farthest);
        let (text, notes) = (self.text.clone(), self.notes.clone());
        Some(Page { bitmap, text, notes, commands: self.commands.clone() })
    }

    /// Tells whether anything was printed or fed since the last cut.
    pub(super) fn has_current(&self) -> bool {
        self.farthest > 0
    }

    /// Takes the pages that were cut.
    pub(super) fn take_finished(&mut self) -> Vec<Page> {
        core::mem::take(&mut self.finished)
    }

    /// Takes what the mechanism did since the last call.
    pub(super) fn take_work(&mut self) -> Work {
        core::mem::take(&mut self.work)
    }

    /// Takes how long the commands since the last call waited, in tenths of a second.
    pub(super) fn take_waited(&mut self) -> u64 {
        self.sequences.take_waited()
    }

    /// Tells whether a command is heeded that standard mode heeds at the beginning of a line alone.
    pub(super) fn is_at_start(&self) -> bool {
        self.line.is_at_start() || self.page_mode.is_some()
    }

    /// Puts dots on paper where it stands, and counts the rows that the head burns.
    fn burn(&mut self, dots: &Bitmap, x: usize) {
        let burnt = |y: &usize| (0..dots.width()).any(|x| dots.is_black(x, *y));
        self.work.strokes += (0..dots.height()).filter(burnt).count();
        self.paper.grow(self.fed + dots.height());
        self.paper.print(dots, x, self.fed);
    }

    /// Tells whether characters wait for their line to be printed.
    pub(super) fn has_unprinted(&self) -> bool {
        !self.line.is_empty() || self.page_mode.is_some()
    }

    /// Forgets what is not on paper yet (DLE ENQ 2).
    pub(super) fn recover(&mut self, recovery: Recovery) {
        if recovery == Recovery::Clear {
            self.line = Line::default();
            self.leave_page_mode();
        }
    }

    /// Returns the key codes of the graphics in NV or download memory.
    pub(super) fn key_codes(&self, nv: bool) -> Vec<[u8; 2]> {
        self.memory.key_codes(nv)
    }
}
