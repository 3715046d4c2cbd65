//! Images made wider or narrower, in integers.

use countertop_device::document::Image;

/// Parts of which a point of the scaled image is made.
const ONE: u64 = 1 << 16;

/// Is the points of which one is made: where they begin, and the weight of each.
struct Taps {
    begin: usize,
    weights: Vec<u32>,
}

/// Returns the height of an image that is made `width` points wide.
pub(super) fn height(image: &Image, width: u32) -> usize {
    let height = u64::from(image.height()) * u64::from(width);
    let rounded = (height + u64::from(image.width()) / 2) / u64::from(image.width()).max(1);
    usize::try_from(rounded).unwrap_or(usize::MAX).max(1)
}

/// Scales an image: what is made smaller takes the mean of the area that a point covers, what is
/// made larger goes from one point to the next in a straight line.
pub(super) fn scale(image: &Image, width: usize, height: usize) -> Vec<u8> {
    let across = taps(image.width() as usize, width);
    let down = taps(image.height() as usize, height);
    let source = image.luma().chunks_exact(image.width() as usize);
    let rows: Vec<Vec<u32>> =
        source.map(|row| across.iter().map(|taps| weigh(taps, row)).collect()).collect();
    let mut out = Vec::with_capacity(width * height);
    let mut sums = vec![0_u64; width];
    for taps in &down {
        sums.fill(0);
        for (row, weight) in rows.iter().skip(taps.begin).zip(&taps.weights) {
            for (sum, value) in sums.iter_mut().zip(row) {
                *sum += u64::from(*value) * u64::from(*weight);
            }
        }
        let rounded = |sum: &u64| (sum + ONE * ONE / 2) / (ONE * ONE);
        out.extend(sums.iter().map(|sum| u8::try_from(rounded(sum)).unwrap_or(u8::MAX)));
    }
    out
}

fn weigh(taps: &Taps, values: &[u8]) -> u32 {
    let values = values.iter().skip(taps.begin);
    values.zip(&taps.weights).map(|(value, weight)| u32::from(*value) * weight).sum()
}

/// Returns for each of `to` points of which of `from` it is made.
fn taps(from: usize, to: usize) -> Vec<Taps> {
    let pick = if to < from { mean } else { line };
    (0..to).map(|point| balanced(pick(point as u64, from as u64, to as u64))).collect()
}

/// The area that a point covers goes from `point * from / to` to `(point + 1) * from / to`.
fn mean(point: u64, from: u64, to: u64) -> Taps {
    let (begin, end) = (point * from, (point + 1) * from);
    let covered = |at: u64| ((at + 1) * to).min(end) - (at * to).max(begin);
    let weights = (begin / to..end.div_ceil(to)).map(|at| part(covered(at) * ONE / from)).collect();
    Taps { begin: usize::try_from(begin / to).unwrap_or(usize::MAX), weights }
}

/// A point's middle lies between those of two points.
fn line(point: u64, from: u64, to: u64) -> Taps {
    // In halves of a point: (2 * point + 1) * from / to - 1.
    let middle = ((2 * point + 1) * from * ONE / to).saturating_sub(ONE) / 2;
    let (begin, rest) = ((middle / ONE).min(from - 1), middle % ONE);
    let weights =
        if begin + 1 < from { vec![part(ONE - rest), part(rest)] } else { vec![part(ONE)] };
    Taps { begin: usize::try_from(begin).unwrap_or(usize::MAX), weights }
}

/// Makes the weights' sum one.
fn balanced(mut taps: Taps) -> Taps {
    let rest = part(ONE).saturating_sub(taps.weights.iter().sum());
    if let Some(largest) = taps.weights.iter_mut().max() {
        *largest += rest;
    }
    taps
}

fn part(weight: u64) -> u32 {
    u32::try_from(weight).unwrap_or(u32::MAX)
}
