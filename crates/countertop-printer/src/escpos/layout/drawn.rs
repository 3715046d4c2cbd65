//! What the printer lacks, drawn and sent as a picture.

#[cfg(feature = "codes")]
use countertop_device::document::Picture;
use countertop_device::document::{Align, Code, Style};

#[cfg(any(feature = "codes", feature = "glyphs"))]
use super::Note;
use super::{LayoutError, Writer, metrics};
use crate::draw::Bitmap;
use crate::escpos::layout::Sets;
use crate::wrap::{Metrics, Piece};

impl Writer<'_> {
    /// Draws a line; tells whether that could be done.
    #[cfg(feature = "glyphs")]
    pub(super) fn drawn_line(
        &mut self,
        align: Align,
        pieces: &[Piece<'_>],
        metrics: &Metrics<'_>,
    ) -> bool {
        if !self.has_pictures() || !self.can_be_drawn(pieces) {
            return false;
        }
        let drawn = crate::draw::line::draw(align, pieces, metrics);
        if self.picture(&drawn.bitmap.into_picture(), Align::Left).is_err() {
            return false;
        }
        self.notes.push(Note::LineDrawn);
        self.notes.extend(drawn.missing.into_iter().map(Note::Replaced));
        true
    }

    #[cfg(not(feature = "glyphs"))]
    pub(super) fn drawn_line(&mut self, _: Align, _: &[Piece<'_>], _: &Metrics<'_>) -> bool {
        // This build has no fonts, so that nothing is put out.
        let _ = &mut self.out;
        false
    }

    /// Tells whether a picture would have more of a line than the printer.
    #[cfg(feature = "glyphs")]
    fn can_be_drawn(&self, pieces: &[Piece<'_>]) -> bool {
        use crate::draw::line::has;
        let texts = || {
            pieces.iter().filter_map(|piece| match piece {
                Piece::Text(text, style) => Some((*text, *style)),
                Piece::Gap(..) => None,
            })
        };
        let sets = &self.settings.sets;
        let mut missing = texts().flat_map(|(text, _)| text.chars()).filter(|it| !sets.has(*it));
        let font_missing =
            texts().any(|(_, style)| self.settings.profile.columns(style.font).is_none());
        missing.any(has) || (font_missing && has('H'))
    }

    /// Prints a line across the paper without gaps.
    pub(super) fn solid_rule(&mut self) -> Result<(), LayoutError> {
        let sets = Sets(&self.settings.sets);
        let metrics = metrics(&self.settings.profile, &sets);
        if !self.has_pictures() {
            let line = "_".repeat(metrics.columns());
            self.line(Align::Left, &[Piece::Text(&line, Style::PLAIN)], &metrics);
            return Ok(());
        }
        // As much room above and below as hyphens have within a line of 30 dots.
        let mut bitmap = Bitmap::new(metrics.capacity, 24);
        bitmap.fill(0, 11, metrics.capacity, 2);
        self.picture(&bitmap.into_picture(), Align::Left)
    }

    /// Draws a code.
    #[cfg(feature = "codes")]
    pub(super) fn drawn_code(&mut self, code: &Code) -> Result<(), LayoutError> {
        use crate::draw::code::{can, modules};
        if !can(code.system) {
            return Err(LayoutError::NoSuchCode(code.system));
        }
        let dots = self.settings.profile.dots();
        let made = modules(code, dots)
            .map_err(|reason| LayoutError::WrongContent { system: code.system, reason })?;
        let module = self.module(code, made.bitmap.width())?;
        let down = if made.bars {
            usize::from(code.height.unwrap_or(super::bars::HEIGHT))
        } else {
            module
        };
        let picture = enlarged(&made.bitmap, module, down);
        if made.bars {
            self.hri(code, super::bars::Place::Above);
        }
        self.quiet_zone(module);
        self.picture(&picture, code.align)?;
        self.quiet_zone(module);
        if made.bars {
            self.hri(code, super::bars::Place::Below);
        }
        self.notes.push(Note::CodeDrawn(code.system));
        Ok(())
    }

    #[cfg(not(feature = "codes"))]
    pub(super) fn drawn_code(&mut self, code: &Code) -> Result<(), LayoutError> {
        // This build draws no codes, so that nothing is put out.
        let _ = &mut self.out;
        Err(LayoutError::NoSuchCode(code.system))
    }
}

/// Makes each dot `across` × `down` dots.
#[cfg(feature = "codes")]
fn enlarged(bitmap: &Bitmap, across: usize, down: usize) -> Picture {
    let mut out = Bitmap::new(bitmap.width() * across, bitmap.height() * down);
    out.draw(bitmap, 0, 0, (across, down));
    out.into_picture()
}
