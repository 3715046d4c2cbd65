//! Lines of text, drawn as a printer would print them.

use countertop_device::document::{Align, Font, Style, Underline};
use countertop_draw::Bitmap;
use countertop_draw::glyph::Cell;

use super::font::FACES;
use crate::wrap::{Metrics, Piece};

/// Dots that a line takes down, its letters or more: the printers' own line spacing.
const SPACING: usize = 30;

/// Is what became of a line.
pub(crate) struct Drawn {
    /// The line, up to its last dot.
    pub(crate) bitmap: Bitmap,
    /// The characters that no font has.
    pub(crate) missing: Vec<char>,
}

/// Tells whether a character can be drawn.
pub(crate) fn has(char: char) -> bool {
    FACES.has(char)
}

/// Draws a line.
pub(crate) fn draw(align: Align, pieces: &[Piece<'_>], metrics: &Metrics<'_>) -> Drawn {
    let texts = || {
        pieces.iter().filter_map(|piece| match piece {
            Piece::Text(_, style) => Some(height(*style)),
            Piece::Gap(..) => None,
        })
    };
    let bottom = texts().max().unwrap_or(0);
    let width: usize = pieces.iter().map(|piece| metrics.piece(piece)).sum();
    let room = metrics.capacity.saturating_sub(width);
    let mut pen = Pen {
        bitmap: Bitmap::new(metrics.capacity, bottom.max(SPACING)),
        missing: Vec::new(),
        bottom,
        x: match align {
            Align::Left => 0,
            Align::Centre => room / 2,
            Align::Right => room,
        },
    };
    for piece in pieces {
        match piece {
            Piece::Text(text, style) => pen.text(text, *style, metrics),
            Piece::Gap(width, _) => pen.x += width,
        }
    }
    Drawn { bitmap: pen.bitmap.trimmed(), missing: pen.missing }
}

/// Returns the height of characters in dots.
fn height(style: Style) -> usize {
    font_height(style.font) * usize::from(style.size.height())
}

/// Returns the height of most printers' fonts.
fn font_height(font: Font) -> usize {
    match font {
        Font::A => 24,
        Font::B => 17,
        Font::C => 16,
    }
}

/// Draws from left to right.
struct Pen {
    bitmap: Bitmap,
    missing: Vec<char>,
    /// Where letters of all heights end.
    bottom: usize,
    x: usize,
}

impl Pen {
    fn text(&mut self, text: &str, style: Style, metrics: &Metrics<'_>) {
        let begin = self.x;
        for char in text.chars() {
            self.char(char, style, metrics);
        }
        let (width, top) = (self.x - begin, self.bottom - height(style));
        let thickness = match style.underline {
            Underline::None => 0,
            Underline::Thin => 1,
            Underline::Thick => 2,
        };
        self.bitmap.fill(begin, self.bottom - thickness, width, thickness);
        if style.invert {
            self.bitmap.invert(begin, top, width, height(style));
        }
    }

    fn char(&mut self, char: char, style: Style, metrics: &Metrics<'_>) {
        let width = metrics.char(char, style);
        let combining = width == 0;
        let over = if combining { metrics.narrow(style) } else { width };
        let (across, down) = (usize::from(style.size.width()), usize::from(style.size.height()));
        let cell = Cell {
            width: u16::try_from(over / across).unwrap_or(u16::MAX),
            height: u16::try_from(font_height(style.font)).unwrap_or(u16::MAX),
            wide: over > metrics.narrow(style),
        };
        let known = FACES.glyph(char, cell);
        if known.is_none() && !char.is_whitespace() {
            self.missing.push(char);
        }
        if let Some(glyph) = known.or_else(|| FACES.glyph('?', cell)).filter(|_| char != '\u{3000}')
        {
            let x = if combining { self.x.saturating_sub(over) } else { self.x };
            let y = self.bottom - height(style);
            self.bitmap.print_scaled(&glyph, x, y, (across, down));
            if style.bold {
                self.bitmap.print_scaled(&glyph, x + 1, y, (across, down));
            }
        }
        self.x += width;
    }
}

#[cfg(test)]
mod tests {
    use countertop_device::document::Size;

    use super::*;
    use crate::wrap::{Class, Classes};

    struct Nothing;

    impl Classes for Nothing {
        fn class(&self, _: char) -> Class {
            Class::Missing
        }
    }

    fn drawn(align: Align, text: &str, style: Style) -> Bitmap {
        let metrics = Metrics { capacity: 240, cells: [12, 9, 8], sized: true, classes: &Nothing };
        draw(align, &[Piece::Text(text, style)], &metrics).bitmap
    }

    fn ink(bitmap: &Bitmap, columns: core::ops::Range<usize>) -> usize {
        let dots = (0..bitmap.height()).flat_map(|y| columns.clone().map(move |x| (x, y)));
        dots.filter(|(x, y)| bitmap.is_black(*x, *y)).count()
    }

    /// The tests that look at letters need a font.
    fn has_font() -> bool {
        let has = has('H');
        if !has {
            eprintln!("no font is installed: letters were not looked at");
        }
        has
    }

    #[test]
    fn letters_stand_in_their_cells() {
        if !has_font() {
            return;
        }
        let line = drawn(Align::Left, "H H", Style::PLAIN);
        assert_eq!(line.height(), SPACING);
        assert!(ink(&line, 0..12) > 20 && ink(&line, 12..24) == 0 && ink(&line, 24..36) > 20);
        let right = drawn(Align::Right, "H", Style::PLAIN);
        assert!(ink(&right, 0..228) == 0 && ink(&right, 228..240) > 20);
    }

    #[test]
    fn looks_show() {
        if !has_font() {
            return;
        }
        let plain = ink(&drawn(Align::Left, "H", Style::PLAIN), 0..24);
        assert!(ink(&drawn(Align::Left, "H", Style::BOLD), 0..24) > plain);
        let large = Style { size: Size::DOUBLE, ..Style::PLAIN };
        let large = drawn(Align::Left, "H", large);
        assert_eq!((ink(&large, 0..24), large.height()), (4 * plain, 48));
        let inverted = Style { invert: true, ..Style::PLAIN };
        assert_eq!(ink(&drawn(Align::Left, "H", inverted), 0..12), 12 * 24 - plain);
        let underlined = Style { underline: Underline::Thick, ..Style::PLAIN };
        assert_eq!(ink(&drawn(Align::Left, " ", underlined), 0..12), 24);
    }

    #[test]
    fn what_no_font_has_is_told() {
        let metrics = Metrics { capacity: 240, cells: [12, 9, 8], sized: true, classes: &Nothing };
        let pieces = [Piece::Text("a\u{E123}", Style::PLAIN)];
        assert!(draw(Align::Left, &pieces, &metrics).missing.contains(&'\u{E123}'));
    }
}
