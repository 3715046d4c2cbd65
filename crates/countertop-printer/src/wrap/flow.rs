//! Text of several looks, broken into lines.

use core::ops::Range;

use countertop_device::document::{Run, Style};
use unicode_linebreak::{BreakOpportunity, linebreaks};

use super::{Metrics, Piece};

/// Is text of one look.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Span<'a> {
    pub(crate) text: &'a str,
    pub(crate) style: Style,
}

impl<'a> From<&'a Run> for Span<'a> {
    fn from(run: &'a Run) -> Self {
        Self { text: &run.text, style: run.style }
    }
}

/// Is a line on its own, with its text.
#[derive(Debug, Clone, Default)]
pub(crate) struct Line {
    parts: Vec<(String, Style)>,
    pub(crate) width: usize,
}

impl Line {
    /// Keeps a line.
    pub(crate) fn of(pieces: &[Piece<'_>], metrics: &Metrics<'_>) -> Self {
        let width = pieces.iter().map(|piece| metrics.piece(piece)).sum();
        let text = |piece: &Piece<'_>| match piece {
            Piece::Text(text, style) => Some(((*text).to_owned(), *style)),
            Piece::Gap(..) => None,
        };
        Self { parts: pieces.iter().filter_map(text).collect(), width }
    }

    pub(crate) fn pieces(&self) -> impl Iterator<Item = Piece<'_>> {
        self.parts.iter().map(|(text, style)| Piece::Text(text, *style))
    }
}

impl Metrics<'_> {
    /// Returns the width of a piece.
    pub(crate) fn piece(&self, piece: &Piece<'_>) -> usize {
        match piece {
            Piece::Text(text, style) => self.text(text, *style),
            Piece::Gap(width, _) => *width,
        }
    }
}

/// Breaks text into lines of `capacity` where Unicode allows it (UAX #14), else where the line is
/// full. An empty text is one empty line.
///
/// # Errors
///
/// Those of `sink`.
pub(crate) fn each_line<E>(
    spans: &[Span<'_>],
    metrics: &Metrics<'_>,
    capacity: usize,
    sink: &mut dyn FnMut(&[Piece<'_>]) -> Result<(), E>,
) -> Result<(), E> {
    // Most lines of receipts are one look and short: they need no search for places to break.
    if let [span] = spans
        && !span.text.bytes().any(|byte| matches!(byte, b'\n' | b'\r'))
        && metrics.text(span.text, span.style) <= capacity
    {
        return sink(&[Piece::Text(span.text.trim_end(), span.style)]);
    }
    let text: String = spans.iter().map(|span| span.text).collect();
    let mut pieces = Vec::new();
    for line in break_lines(&text, spans, metrics, capacity) {
        pieces.clear();
        pieces.extend(pieces_of(&text, spans, line));
        sink(&pieces)?;
    }
    Ok(())
}

/// Returns where the lines are.
fn break_lines(
    text: &str,
    spans: &[Span<'_>],
    metrics: &Metrics<'_>,
    capacity: usize,
) -> Vec<Range<usize>> {
    let mut styles = Styles::new(spans);
    let mut filling = Filling { capacity, lines: Vec::new(), line: 0..0, width: 0 };
    let mut piece = Vec::new();
    let mut from = 0;
    for (to, opportunity) in linebreaks(text) {
        piece.clear();
        for (place, char) in text.get(from..to).unwrap_or_default().char_indices() {
            let style = styles.at(from + place);
            if !matches!(char, '\n' | '\r') {
                let end = from + place + char.len_utf8();
                piece.push((end, metrics.char(char, style), char.is_whitespace()));
            }
        }
        filling.append(from, &piece);
        from = to;
        if opportunity == BreakOpportunity::Mandatory && to < text.len() {
            filling.end_line();
            filling.line = to..to;
        }
    }
    filling.finish(text)
}

/// Is lines that are being filled.
struct Filling {
    capacity: usize,
    lines: Vec<Range<usize>>,
    line: Range<usize>,
    width: usize,
}

impl Filling {
    /// Ends the line, if there is anything in it.
    fn end_line(&mut self) {
        if !self.line.is_empty() {
            self.lines.push(self.line.clone());
        }
        self.line.start = self.line.end;
        self.width = 0;
    }

    /// Appends a piece that has no place to break, in parts when it is longer than a line. Of each
    /// character there are its end, its width, and whether it is a space.
    fn append(&mut self, begin: usize, piece: &[(usize, usize, bool)]) {
        let seen = piece.iter().rposition(|(_, _, space)| !space).map_or(0, |last| last + 1);
        let width: usize = piece.iter().take(seen).map(|(_, width, _)| width).sum();
        if self.width + width > self.capacity {
            self.end_line();
        }
        if self.line.is_empty() {
            self.line = begin..begin;
        }
        for (end, width, space) in piece {
            if self.width + width > self.capacity && !space {
                self.end_line();
            }
            self.line.end = *end;
            self.width += width;
        }
    }

    fn finish(mut self, text: &str) -> Vec<Range<usize>> {
        let rest = text.get(self.line.clone()).unwrap_or_default();
        if !rest.trim_end().is_empty() || self.lines.is_empty() {
            self.lines.push(self.line);
        }
        self.lines
    }
}

/// Returns the pieces of a line, its end without spaces.
fn pieces_of<'t>(
    text: &'t str,
    spans: &[Span<'_>],
    line: Range<usize>,
) -> impl Iterator<Item = Piece<'t>> {
    let end = line.start + text.get(line.clone()).unwrap_or_default().trim_end().len();
    let mut from = 0;
    spans.iter().filter_map(move |span| {
        let (begin, to) = (from.max(line.start), (from + span.text.len()).min(end));
        from += span.text.len();
        let text = text.get(begin..to).filter(|text| !text.is_empty())?;
        Some(Piece::Text(text, span.style))
    })
}

/// Gives the styles of places that are asked for in order.
struct Styles<'a> {
    spans: &'a [Span<'a>],
    end: usize,
    style: Style,
}

impl<'a> Styles<'a> {
    fn new(spans: &'a [Span<'a>]) -> Self {
        Self { spans, end: 0, style: Style::PLAIN }
    }

    fn at(&mut self, place: usize) -> Style {
        while place >= self.end
            && let [span, rest @ ..] = self.spans
        {
            self.end += span.text.len();
            self.style = span.style;
            self.spans = rest;
        }
        self.style
    }
}
