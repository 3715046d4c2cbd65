//! Text that is written from right to left.
//!
//! Printers print from left to right and join no letters. So a line's characters are put into the
//! order in which they are seen (UAX #9), brackets mirrored, and Arabic letters take the form that
//! their neighbours demand. A line's parts keep their places; each is put in order on its own.

use ar_reshaper::ArabicReshaper;
use countertop_device::document::Style;
use unicode_bidi::BidiInfo;

use crate::wrap::Piece;

/// Is a line whose characters stand as they are seen.
pub(crate) struct Visual(Vec<Part>);

enum Part {
    Text(String, Style),
    Gap(usize, Style),
}

impl Visual {
    pub(crate) fn pieces(&self) -> Vec<Piece<'_>> {
        let mut pieces = Vec::with_capacity(self.0.len());
        for part in &self.0 {
            pieces.push(match part {
                Part::Text(text, style) => Piece::Text(text, *style),
                Part::Gap(width, style) => Piece::Gap(*width, *style),
            });
        }
        pieces
    }
}

/// Returns a line as it is seen; `None` when that is how it is written.
pub(crate) fn visual(pieces: &[Piece<'_>]) -> Option<Visual> {
    let backwards = |piece: &Piece<'_>| match piece {
        Piece::Text(text, _) => {
            !text.is_ascii() && may_be_backwards(text) && text.chars().any(is_right_to_left)
        }
        Piece::Gap(..) => false,
    };
    if !pieces.iter().any(backwards) {
        return None;
    }
    let part = |piece: &Piece<'_>| match piece {
        Piece::Text(text, style) if backwards(piece) => Part::Text(seen(text), *style),
        Piece::Text(text, style) => Part::Text((*text).to_owned(), *style),
        Piece::Gap(width, style) => Part::Gap(*width, *style),
    };
    Some(Visual(pieces.iter().map(part).collect()))
}

/// Tells whether a text has bytes with which [`is_right_to_left`]'s characters begin in UTF-8; most
/// texts have none, and bytes are compared many at once.
fn may_be_backwards(text: &str) -> bool {
    text.bytes().fold(0, |found, byte| found | u8::from(matches!(byte, 0xD6..=0xE0 | 0xEF))) != 0
}

/// Tells whether a character is of a script that is written from right to left.
fn is_right_to_left(char: char) -> bool {
    matches!(char, '\u{590}'..='\u{8FF}' | '\u{FB1D}'..='\u{FDFF}' | '\u{FE70}'..='\u{FEFC}')
}

fn seen(text: &str) -> String {
    let joined = ArabicReshaper::default().reshape(text);
    let info = BidiInfo::new(&joined, None);
    let mut out = String::with_capacity(joined.len());
    for paragraph in &info.paragraphs {
        let (levels, runs) = info.visual_runs(paragraph, paragraph.range.clone());
        for run in runs {
            let text = joined.get(run.clone()).unwrap_or_default();
            if levels.get(run.start).is_some_and(|level| level.is_rtl()) {
                out.extend(text.chars().rev().map(mirrored));
            } else {
                out.push_str(text);
            }
        }
    }
    out
}

fn mirrored(char: char) -> char {
    match char {
        '(' => ')',
        ')' => '(',
        '[' => ']',
        ']' => '[',
        '{' => '}',
        '}' => '{',
        '<' => '>',
        '>' => '<',
        '«' => '»',
        '»' => '«',
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(text: &str) -> Option<String> {
        let visual = visual(&[Piece::Text(text, Style::PLAIN)])?;
        let texts = visual.pieces().into_iter().map(|piece| match piece {
            Piece::Text(text, _) => text.to_owned(),
            Piece::Gap(..) => String::new(),
        });
        Some(texts.collect())
    }

    #[test]
    fn hebrew_is_turned_round_and_numbers_are_not() {
        assert_eq!(line("שלום 12.50").as_deref(), Some("12.50 םולש"));
        assert_eq!(line("(שלום)").as_deref(), Some("(םולש)"));
        assert_eq!(line("Total שלום").as_deref(), Some("Total םולש"));
    }

    #[test]
    fn arabic_letters_take_their_forms() {
        // Initial, medial and final: lam + alef is one glyph.
        assert_eq!(line("سلام").as_deref(), Some("\u{FEE1}\u{FEFC}\u{FEB3}"));
    }

    #[test]
    fn other_lines_stay_as_they_are() {
        assert_eq!(line("签购单 é"), None);
        assert_eq!(line("plain"), None);
    }

    #[test]
    fn room_between_parts_stays() {
        let pieces = [
            Piece::Text("שלום", Style::BOLD),
            Piece::Gap(24, Style::PLAIN),
            Piece::Text("1", Style::PLAIN),
        ];
        let visual = visual(&pieces).unwrap();
        let expected = [Piece::Text("םולש", Style::BOLD), pieces[1], pieces[2]];
        assert_eq!(visual.pieces(), expected);
    }
}
