//! What a printer would print of given bytes.

use countertop_wire::escpos::{Parser, WideSet};

use super::draw::{Drawing, glyph};
use super::{Page, PrinterConfig};

/// Draws `bytes` on paper of `dots` dots a line and returns the pages, the last one although it may
/// not be cut. Wide characters are Chinese.
#[must_use]
pub fn preview(bytes: &[u8], dots: u16) -> Vec<Page> {
    preview_with(bytes, dots, WideSet::Gb18030)
}

/// Prints as [`preview`] does, for a printer whose Kanji mode has another set.
#[must_use]
pub fn preview_with(bytes: &[u8], dots: u16, wide: WideSet) -> Vec<Page> {
    preview_as(bytes, &PrinterConfig { dots, wide, ..PrinterConfig::default() })
}

/// Prints as [`preview`] does, for the printer that is played with this configuration: its dots, wide
/// characters and resolution.
#[must_use]
pub fn preview_as(bytes: &[u8], config: &PrinterConfig) -> Vec<Page> {
    let mut drawing = Drawing::new(config);
    let mut parser = Parser::new();
    parser.feed(bytes);
    while let Some(command) = parser.next_command() {
        drawing.execute(&command);
    }
    if let Some(rest) = parser.finish() {
        drawing.execute(&rest);
    }
    drawing.print_line();
    let mut pages = drawing.take_finished();
    pages.extend(drawing.current());
    pages
}

/// Returns what to install to see wide characters instead of boxes; `None` when all is there. Reads
/// the font if that was not done before.
#[must_use]
pub fn missing_font() -> Option<&'static str> {
    glyph::FACES.is_empty().then_some(glyph::NO_FONT)
}
