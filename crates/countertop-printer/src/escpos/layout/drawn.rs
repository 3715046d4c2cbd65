//! What the printer lacks, drawn and sent as a picture.

use countertop_device::document::{Align, Code, Picture, Style};

#[cfg(any(feature = "codes", feature = "glyphs"))]
use super::Note;
use super::{LayoutError, Writer, metrics};
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
        if self.picture(&crate::draw::picture(drawn.bitmap), Align::Left).is_err() {
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
        self.picture(&rule(metrics.capacity), Align::Left)
    }

    /// Draws a code.
    #[cfg(feature = "codes")]
    pub(super) fn drawn_code(&mut self, code: &Code) -> Result<(), LayoutError> {
        use super::bars::Place;
        let room = usize::from(self.settings.profile.dots() / u16::from(self.wished_module(code)));
        let made = super::shape::shape(code, room)?;
        let module = self.module(code, made.width())?;
        let bitmap = made.drawn(module, code.height);
        if let Some(text) = made.text() {
            self.hri(code, text, Place::Above);
        }
        self.quiet_zone(module);
        self.picture(&crate::draw::picture(bitmap), code.align)?;
        self.quiet_zone(module);
        if let Some(text) = made.text() {
            self.hri(code, text, Place::Below);
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

/// Draws a line of two dots in the middle of 24 rows.
fn rule(dots: usize) -> Picture {
    let stride = dots.div_ceil(8);
    let mut rows = vec![0; stride * 24];
    for row in rows.chunks_mut(stride).skip(11).take(2) {
        row.iter_mut().enumerate().for_each(|(at, byte)| {
            let left = dots.saturating_sub(at * 8).min(8);
            *byte = u8::try_from(0xFF00_u16 >> left & 0xFF).unwrap_or(0xFF);
        });
    }
    Picture { width: u32::try_from(dots).unwrap_or(u32::MAX), rows }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rule_reaches_its_last_dot() {
        for dots in [1, 8, 383, 384] {
            let rule = rule(dots);
            let black: u32 = rule.rows.iter().map(|byte| byte.count_ones()).sum();
            assert_eq!((rule.height(), black as usize), (24, 2 * dots));
        }
        assert_eq!(rule(10).rows[20..26], [0, 0, 0xFF, 0xC0, 0xFF, 0xC0]);
    }
}
