//! Motion units, as GS P of the TM-T88III Specification has them: 1/180 inch across, 1/360 down, dots of
//! 1/180.

use super::*;

/// GS B 1 and a space: 12 × 24 black dots.
const BLOCK: &[u8] = b"\x1dB\x01 \x1dB\x00";

fn tm_t88(parts: &[&[u8]]) -> Page {
    let mut config = PrinterConfig::default();
    (config.dots, config.resolution) =
        (512, Resolution { dpi: 180, horizontal: 180, vertical: 360 });
    let mut pages = preview_as(&parts.concat(), &config);
    assert_eq!(pages.len(), 1, "{pages:?}");
    pages.remove(0)
}

/// Returns the columns and rows of the black dots: first, and the one after the last.
fn extent(page: &Page) -> ((usize, usize), (usize, usize)) {
    let bitmap = page.bitmap();
    let column = |x: &usize| (0..bitmap.height()).any(|y| bitmap.is_black(*x, y));
    let row = |y: &usize| (0..bitmap.width()).any(|x| bitmap.is_black(x, *y));
    let columns: Vec<_> = (0..bitmap.width()).filter(column).collect();
    let rows: Vec<_> = (0..bitmap.height()).filter(row).collect();
    ((columns[0], columns[columns.len() - 1] + 1), (rows[0], rows[rows.len() - 1] + 1))
}

fn height(bytes: &[u8]) -> usize {
    tm_t88(&[bytes]).bitmap().height()
}

#[test]
fn the_printer_has_its_own_units() {
    assert_eq!(height(b"\x1bJ\x3c"), 30);
    // "Truncated to the minimum value of the mechanical pitch."
    assert_eq!(height(b"\x1bJ\x3d"), 30);
    assert_eq!(height(b"a\n\x1b3\x64\n"), 30 + 50);
    assert_eq!(height(b"a\n\x1dVB\x14"), 30 + 10);
    assert_eq!(extent(&tm_t88(&[b"\x1b$\x5a\x00", BLOCK, b"\n"])).0, (90, 102));
    assert_eq!(extent(&tm_t88(&[b"\x1dL\x5a\x00", BLOCK, b"\n"])).0, (90, 102));
}

/// The printer feeds a line's height where the line spacing is less (TM-L90, Paper Feed Specifications).
#[test]
fn a_line_is_fed_at_least_as_far_as_it_is_high() {
    assert_eq!(height(b"\x1b3\x18a\nb\n"), 2 * 24);
    assert_eq!(height(b"\x1b3\x18\n\n"), 2 * 12);
}

/// An inch has as many dots as the printer's has: 180 / 90 = 2 to a unit, 203 / 203 = 1.
#[test]
fn units_are_parts_of_an_inch() {
    let at = |bytes: &[u8]| extent(&tm_t88(&[bytes, BLOCK, b"\n"])).0.0;
    assert_eq!(at(b"\x1dP\x5a\x5a\x1b$\x0a\x00"), 20);
    assert_eq!(at(b"\x1dP\x5a\x00\x1dP\x00\x00\x1b$\x0a\x00"), 10);
    assert_eq!(at(b"\x1dP\x5a\x00\x1b@\x1b$\x0a\x00"), 10);
    // 30 × 180 / 203 = 26.6.
    assert_eq!(at(b"\x1dP\xcb\xcb\x1b$\x1e\x00"), 26);
    assert_eq!(height(b"\x1dP\x5a\x5a\x1bJ\x0a"), 20);
    assert_eq!(height(b"\x1dP\x5a\x00\x1bJ\x0a"), 5);
    assert_eq!(only(b"\x1dP\xcb\xcb\x1bJ\x0a").bitmap().height(), 10);
}

/// "The command does not affect the previously specified values."
#[test]
fn new_units_move_nothing() {
    assert_eq!(height(b"\x1b3\x78\x1dP\x5a\x5a\n"), 60);
    let printed = tm_t88(&[b"\x1dL\x10\x00\x1b \x04\x1b$\x0a\x00\x1dP\x5a\x5a", BLOCK, b"\n"]);
    assert_eq!(extent(&printed).0, (26, 42));
}

/// The example of 3.12.3: (48 − 21) × (360 / 180) = 54.
#[test]
fn a_picture_of_page_mode_needs_54_units() {
    let define = [&b"\x1d*\x01\x06"[..], &[0xFF; 48]].concat();
    let printed = tm_t88(&[b"\x1bL", &define, b"\x1b3\x36\n\x1d/\x00\x0c"]);
    assert_eq!(extent(&printed).1, (0, 48));
}

/// "When the print starting position is set to the upper right or lower left … commands using x: ESC 3,
/// ESC J, ESC W, GS $, and GS \; commands using y: ESC SP, ESC $, ESC W, ESC \, and FS S."
#[test]
fn units_change_places_with_the_direction() {
    // An area at (100, 100 / 2) of 200 × 400 / 2 dots.
    let area = b"\x1bL\x1bW\x64\x00\x64\x00\xc8\x00\x90\x01";
    let down = |tail: &[u8]| extent(&tm_t88(&[area, b"\x1bT\x03", tail, BLOCK, b"\x0c"]));
    // The baseline is 40 dots left of the right edge: 21 are above it, to the right.
    assert_eq!(down(b"\x1d$\x28\x00"), ((300 - 43, 300 - 19), (50, 62)));
    assert_eq!(down(b"\x1b$\x28\x00"), ((300 - 24, 300), (50 + 20, 50 + 32)));
    assert_eq!(down(b"\x1b\\\x28\x00"), ((300 - 24, 300), (50 + 20, 50 + 32)));
    assert_eq!(down(b"\x1d\\\x28\x00"), ((300 - 64, 300 - 40), (50, 62)));
    assert_eq!(down(b"\x1bJ\x28"), ((300 - 64, 300 - 40), (50, 62)));
    assert_eq!(down(b"\x1b3\x28\n"), ((300 - 64, 300 - 40), (50, 62)));
    assert_eq!(down(b"\x1b \x0a"), ((300 - 24, 300), (50, 50 + 12 + 5)));
    // From left to right and back in standard mode they are as ever.
    let across = tm_t88(&[area, b"\x1b$\x28\x00\x1d$\x50\x00", BLOCK, b"\x0c"]);
    assert_eq!(extent(&across), ((140, 152), (50 + 40 - 21, 50 + 40 + 3)));
    assert_eq!(height(b"\x1bL\x1bT\x03\x1bS\x1bJ\x3c"), 30);
    assert_eq!(height(b"\x1bL\x1bT\x03\x1b@\x1bJ\x3c"), 30);
}
