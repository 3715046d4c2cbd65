//! Pictures of dots as SVG.

use core::fmt::Write as _;

use countertop_device::document::Picture;

/// Writes a picture as SVG, a dot one unit: black runs of dots that repeat below each other are
/// rectangles of one path, so that they are exact at any size.
#[must_use]
pub fn svg(picture: &Picture) -> String {
    let (width, height) = (picture.width, picture.height());
    let mut out = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" \
         viewBox=\"0 0 {width} {height}\" shape-rendering=\"crispEdges\">\n\
         <rect width=\"{width}\" height=\"{height}\" fill=\"#fff\"/>\n<path d=\""
    );
    // Runs that the last row had: where they begin and end, and the row in which they began.
    let mut open: Vec<(u32, u32, u32)> = Vec::new();
    let stride = picture.stride().max(1);
    for (y, row) in (0..).zip(picture.rows.chunks_exact(stride)) {
        let mut now = runs(row, width, y);
        for (begin, end, top) in open {
            let place = now.binary_search_by_key(&begin, |run| run.0).ok();
            match place.and_then(|place| now.get_mut(place)).filter(|run| run.1 == end) {
                Some(run) => run.2 = top,
                None => rectangle(&mut out, begin, end, top, y),
            }
        }
        open = now;
    }
    for (begin, end, top) in open {
        rectangle(&mut out, begin, end, top, height);
    }
    out.push_str("\"/>\n</svg>\n");
    out
}

/// Returns the black runs of a row.
fn runs(row: &[u8], width: u32, y: u32) -> Vec<(u32, u32, u32)> {
    let mut runs: Vec<(u32, u32, u32)> = Vec::new();
    for (number, byte) in (0..).zip(row).filter(|(_, byte)| **byte != 0) {
        for x in (0..8).filter(|bit| byte & (0x80 >> bit) != 0).map(|bit| number * 8 + bit) {
            match runs.last_mut() {
                Some((_, end, _)) if *end == x && x < width => *end += 1,
                _ if x < width => runs.push((x, x + 1, y)),
                _ => {}
            }
        }
    }
    runs
}

fn rectangle(out: &mut String, begin: u32, end: u32, top: u32, bottom: u32) {
    let (width, height) = (end - begin, bottom - top);
    // Writing to a string does not fail.
    let _ = write!(out, "M{begin} {top}h{width}v{height}h-{width}z");
}
