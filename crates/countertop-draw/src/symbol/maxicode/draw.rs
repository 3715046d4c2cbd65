//! Hexagons and the bull's eye.

use super::grid::{BLACK, ROWS, place};
use crate::Bitmap;

/// Dots from one module to the next, across and down: 0.88 mm and 0.76 mm.
const ACROSS: usize = 7;
const DOWN: usize = 6;
/// Dots of a row of a hexagon, from its top: where it begins and how many.
const HEXAGON: [(usize, usize); 7] = [(3, 1), (2, 3), (1, 5), (1, 5), (1, 5), (2, 3), (3, 1)];
/// Modules of a row.
const COLUMNS: usize = 30;

/// The rings' radii in hundredths of a module, from the outside: black, white, black, …
const RINGS: [usize; 6] = [440, 364, 288, 212, 134, 58];

/// Draws the code of 144 words of 6 bits.
pub(super) fn draw(words: &[u32]) -> Bitmap {
    let mut out = Bitmap::new(COLUMNS * ACROSS + ACROSS / 2, ROWS * DOWN + 2);
    let bits = words.iter().flat_map(|word| (0..6).rev().map(move |bit| word >> bit & 1 == 1));
    let black = bits.enumerate().filter(|(_, black)| *black).map(|(bit, _)| place(bit));
    for (column, row) in black.chain(BLACK) {
        hexagon(&mut out, column, row);
    }
    bulls_eye(&mut out);
    out
}

/// Draws one module; odd rows are half a module to the right.
fn hexagon(out: &mut Bitmap, column: usize, row: usize) {
    let (x, y) = (column * ACROSS + row % 2 * (ACROSS / 2), row * DOWN);
    for (line, (begin, width)) in HEXAGON.into_iter().enumerate() {
        out.fill(x + begin, y + line, width, 1);
    }
}

fn bulls_eye(out: &mut Bitmap) {
    // In halves of a dot, so that the middle may lie between dots.
    let (x, y) = (2 * 14 * ACROSS + ACROSS, 2 * (16 * DOWN) + HEXAGON.len());
    let radius = |ring: usize| ring * 2 * ACROSS / 100;
    let outer = radius(RINGS[0]);
    for row in (y - outer) / 2..=(y + outer) / 2 {
        for column in (x - outer) / 2..=(x + outer) / 2 {
            let (across, down) = ((2 * column + 1).abs_diff(x), (2 * row + 1).abs_diff(y));
            let distance = across * across + down * down;
            let inside = RINGS.iter().filter(|ring| distance <= radius(**ring).pow(2)).count();
            if inside % 2 == 1 {
                out.blacken(column, row);
            }
        }
    }
}
