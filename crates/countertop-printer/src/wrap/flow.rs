//! Text of several looks, broken into lines.

use core::ops::Range;

use countertop_device::document::{Run, Style};
use unicode_linebreak::{BreakClass, BreakOpportunity, break_property, linebreaks};

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
        && !span.text.as_bytes().contains(&b'\n')
        && !span.text.as_bytes().contains(&b'\r')
        && metrics.text(span.text, span.style) <= capacity
    {
        return sink(&[Piece::Text(span.text.trim_end(), span.style)]);
    }
    if let [span] = spans {
        let line = |line: &str| match line.trim_end() {
            "" => sink(&[]),
            line => sink(&[Piece::Text(line, span.style)]),
        };
        return break_one_look(*span, metrics, capacity, line);
    }
    let text: String = spans.iter().map(|span| span.text).collect();
    let mut pieces = Vec::new();
    break_lines(&text, spans, metrics, capacity, |line| {
        pieces.clear();
        pieces.extend(pieces_of(&text, spans, line));
        sink(&pieces)
    })
}

/// Hands the lines of a text of one look to `sink`. Widths are those of words, not of characters.
fn break_one_look<E>(
    Span { text, style }: Span<'_>,
    metrics: &Metrics<'_>,
    capacity: usize,
    mut sink: impl FnMut(&str) -> Result<(), E>,
) -> Result<(), E> {
    let mut filling =
        Filling::new(capacity, |line: Range<usize>| sink(text.get(line).unwrap_or_default()));
    let mut from = 0;
    for (to, opportunity) in breaks(text) {
        let whole = without_end_of_line(text.get(from..to).unwrap_or_default());
        let seen = without_spaces(whole);
        let width = metrics.text(seen, style);
        if width <= capacity {
            let spaces = whole.get(seen.len()..).unwrap_or_default();
            filling.append_word(from..from + whole.len(), width, metrics.text(spaces, style))?;
        } else {
            let ends = whole.char_indices().map(|(place, char)| {
                let end = from + place + char.len_utf8();
                (end, metrics.char(char, style), char.is_whitespace())
            });
            filling.append(from, width, ends)?;
        }
        from = to;
        if opportunity == BreakOpportunity::Mandatory && to < text.len() {
            filling.begin_anew(to)?;
        }
    }
    filling.finish(text)
}

/// Returns where a text may be broken (UAX #14).
fn breaks(text: &str) -> impl Iterator<Item = (usize, BreakOpportunity)> {
    let plain = !text.is_empty() && is_plain(text);
    let (plain, other) = if plain { (text, None) } else { ("", Some(text)) };
    plain_breaks(plain).chain(other.into_iter().flat_map(linebreaks))
}

/// Returns where a [plain](is_plain) text may be broken; nowhere when it is empty.
fn plain_breaks(text: &str) -> impl Iterator<Item = (usize, BreakOpportunity)> {
    let mut at = 0;
    core::iter::from_fn(move || {
        let rest = text.as_bytes().get(at..).filter(|rest| !rest.is_empty())?;
        let word = rest.iter().position(|byte| *byte == b' ').unwrap_or(rest.len());
        let spaces = rest.iter().skip(word).take_while(|byte| **byte == b' ').count();
        at += word + spaces;
        let is_end = at == text.len();
        let opportunity =
            if is_end { BreakOpportunity::Mandatory } else { BreakOpportunity::Allowed };
        Some((at, opportunity))
    })
}

/// Tells whether a text is broken behind spaces and nowhere else: it has letters, digits and what may stand
/// between digits, and its words begin with the former (UAX #14, LB7, LB13, LB18, LB23, LB25, LB28, LB29).
fn is_plain(text: &str) -> bool {
    let mut begins = true;
    text.chars().all(|char| {
        let at_begin = core::mem::replace(&mut begins, char == ' ');
        match char {
            ' ' | '0'..='9' | 'A'..='Z' | 'a'..='z' => true,
            '.' | ',' | ':' | ';' => !at_begin,
            '\0'..='\x7F' => false,
            _ => break_property(char.into()) == BreakClass::Alphabetic,
        }
    })
}

fn without_end_of_line(text: &str) -> &str {
    match text.as_bytes() {
        [.., b'\n' | b'\r'] => text.trim_end_matches(['\n', '\r']),
        _ => text,
    }
}

/// As `trim_end`, of which it is the fast part.
fn without_spaces(text: &str) -> &str {
    let end = text.bytes().rposition(|byte| byte != b' ').map_or(0, |last| last + 1);
    text.get(..end).unwrap_or(text).trim_end()
}

/// Hands to `sink` where the lines are.
fn break_lines<E>(
    text: &str,
    spans: &[Span<'_>],
    metrics: &Metrics<'_>,
    capacity: usize,
    sink: impl FnMut(Range<usize>) -> Result<(), E>,
) -> Result<(), E> {
    let mut styles = Styles::new(spans);
    let mut filling = Filling::new(capacity, sink);
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
        let seen = piece.iter().rposition(|(_, _, space)| !space).map_or(0, |last| last + 1);
        let width: usize = piece.iter().take(seen).map(|(_, width, _)| width).sum();
        filling.append(from, width, piece.drain(..))?;
        from = to;
        if opportunity == BreakOpportunity::Mandatory && to < text.len() {
            filling.begin_anew(to)?;
        }
    }
    filling.finish(text)
}

/// Is a line that is being filled; `sink` takes those that are full.
struct Filling<S> {
    capacity: usize,
    sink: S,
    /// Whether the sink has had a line.
    some: bool,
    line: Range<usize>,
    width: usize,
}

impl<E, S: FnMut(Range<usize>) -> Result<(), E>> Filling<S> {
    fn new(capacity: usize, sink: S) -> Self {
        Self { capacity, sink, some: false, line: 0..0, width: 0 }
    }

    /// Ends the line, if there is anything in it.
    fn end_line(&mut self) -> Result<(), E> {
        let line = self.line.clone();
        self.line.start = self.line.end;
        self.width = 0;
        if line.is_empty() {
            return Ok(());
        }
        self.some = true;
        (self.sink)(line)
    }

    /// Ends the line, and begins the next one at `place`.
    fn begin_anew(&mut self, place: usize) -> Result<(), E> {
        self.end_line()?;
        self.line = place..place;
        Ok(())
    }

    /// Makes room for a piece that has no place to break and is `width` wide without the spaces at its
    /// end.
    fn make_room(&mut self, begin: usize, width: usize) -> Result<(), E> {
        if self.width + width > self.capacity {
            self.end_line()?;
        }
        if self.line.is_empty() {
            self.line = begin..begin;
        }
        Ok(())
    }

    /// Appends a piece that has no place to break and is no longer than a line, and the spaces at its
    /// end, which may be.
    fn append_word(&mut self, place: Range<usize>, width: usize, spaces: usize) -> Result<(), E> {
        self.make_room(place.start, width)?;
        self.line.end = place.end;
        self.width += width + spaces;
        Ok(())
    }

    /// Appends a piece that has no place to break, in parts when it is longer than a line. Of each
    /// character there are its end, its width, and whether it is a space.
    fn append(
        &mut self,
        begin: usize,
        width: usize,
        piece: impl Iterator<Item = (usize, usize, bool)>,
    ) -> Result<(), E> {
        self.make_room(begin, width)?;
        for (end, width, space) in piece {
            if self.width + width > self.capacity && !space {
                self.end_line()?;
            }
            self.line.end = end;
            self.width += width;
        }
        Ok(())
    }

    /// Ends the last line; a text has at least one.
    fn finish(mut self, text: &str) -> Result<(), E> {
        let rest = text.get(self.line.clone()).unwrap_or_default();
        if !rest.trim_end().is_empty() || !self.some {
            return (self.sink)(self.line);
        }
        Ok(())
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

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn plain_texts_are_known() {
        for plain in ["", " ", "Total 12.50", "  Кофе чёрный   2.11", "Größe: 7", "a.b,c", "Ω 1,5"]
        {
            assert!(is_plain(plain), "{plain:?}");
        }
        for other in
            [".5", "a -5", "a-b", "茶", "a (b)", "a\n", "e\u{301}", "x\u{A0}y", "50%", "a/b"]
        {
            assert!(!is_plain(other), "{other:?}");
        }
    }

    proptest! {
        /// Whatever is taken for plain is broken as Unicode says.
        #[test]
        fn plain_texts_are_broken_as_all_are(
            text in "([a-zA-Z0-9.,:; ßéжΩ]{0,12} {0,9}){0,5}|\\PC{0,9}|[ .,:;a1\u{5D0}\u{301}茶]{0,9}",
        ) {
            if is_plain(&text) && !text.is_empty() {
                let expected: Vec<_> = linebreaks(&text).collect();
                prop_assert_eq!(plain_breaks(&text).collect::<Vec<_>>(), expected);
            }
            prop_assert_eq!(breaks(&text).collect::<Vec<_>>(), linebreaks(&text).collect::<Vec<_>>());
            prop_assert_eq!(without_spaces(&text), text.trim_end());
        }
    }
}
