//! Lines of text, as the printer's characters or drawn.

use countertop_device::document::{Align, Colour, Style, Underline};
use countertop_wire::escpos::Position;

use super::{Note, Writer};
use crate::bidi;
use crate::wrap::{Metrics, Piece};

impl Writer<'_> {
    /// Writes a line: with the printer's characters, or drawn where it has not all of them.
    pub(super) fn line(&mut self, align: Align, pieces: &[Piece<'_>], metrics: &Metrics<'_>) {
        match bidi::visual(pieces) {
            Some(line) => self.visual_line(align, &line.pieces(), metrics),
            None => self.visual_line(align, pieces, metrics),
        }
    }

    /// Writes a line whose characters stand from left to right.
    fn visual_line(&mut self, align: Align, pieces: &[Piece<'_>], metrics: &Metrics<'_>) {
        self.out.begin_line();
        let mark = self.out.mark();
        // The printer mostly has all of a line, so that it is not looked through beforehand.
        let complete = self.printed_line(align, pieces, metrics);
        if complete && !self.lacks_font(pieces) {
            return;
        }
        self.out.rewind(mark);
        if !self.drawn_line(align, pieces, metrics) {
            self.note_replacements(pieces);
            self.printed_line(align, pieces, metrics);
        }
    }

    /// Writes a line with the printer's characters; tells whether it has all of them.
    fn printed_line(&mut self, align: Align, pieces: &[Piece<'_>], metrics: &Metrics<'_>) -> bool {
        self.out.align(align);
        let mut complete = true;
        for (index, piece) in pieces.iter().enumerate() {
            match piece {
                Piece::Text(text, style) => {
                    self.out.style(self.possible(*style));
                    complete &= self.out.text(text);
                }
                Piece::Gap(width, style) => {
                    let before = pieces.get(..=index).unwrap_or_default();
                    self.gap(*width, before, *style, metrics);
                }
            }
        }
        self.out.line_feed();
        complete
    }

    /// Writes spaces, or moves to the end of `pieces` where spaces do not make up the room; they are
    /// the line up to this gap.
    fn gap(&mut self, width: usize, pieces: &[Piece<'_>], style: Style, metrics: &Metrics<'_>) {
        let style = if style.underline == Underline::None && !style.invert {
            style
        } else {
            Style { underline: Underline::None, invert: false, ..style }
        };
        let space = metrics.narrow(style);
        if width.is_multiple_of(space) {
            self.out.style(self.possible(style));
            self.out.spaces(width / space);
        } else {
            let place: usize = pieces.iter().map(|piece| metrics.piece(piece)).sum();
            self.out.put(Position::Absolute(u16::try_from(place).unwrap_or(u16::MAX)));
        }
    }

    /// Tells whether the printer has not all fonts that a line needs.
    fn lacks_font(&self, pieces: &[Piece<'_>]) -> bool {
        pieces.iter().any(|piece| match piece {
            Piece::Text(_, style) => self.settings.profile.columns(style.font).is_none(),
            Piece::Gap(..) => false,
        })
    }

    /// Returns a style with what the printer can.
    fn possible(&self, mut style: Style) -> Style {
        if self.settings.profile.columns(style.font).is_none() {
            style.font = countertop_device::document::Font::A;
        }
        if self.settings.profile.colours() < 2 {
            style.colour = Colour::First;
        }
        style
    }

    fn note_replacements(&mut self, pieces: &[Piece<'_>]) {
        for piece in pieces {
            let Piece::Text(text, style) = piece else { continue };
            if self.settings.profile.columns(style.font).is_none() {
                self.notes.push(Note::FontReplaced(style.font));
            }
            let sets = &self.settings.sets;
            let missing = text.chars().filter(|char| !char.is_control() && !sets.has(*char));
            self.notes.extend(missing.map(Note::Replaced));
        }
    }
}
