//! Commands in blocks, and the state that they leave the printer in.

use std::sync::Arc;

use countertop_device::document::{Align, Colour, Font, Size, Style, Underline};
use countertop_wire::escpos::{
    self as wire, Character, CharacterSets, Command, Kanji, Magnification, Mechanism, Position,
    TextEncoder, TextMode,
};

use crate::escpos::blocks::{EncodedJob, JobBlock};

/// Collects a job's bytes.
pub(super) struct Output {
    encoder: TextEncoder,
    state: State,
    bytes: Vec<u8>,
    restore: Vec<u8>,
    blocks: Vec<JobBlock>,
    /// Bytes after which a line begins a new block.
    target: usize,
    block_ended: bool,
}

/// Is what a printer keeps from one line to the next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct State {
    align: Align,
    style: Style,
    /// Line spacing in dots, where it is not the printer's own.
    spacing: Option<u8>,
}

/// Is a place in the job, with the state of the printer there.
#[derive(Debug, Clone, Copy)]
pub(super) struct Mark {
    length: usize,
    state: State,
    mode: TextMode,
}

impl State {
    const INITIAL: Self = Self { align: Align::Left, style: Style::PLAIN, spacing: None };
}

impl Output {
    pub(super) fn new(sets: &Arc<CharacterSets>, target: usize) -> Self {
        let mut out = Self {
            encoder: TextEncoder::with_sets(Arc::clone(sets)),
            state: State::INITIAL,
            bytes: Vec::with_capacity(target.min(4096)),
            restore: Vec::new(),
            blocks: Vec::new(),
            target,
            block_ended: false,
        };
        out.put(Mechanism::Initialize);
        if sets.wide().is_some() {
            // Chinese models differ in whether they start in Kanji mode.
            out.put(Kanji::Leave);
        }
        out
    }

    pub(super) fn put(&mut self, command: impl Into<Command>) {
        command.into().emit(&mut self.bytes);
    }

    pub(super) fn line_feed(&mut self) {
        Position::LineFeed.emit(&mut self.bytes);
    }

    /// Says that a line, or what takes the place of one, begins: a new block begins here when the
    /// last one has its size.
    pub(super) fn begin_line(&mut self) {
        if self.bytes.len() >= self.target || core::mem::take(&mut self.block_ended) {
            self.close_block();
        }
    }

    /// Makes the next line begin a new block.
    pub(super) fn end_block(&mut self) {
        self.block_ended = true;
    }

    /// Ends the block. The code page is set anew where the next one needs it.
    fn close_block(&mut self) {
        let restore = core::mem::take(&mut self.restore);
        let next = Vec::with_capacity(self.target.min(4096));
        let bytes = core::mem::replace(&mut self.bytes, next);
        self.blocks.push(JobBlock { restore, bytes });
        let state = core::mem::replace(&mut self.state, State::INITIAL);
        if self.wide() {
            self.put(Kanji::Leave);
        }
        self.align(state.align);
        self.style(state.style);
        self.spacing(state.spacing);
        self.restore = core::mem::take(&mut self.bytes);
        self.encoder = TextEncoder::with_sets(Arc::clone(self.encoder.sets()));
    }

    pub(super) fn into_job(mut self) -> EncodedJob {
        self.blocks.push(JobBlock { restore: self.restore, bytes: self.bytes });
        EncodedJob { blocks: self.blocks }
    }

    /// Writes text and tells whether the printer has all of its characters. Control characters do not
    /// count where there is nothing but ASCII.
    pub(super) fn text(&mut self, text: &str) -> bool {
        self.encoder.encode(text, &mut self.bytes) == 0 || text.is_ascii()
    }

    /// Returns where the job stands.
    pub(super) fn mark(&self) -> Mark {
        Mark { length: self.bytes.len(), state: self.state, mode: self.encoder.mode() }
    }

    /// Takes back what was put out behind `mark`, within one block.
    pub(super) fn rewind(&mut self, mark: Mark) {
        self.bytes.truncate(mark.length);
        self.state = mark.state;
        self.encoder.set_mode(mark.mode);
    }

    pub(super) fn spaces(&mut self, count: usize) {
        self.bytes.resize(self.bytes.len() + count, b' ');
    }

    fn wide(&self) -> bool {
        self.encoder.sets().wide().is_some()
    }

    pub(super) fn align(&mut self, align: Align) {
        if self.state.align == align {
            return;
        }
        self.state.align = align;
        self.put(Position::Align(match align {
            Align::Left => wire::Align::Left,
            Align::Centre => wire::Align::Centre,
            Align::Right => wire::Align::Right,
        }));
    }

    /// Sets the line spacing in dots; `None` for the printer's own.
    pub(super) fn spacing(&mut self, spacing: Option<u8>) {
        if core::mem::replace(&mut self.state.spacing, spacing) != spacing {
            self.put(match spacing {
                Some(dots) => Position::LineSpacing(dots),
                None => Position::DefaultLineSpacing,
            });
        }
    }

    pub(super) fn style(&mut self, style: Style) {
        let old = core::mem::replace(&mut self.state.style, style);
        if old == style {
            return;
        }
        if old.font != style.font {
            self.put(Character::Font(font(style.font)));
        }
        if old.bold != style.bold {
            self.put(Character::Emphasized(style.bold));
        }
        if old.underline != style.underline {
            let line = underline(style.underline);
            self.put(Character::Underline(line));
            if self.wide() {
                self.put(Kanji::Underline(line));
            }
        }
        if old.invert != style.invert {
            self.put(Character::Invert(style.invert));
        }
        if old.colour != style.colour {
            self.put(Character::Colour(colour(style.colour)));
        }
        if old.size != style.size {
            self.put(Character::Size(size(style.size)));
        }
    }
}

fn font(font: Font) -> wire::Font {
    match font {
        Font::A => wire::Font::A,
        Font::B => wire::Font::B,
        Font::C => wire::Font::C,
    }
}

fn underline(underline: Underline) -> wire::Underline {
    match underline {
        Underline::None => wire::Underline::Off,
        Underline::Thin => wire::Underline::Thin,
        Underline::Thick => wire::Underline::Thick,
    }
}

fn colour(colour: Colour) -> wire::Colour {
    match colour {
        Colour::First => wire::Colour::First,
        Colour::Second => wire::Colour::Second,
    }
}

fn size(size: Size) -> wire::Size {
    let factor = |factor| Magnification::new(factor).unwrap_or(Magnification::ONE);
    wire::Size { width: factor(size.width()), height: factor(size.height()) }
}
