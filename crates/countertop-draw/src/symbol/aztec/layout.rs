//! Where an Aztec code's bits go (clause 7.3).

use super::Size;
use crate::Bitmap;
use crate::symbol::bits::Bits;

/// Draws finder, orientation, reference grid, mode message and data.
pub(super) fn draw(size: Size, message: &Bits, mode: &Bits) -> Bitmap {
    let base = (if size.compact { 11 } else { 14 }) + size.layers * 4;
    let map = alignment(size, base);
    let side = if size.compact { base } else { base + 1 + 2 * ((base / 2 - 1) / 15) };
    let mut out = Bitmap::new(side, side);
    draw_data(&mut out, size, message, &map);
    draw_mode(&mut out, size, mode, side / 2);
    if size.compact {
        draw_finder(&mut out, side / 2, 5);
    } else {
        draw_finder(&mut out, side / 2, 7);
        draw_grid(&mut out, base, side);
    }
    out
}

/// Returns for each place of the data where it is in the symbol: the reference grid lies between.
fn alignment(size: Size, base: usize) -> Vec<usize> {
    if size.compact {
        return (0..base).collect();
    }
    let side = base + 1 + 2 * ((base / 2 - 1) / 15);
    let (middle, centre) = (base / 2, side / 2);
    let mut map = vec![0; base];
    for at in 0..middle {
        let offset = at + at / 15;
        map[middle - at - 1] = centre - offset - 1;
        map[middle + at] = centre + offset + 1;
    }
    map
}

fn draw_data(out: &mut Bitmap, size: Size, message: &Bits, map: &[usize]) {
    let last = map.len() - 1;
    let mut at = 0;
    for layer in 0..size.layers {
        let row = (size.layers - layer) * 4 + if size.compact { 9 } else { 12 };
        for (place, side) in (0..row * 2).flat_map(|place| (0..4).map(move |side| (place, side))) {
            if !message.get(at + side * row * 2 + place) {
                continue;
            }
            let (along, across) = (layer * 2 + place / 2, layer * 2 + place % 2);
            let (x, y) = match side {
                0 => (map[across], map[along]),
                1 => (map[along], map[last - across]),
                2 => (map[last - across], map[last - along]),
                _ => (map[last - along], map[across]),
            };
            out.blacken(x, y);
        }
        at += row * 8;
    }
}

fn draw_mode(out: &mut Bitmap, size: Size, mode: &Bits, centre: usize) {
    let (count, distance) = if size.compact { (7, 5) } else { (10, 7) };
    for at in 0..count {
        let gap = if size.compact { 0 } else { at / 5 };
        let offset = centre - (distance - 2) + at + gap;
        let places = [
            (at, (offset, centre - distance)),
            (at + count, (centre + distance, offset)),
            (3 * count - 1 - at, (offset, centre + distance)),
            (4 * count - 1 - at, (centre - distance, offset)),
        ];
        for (bit, (x, y)) in places {
            if mode.get(bit) {
                out.blacken(x, y);
            }
        }
    }
}

fn draw_finder(out: &mut Bitmap, centre: usize, size: usize) {
    for ring in (0..size).step_by(2) {
        for at in centre - ring..=centre + ring {
            out.blacken(at, centre - ring);
            out.blacken(at, centre + ring);
            out.blacken(centre - ring, at);
            out.blacken(centre + ring, at);
        }
    }
    let (low, high) = (centre - size, centre + size);
    for (x, y) in
        [(low, low), (low + 1, low), (low, low + 1), (high, low), (high, low + 1), (high, high - 1)]
    {
        out.blacken(x, y);
    }
}

fn draw_grid(out: &mut Bitmap, base: usize, side: usize) {
    let centre = side / 2;
    for line in 0..(base / 2 - 1).div_ceil(15) {
        let distance = line * 16;
        for at in (centre % 2..side).step_by(2) {
            out.blacken(centre - distance, at);
            out.blacken(centre + distance, at);
            out.blacken(at, centre - distance);
            out.blacken(at, centre + distance);
        }
    }
}
