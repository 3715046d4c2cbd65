//! Shades become dots.
//!
//! Rows are packed most significant bit first, 1 = black. Errors are kept in whole parts of their
//! weights, so that nothing is lost by rounding but in the last step.

use core::cell::Cell;

/// Shades below this are black where errors are diffused.
const MIDDLE: i32 = 128;
const WHITE: i32 = 255;

/// Packs what `black` says of each point of a row.
fn pack_row(row: &[u8], out: &mut Vec<u8>, mut black: impl FnMut(usize, u8) -> bool) {
    for (number, eight) in row.chunks(8).enumerate() {
        let mut byte = 0;
        for (bit, shade) in eight.iter().enumerate() {
            byte |= u8::from(black(number * 8 + bit, *shade)) << (7 - bit);
        }
        out.push(byte);
    }
}

fn with_room(luma: &[u8], width: usize) -> Vec<u8> {
    Vec::with_capacity(width.div_ceil(8) * luma.len().checked_div(width).unwrap_or(0))
}

/// Makes a point black that is darker than `shade`.
pub(super) fn threshold(luma: &[u8], width: usize, shade: u8) -> Vec<u8> {
    let mut out = with_room(luma, width);
    for row in luma.chunks_exact(width.max(1)) {
        pack_row(row, &mut out, |_, point| point < shade);
    }
    out
}

/// Compares points with a pattern of 8 × 8 thresholds.
pub(super) fn bayer(luma: &[u8], width: usize) -> Vec<u8> {
    let mut out = with_room(luma, width);
    for (y, row) in luma.chunks_exact(width.max(1)).enumerate() {
        let thresholds: [u8; 8] = core::array::from_fn(|x| threshold_of(x, y));
        pack_row(row, &mut out, |x, point| {
            thresholds.get(x % 8).is_some_and(|threshold| point < *threshold)
        });
    }
    out
}

/// Returns the threshold of a place in Bayer's pattern, 2 to 254: the bits of x xor y and of y, from
/// the lowest on, are those of the threshold from the highest on.
fn threshold_of(x: usize, y: usize) -> u8 {
    let bits = (0..3).fold(0, |value, bit| value << 2 | ((x ^ y) >> bit & 1) << 1 | (y >> bit & 1));
    u8::try_from(bits * 4 + 2).unwrap_or(u8::MAX)
}

/// Diffuses errors to four neighbours: 7/16 to the right, 3/16, 5/16 and 1/16 below.
pub(super) fn floyd_steinberg(luma: &[u8], width: usize) -> Vec<u8> {
    let mut out = with_room(luma, width);
    // Of each point the sixteenths that come from above; one more is before the first point.
    let mut above = vec![0_i32; width + 1];
    for row in luma.chunks_exact(width.max(1)) {
        let mut right = 0;
        // What the points below and below right have from those before.
        let (mut below, mut below_right) = (0, 0);
        let errors = Cell::from_mut(above.as_mut_slice()).as_slice_of_cells();
        pack(row, errors.windows(2), &mut out, |shade, window| {
            let [left, here] = window else { return 0 };
            let value = i32::from(shade) - MIDDLE + ((here.get() + right) >> 4);
            // All ones where it is white. The next point waits for what goes to the right, so that is
            // worked out beside the error and not from it.
            let white = !(value >> 31);
            let error = value + MIDDLE - (WHITE & white);
            right = value * 7 + MIDDLE * 7 - ((WHITE * 7) & white);
            left.set(below + error * 3);
            below = below_right + error * 5;
            below_right = error;
            u8::from(white == 0)
        });
        if let Some(last) = above.last_mut() {
            *last = below;
        }
    }
    out
}

/// Diffuses three quarters of the error: an eighth each to two points to the right, three below, and
/// one two rows below.
pub(super) fn atkinson(luma: &[u8], width: usize) -> Vec<u8> {
    let mut out = with_room(luma, width);
    // Errors of this row and the two below, in eighths, with one point more before the first.
    let [mut here, mut below, mut far] = [0; 3].map(|none| vec![none; width + 1]);
    for row in luma.chunks_exact(width.max(1)) {
        // The errors of the last point and of the one before.
        let (mut last, mut before) = (0, 0);
        let next = Cell::from_mut(below.as_mut_slice()).as_slice_of_cells().windows(2);
        let points = next.zip(here.iter().skip(1).zip(far.iter_mut().skip(1)));
        pack(row, points, &mut out, |shade, (next, (from_above, far))| {
            let (error, black) = quantised(shade, (*from_above + last + before) >> 3);
            if let [left, _] = next {
                left.set(left.get() + before + last + error);
            }
            *far = error;
            (before, last) = (last, error);
            black
        });
        if let Some(point) = below.last_mut() {
            *point += before + last;
        }
        (here, below, far) = (below, far, here);
    }
    out
}

/// Returns the error of a point that is made black or white, and 1 where it is black. It has no
/// branch, for which one is taken could not be foretold.
fn quantised(shade: u8, error: i32) -> (i32, u8) {
    let value = i32::from(shade) + error;
    // All ones where it is black.
    let black = (value - MIDDLE) >> 31;
    (value - (WHITE & !black), u8::from(black != 0))
}

/// Packs what `black` says of each point and what goes with it: 1 or nought.
fn pack<T>(
    row: &[u8],
    with: impl Iterator<Item = T>,
    out: &mut Vec<u8>,
    mut black: impl FnMut(u8, T) -> u8,
) {
    let (mut byte, mut bits) = (0, 0);
    for (shade, with) in row.iter().zip(with) {
        byte = byte << 1 | black(*shade, with);
        bits += 1;
        if bits == 8 {
            out.push(byte);
            bits = 0;
        }
    }
    if bits > 0 {
        out.push(byte << (8 - bits));
    }
}
