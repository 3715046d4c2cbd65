//! From documents to commands.

mod bars;
mod code;
mod drawn;
mod error;
mod line;
mod output;
mod picture;
#[cfg(feature = "codes")]
mod shape;
#[cfg(test)]
mod tests;
mod two_dimensional;

use countertop_device::document::{Align, Block, Document, DrawerPort, Font, Rule};
use countertop_wire::escpos::{
    BeepInTurns, CharacterSets, Cut, DrawerPin, DrawerPulse, Mechanism, Position,
};

pub use error::{LayoutError, Note};
use output::Output;

use super::blocks::EncodedJob;
use super::settings::EscPosSettings;
use crate::profile::{Profile, Quirk};
use crate::wrap::{self, Class, Classes, Metrics};

/// Bytes that no command of a job exceeds, so that a printer's buffer takes each whole, and so many
/// NUL bytes end any command that was broken off.
pub(super) const MAX_COMMAND: usize = 4096;

/// Lines that bring the last one past the edge where a person tears, or to the cutter.
const TO_THE_EDGE: u8 = 4;

/// Is a document as it will be on one printer's paper.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Layout {
    /// What the printer is sent.
    pub job: EncodedJob,
    /// What differs from the document, in the order of the blocks; nothing where the printer has
    /// all that it needs.
    pub notes: Vec<Note>,
}

/// Encodes `document` for a printer with these settings, from its initialisation on.
///
/// # Errors
///
/// As [`lay_out`].
pub fn encode(document: &Document, settings: &EscPosSettings) -> Result<Vec<u8>, LayoutError> {
    let mut writer = Writer::new(settings, usize::MAX);
    writer.document(document)?;
    Ok(writer.out.into_job().to_bytes())
}

/// Encodes `document` in blocks that can be confirmed and begun anew: whole lines, up to a quarter of
/// the printer's receive buffer and one line more, but for a single larger code.
///
/// # Errors
///
/// As [`lay_out`].
pub fn encode_job(
    document: &Document,
    settings: &EscPosSettings,
) -> Result<EncodedJob, LayoutError> {
    lay_out(document, settings).map(|layout| layout.job)
}

/// Lays `document` out for a printer with these settings.
///
/// What the printer has not is drawn and sent as a picture: characters, fonts, codes. What cannot be
/// drawn either is left out or replaced, and a note says so; a code that cannot be printed at all is
/// an error, for a receipt without its code is another receipt.
///
/// # Errors
///
/// When a code or a picture does not fit on the paper, a code's content is wrong, or it can neither
/// be printed nor drawn.
pub fn lay_out(document: &Document, settings: &EscPosSettings) -> Result<Layout, LayoutError> {
    let mut writer = Writer::new(settings, settings.job.block());
    writer.document(document)?;
    Ok(Layout { notes: core::mem::take(&mut writer.notes), job: writer.out.into_job() })
}

/// Writes a document's blocks.
struct Writer<'a> {
    settings: &'a EscPosSettings,
    out: Output,
    notes: Vec<Note>,
}

impl<'a> Writer<'a> {
    fn new(settings: &'a EscPosSettings, block: usize) -> Self {
        let out = Output::new(&settings.sets, block);
        Self { settings, out, notes: Vec::new() }
    }

    fn document(&mut self, document: &Document) -> Result<(), LayoutError> {
        let sets = Sets(&self.settings.sets);
        let metrics = metrics(&self.settings.profile, &sets);
        document.blocks.iter().try_for_each(|block| self.block(block, &metrics))
    }

    fn block(&mut self, block: &Block, metrics: &Metrics<'_>) -> Result<(), LayoutError> {
        let is_text = wrap::lines(block, metrics, &mut |align, pieces| {
            self.line(align, pieces, metrics);
            Ok::<(), LayoutError>(())
        })?;
        if is_text { Ok(()) } else { self.other(block) }
    }

    /// Writes a block that is no text.
    fn other(&mut self, block: &Block) -> Result<(), LayoutError> {
        match block {
            Block::Rule(Rule::Solid) => self.solid_rule(),
            Block::Feed(lines) => {
                self.out.begin_line();
                self.out.put(Position::FeedLines(*lines));
                Ok(())
            }
            Block::Code(code) => self.code(code),
            Block::Picture(picture) => self.picture(picture, Align::Centre),
            Block::Image(image) => self.image(image),
            Block::Drawer(port) => {
                self.drawer(*port);
                Ok(())
            }
            Block::Beep { times } => {
                self.beep(*times);
                Ok(())
            }
            Block::Cut => {
                self.cut();
                Ok(())
            }
            // A kind of block that this version does not know takes no place.
            _ => {
                self.notes.push(Note::LeftOut("a block of a kind that this version does not know"));
                Ok(())
            }
        }
    }

    fn drawer(&mut self, port: DrawerPort) {
        if !self.settings.profile.has_drawer() {
            self.notes.push(Note::LeftOut("the drawer"));
            return;
        }
        let pin = match (port, self.settings.drawer_pulse.pin) {
            (DrawerPort::First, pin) => pin,
            (DrawerPort::Second, DrawerPin::Two) => DrawerPin::Five,
            (DrawerPort::Second, _) => DrawerPin::Two,
        };
        self.out.begin_line();
        self.out.put(Mechanism::DrawerPulse(DrawerPulse { pin, ..self.settings.drawer_pulse }));
    }

    fn beep(&mut self, times: u8) {
        if !self.settings.profile.has_beeper() {
            self.notes.push(Note::LeftOut("the beep"));
            return;
        }
        let times = times.clamp(1, 9);
        self.out.begin_line();
        self.out.put(Mechanism::BeepInTurns(BeepInTurns { pattern: 100, times, on: 1, off: 1 }));
    }

    fn cut(&mut self) {
        self.out.begin_line();
        match self.settings.cut {
            Some(shape) if self.settings.profile.has_quirk(Quirk::FeedBeforeCut) => {
                self.out.put(Position::FeedLines(TO_THE_EDGE));
                self.out.put(Mechanism::Cut(Cut::Here(shape)));
            }
            Some(shape) => self.out.put(Mechanism::Cut(Cut::Feed(shape, 0))),
            None => self.out.put(Position::FeedLines(TO_THE_EDGE)),
        }
        self.out.end_block();
    }
}

/// Tells what of a character a printer has.
struct Sets<'a>(&'a CharacterSets);

impl Classes for Sets<'_> {
    fn class(&self, char: char) -> Class {
        match self.0.char_columns(char) {
            2 => Class::Wide,
            _ if self.0.has(char) => Class::Narrow,
            _ => Class::Missing,
        }
    }

    fn count(&self, text: &str) -> Option<(usize, usize)> {
        self.0.count(text)
    }
}

/// Returns the widths in dots of what the printer prints; a font that it has not is as wide as that
/// of most printers.
fn metrics<'a>(profile: &Profile, classes: &'a dyn Classes) -> Metrics<'a> {
    /// The width of font A of nearly all printers.
    const FONT_A: usize = 12;
    let columns = |font| profile.columns(font).map(usize::from).filter(|columns| *columns > 0);
    let a = columns(Font::A).unwrap_or(1);
    let cell = (usize::from(profile.dots()) / a).clamp(1, FONT_A);
    let capacity = a * cell;
    let b = columns(Font::B).map_or(cell * 3 / 4, |columns| capacity / columns).max(1);
    let c = columns(Font::C).map_or(cell * 2 / 3, |columns| capacity / columns).max(1);
    Metrics { capacity, cells: [cell, b, c], sized: true, classes }
}
