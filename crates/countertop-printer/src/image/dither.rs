//! Shades become dots.
//!
//! Rows are packed most significant bit first, 1 = black. Errors are kept in whole parts of their
//! weights, so that nothing is lost by rounding but in the last step.

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
    // Of each point the sixteenths that come from above. One more is before the first point.
    let mut above = vec![0_i32; width + 1];
    for row in luma.chunks_exact(width.max(1)) {
        let mut right = 0;
        // What the points below and below right have from those before.
        let (mut below, mut below_right) = (0, 0);
        for (number, eight) in row.chunks(8).enumerate() {
            let begin = number * 8;
            let errors = above.get_mut(begin..=begin + eight.len()).unwrap_or_default();
            let mut byte = 0;
            for (bit, shade) in eight.iter().enumerate() {
                let Some([left, here]) = errors.get_mut(bit..bit + 2) else { break };
                let value = i32::from(*shade) + ((*here + right) >> 4);
                let black = value < MIDDLE;
                let error = if black { value } else { value - WHITE };
                byte |= u8::from(black) << (7 - bit);
                right = error * 7;
                *left = below + error * 3;
                below = below_right + error * 5;
                below_right = error;
            }
            out.push(byte);
        }
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
    // Errors of this row and the two below, in eighths, with one point more before and behind.
    let mut rows = [vec![0_i32; width + 2], vec![0; width + 2], vec![0; width + 2]];
    for row in luma.chunks_exact(width.max(1)) {
        let [here, below, far] = &mut rows;
        let (mut next, mut after) = (0, 0);
        pack_row(row, &mut out, |x, shade| {
            let from_above = here.get(x + 1).copied().unwrap_or_default();
            let value = i32::from(shade) + ((from_above + next) >> 3);
            let black = value < MIDDLE;
            let error = if black { value } else { value - WHITE };
            next = after + error;
            after = error;
            for point in below.iter_mut().skip(x).take(3) {
                *point += error;
            }
            if let Some(point) = far.get_mut(x + 1) {
                *point += error;
            }
            black
        });
        here.fill(0);
        rows.rotate_left(1);
    }
    out
}
