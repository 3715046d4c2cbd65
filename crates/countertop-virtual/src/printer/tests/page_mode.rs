//! Page mode, as 3.12 of the TM-T88III Specification and Epson's reference have it. A unit is a dot.

use super::*;

/// GS B 1 and a space: 12 × 24 black dots.
const BLOCK: &[u8] = b"\x1dB\x01 \x1dB\x00";

/// ESC W, in dots.
fn area(x: u16, y: u16, width: u16, height: u16) -> Vec<u8> {
    let values = [x, y, width, height].map(u16::to_le_bytes);
    [b"\x1bW", values.as_flattened()].concat()
}

fn page(parts: &[&[u8]]) -> Page {
    only(&[&b"\x1bL"[..], &parts.concat()].concat())
}

/// Returns the rows that are black at `x`, as the first and the one after the last; they are all
/// between.
fn rows(page: &Page, x: usize) -> (usize, usize) {
    let height = page.bitmap().height();
    let black: Vec<_> = (0..height).filter(|y| page.bitmap().is_black(x, *y)).collect();
    let (first, last) = (black[0], black[black.len() - 1]);
    assert_eq!(black.len(), last + 1 - first, "{black:?}");
    (first, last + 1)
}

/// 21 dots of a character of 24 are above the baseline, and the first baseline is 21 dots down (figure
/// 3.12.2).
#[test]
fn the_first_line_touches_the_top() {
    assert_eq!(rows(&page(&[BLOCK, b"\x0c"]), 0), (0, 24));
    let below = page(&[&area(0, 50, 384, 100), BLOCK, b"\x0c"]);
    assert_eq!(rows(&below, 0), (50, 74));
}

/// What is higher than a character of normal size is cut off at the area's top (3.12.3, 2): of twice 24
/// dots twice 21 are above the baseline. `<position>` of Epson's ePOS-Print XML User's Manual: a place
/// down of 42 shows characters of double height.
#[test]
fn what_rises_above_the_area_is_cut_off() {
    let high = [b"\x1d!\x01", BLOCK].concat();
    assert_eq!(rows(&page(&[&high, b"\x0c"]), 0), (0, 21 + 6));
    assert_eq!(rows(&page(&[b"\x1d$\x2a\x00", &high, b"\x0c"]), 0), (0, 48));
    // Beside a character of normal size it stands on the same baseline.
    let both = page(&[b"\x1d$\x50\x00", &high, b"\x1d!\x00", BLOCK, b"\x0c"]);
    assert_eq!((rows(&both, 0), rows(&both, 12)), ((80 - 42, 80 + 6), (80 - 21, 80 + 3)));
}

/// The example of 3.12.3: a downloaded bit image of 48 dots needs 48 − 21 = 27 dots of feeding.
#[test]
fn pictures_stand_on_the_baseline() {
    let define = [&b"\x1d*\x01\x06"[..], &[0xFF; 48]].concat();
    let printed = |feed: &[u8]| page(&[&define, feed, b"\x1d/\x00\x0c"]);
    assert_eq!(rows(&printed(b""), 0), (0, 21));
    assert_eq!(rows(&printed(b"\x1b3\x1b\n\x1b2"), 0), (0, 48));
    let columns = [&b"\x1b*\x21\x01\x00"[..], &[0xFF; 3], b"\x0c"].concat();
    assert_eq!(rows(&page(&[b"\x1d$\x28\x00", &columns]), 0), (40 - 24, 40));
}

/// A code stands on the baseline, its readable text below it (3.12.3, 2).
#[test]
fn codes_stand_on_the_baseline_with_their_text_below() {
    let bytes = b"\x1dH\x02\x1d$\xc8\x00A\x1dkE\x03ABC\x0c";
    let printed = page(&[&area(0, 0, 500, 300), bytes]);
    let black = |y: usize, from: usize| {
        (from..384).filter(|x| printed.bitmap().is_black(*x, y)).collect::<Vec<_>>()
    };
    // Bars of 162 dots, 12 dots right of the line's beginning.
    let bars = black(200 - 162, 0);
    assert!(bars[0] >= 12 && black(200 - 163, 0).is_empty());
    assert_eq!((black(199, 12), black(178, 0)), (bars.clone(), bars));
    let text = (200..224).filter(|y| !black(*y, 12).is_empty()).count();
    assert!(text > 12 && (224..300).all(|y| black(y, 0).is_empty()));
    let qr = page(&[b"\x1d$\x64\x00\x1d(k\x04\x00\x31\x50\x30x\x1d(k\x03\x00\x31\x51\x30\x0c"]);
    // 21 modules of three dots; the finder is seven modules high.
    assert!(qr.bitmap().is_black(0, 99) && !qr.bitmap().is_black(0, 100));
    assert!(qr.bitmap().is_black(0, 100 - 63) && !qr.bitmap().is_black(0, 100 - 64));
}

/// LF and the end of a line move by the line spacing, whatever the line's height (3.12.3, 3 and 4).
#[test]
fn lines_are_a_line_spacing_apart() {
    let high = [b"\x1d!\x01", BLOCK, b"\x1d!\x00"].concat();
    let fed = page(&[b"\x1d$\x2a\x00", &high, b"\n\x1b$\x64\x00", BLOCK, b"\x0c"]);
    assert_eq!(rows(&fed, 100), (72 - 21, 72 + 3));
    let broken = page(&[&area(0, 0, 12, 200), BLOCK, BLOCK, b"\x0c"]);
    assert_eq!(broken.bitmap().black_dots(), 2 * 12 * 24);
    assert!(broken.bitmap().is_black(0, 30) && !broken.bitmap().is_black(0, 29));
    let back = page(&[b"\n\n\x1bK\x0a", BLOCK, b"\x0c"]);
    assert_eq!(rows(&back, 0), (50, 74));
}

/// CAN: "deletes all the print data in the current print area", and what was set there before.
#[test]
fn cancelling_spares_other_areas() {
    let (first, second) = (area(0, 0, 300, 100), area(0, 100, 300, 60));
    let printed = page(&[&first, b"KEEP\n", &second, b"X\x18Y\n\x0c"]);
    assert_eq!(printed.text(), "KEEP\nY\n\n");
    let black = |rows: core::ops::Range<usize>| {
        let dots = |y| (0..384).filter(|x| printed.bitmap().is_black(*x, y)).count();
        rows.map(dots).sum::<usize>()
    };
    assert_eq!(black(0..24), only(b"KEEP\n").bitmap().black_dots());
    assert_eq!(black(100..124), only(b"Y\n").bitmap().black_dots());
    let over = page(&[BLOCK, &area(0, 0, 5, 400), b"\x18\x0c"]);
    assert_eq!(over.bitmap().black_dots(), 7 * 24);
    assert_eq!(page(&[b"gone\n\x18\x1bT\x02\x18left\n\x0c"]).text(), "left\n\n");
}

/// An area in which nothing is set adds no paper.
#[test]
fn a_page_ends_where_its_last_dot_is() {
    let printed = page(&[BLOCK, &area(0, 100, 384, 60), b"X\x18\x0c"]);
    assert_eq!((printed.text(), printed.bitmap().height()), (" \n", 24));
    assert_eq!(page(&[&area(0, 100, 384, 60), b"\x0cx\n"]).bitmap().height(), 30);
}

/// ESC T and ESC W: "if this command is processed in standard mode, an internal flag is activated".
#[test]
fn area_and_direction_can_be_set_before() {
    let head = [b"\x1bT\x02", area(100, 50, 200, 100).as_slice(), b"\xDB\n"].concat();
    let before = only(&[&head, b"\x1bL".as_slice(), BLOCK, b"\x0c"].concat());
    assert!(before.bitmap().is_black(0, 0));
    // At the lower right corner of the area, which is 30 dots down the paper.
    assert_eq!(rows(&before, 299), (30 + 150 - 24, 30 + 150));
}

/// FF and ESC S: "returns the values set by ESC W to the default values. The value set by ESC T is
/// maintained."; ESC @ forgets both.
#[test]
fn the_direction_outlasts_page_mode() {
    let head = [b"\x1bL\x1bT\x03", area(0, 0, 100, 100).as_slice(), BLOCK].concat();
    let again = |leave: &[u8]| only(&[&head, leave, b"\x1bL", BLOCK, b"\x0c"].concat());
    // From the upper right corner down: 24 dots across, 12 down.
    let printed = again(b"\x1bS");
    assert_eq!((rows(&printed, 383), rows(&printed, 360)), ((0, 12), (0, 12)));
    assert_eq!(printed.bitmap().black_dots(), 12 * 24);
    let after = again(b"\x0c");
    assert_eq!(rows(&after, 99), (0, 12));
    assert_eq!(rows(&after, 383), (100, 112));
    assert_eq!(rows(&again(b"\x1b@"), 0), (0, 24));
}

/// ESC FF: "does not clear the buffered data, setting values for ESC T and ESC W, and the position".
#[test]
fn a_page_can_be_printed_again() {
    let twice = only(b"\x1bLP\n\x1b\x0c\x1b\x0c");
    assert_eq!(twice.text(), "P\n\nP\n\n");
    assert_eq!(twice.bitmap().black_dots(), 2 * only(b"P\n").bitmap().black_dots());
    // The page is as high as its last dot is deep; the second has a block right of the first.
    let more = page(&[&area(0, 0, 100, 24), BLOCK, b"\x1b\x0c", BLOCK, b"\x0c"]);
    assert_eq!(more.bitmap().height(), 48);
    assert_eq!((rows(&more, 0), rows(&more, 12)), ((0, 48), (24, 48)));
}

/// The buffer is cleared with its mode: standard mode has its own line spacing again.
#[test]
fn clearing_returns_to_standard_mode() {
    let printed = page(&[b"\x1b3\x64gone\n\x1bS", b"a\n"]);
    assert_eq!((printed.text(), printed.bitmap().height()), ("a\n", 30));
}
