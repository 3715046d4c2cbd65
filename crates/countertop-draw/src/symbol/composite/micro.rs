//! Rows of MicroPDF417, of which CC-A and CC-B are forms (ISO/IEC 24728).

use crate::Bitmap;
use crate::symbol::pdf417::Row;

/// Is one of the sizes that there are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Size {
    pub(super) columns: usize,
    pub(super) rows: usize,
    /// Words of error correction.
    pub(super) correction: usize,
    /// Row address patterns of the first row: left, middle and right, of which narrow sizes have not
    /// all.
    patterns: [usize; 3],
}

impl Size {
    /// Returns how many words of data there are.
    pub(super) fn words(&self) -> usize {
        self.columns * self.rows - self.correction
    }
}

const fn size(columns: usize, rows: usize, correction: usize, patterns: [usize; 3]) -> Size {
    Size { columns, rows, correction, patterns }
}

/// Sizes of CC-A (ISO/IEC 24723, tables 9 to 11).
pub(super) const SIZES_A: [Size; 17] = [
    size(2, 5, 4, [39, 0, 19]),
    size(2, 6, 4, [1, 0, 33]),
    size(2, 7, 5, [32, 0, 12]),
    size(2, 8, 5, [8, 0, 40]),
    size(2, 9, 6, [14, 0, 46]),
    size(2, 10, 6, [43, 0, 23]),
    size(2, 12, 7, [20, 0, 52]),
    size(3, 4, 4, [11, 43, 23]),
    size(3, 5, 5, [1, 33, 13]),
    size(3, 6, 6, [5, 37, 17]),
    size(3, 7, 7, [15, 47, 27]),
    size(3, 8, 7, [21, 1, 33]),
    size(4, 3, 4, [40, 20, 52]),
    size(4, 4, 5, [43, 23, 3]),
    size(4, 5, 6, [46, 26, 6]),
    size(4, 6, 7, [34, 14, 46]),
    size(4, 7, 8, [29, 9, 41]),
];

/// Sizes of CC-B: those of MicroPDF417 from two columns on (ISO/IEC 24728, tables 1 and 10).
pub(super) const SIZES_B: [Size; 28] = [
    size(2, 8, 8, [1, 0, 1]),
    size(2, 11, 9, [1, 0, 9]),
    size(2, 14, 9, [8, 0, 8]),
    size(2, 17, 10, [36, 0, 36]),
    size(2, 20, 11, [19, 0, 19]),
    size(2, 23, 13, [9, 0, 17]),
    size(2, 26, 15, [27, 0, 35]),
    size(3, 6, 12, [1, 1, 1]),
    size(3, 8, 14, [7, 7, 7]),
    size(3, 10, 16, [15, 15, 15]),
    size(3, 12, 18, [25, 25, 25]),
    size(3, 15, 21, [37, 37, 37]),
    size(3, 20, 26, [1, 17, 33]),
    size(3, 26, 32, [1, 9, 17]),
    size(3, 32, 38, [21, 29, 37]),
    size(3, 38, 44, [15, 31, 47]),
    size(3, 44, 50, [1, 25, 49]),
    size(4, 4, 8, [47, 19, 43]),
    size(4, 6, 12, [1, 1, 1]),
    size(4, 8, 14, [7, 7, 7]),
    size(4, 10, 16, [15, 15, 15]),
    size(4, 12, 18, [25, 25, 25]),
    size(4, 15, 21, [37, 37, 37]),
    size(4, 20, 26, [1, 17, 33]),
    size(4, 26, 32, [1, 9, 17]),
    size(4, 32, 38, [21, 29, 37]),
    size(4, 38, 44, [15, 31, 47]),
    size(4, 44, 50, [1, 25, 49]),
];

/// Row address patterns at either side, ten modules each (ISO/IEC 24728, table 3).
#[rustfmt::skip]
const SIDE: [u16; 52] = [
    802, 930, 946, 818, 882, 890, 826, 954, 922, 986, 970, 906, 778,
    794, 786, 914, 978, 982, 980, 916, 948, 932, 934, 942, 940, 936,
    808, 812, 814, 806, 822, 950, 918, 790, 788, 820, 884, 868, 870,
    878, 876, 872, 840, 856, 860, 862, 846, 844, 836, 838, 834, 866,
];

/// Those in the middle.
#[rustfmt::skip]
const MIDDLE: [u16; 52] = [
    718, 590, 622, 558, 550, 566, 534, 530, 538, 570, 562, 546, 610,
    626, 634, 762, 754, 758, 630, 628, 612, 614, 582, 578, 706, 738,
    742, 740, 748, 620, 556, 552, 616, 744, 712, 716, 708, 710, 646,
    654, 652, 668, 664, 696, 688, 656, 720, 592, 600, 604, 732, 734,
];

/// Draws rows one dot high. In CC-A of three columns the left pattern is missing.
pub(super) fn draw(size: &Size, words: &[u16], cc_a: bool) -> Bitmap {
    let left = !(cc_a && size.columns == 3);
    let rows = words.chunks(size.columns).enumerate();
    let rows: Vec<Vec<bool>> = rows.map(|(at, words)| row(size, at, words, left)).collect();
    let width = rows.iter().map(Vec::len).max().unwrap_or(0);
    let mut out = Bitmap::new(width, rows.len());
    for (y, modules) in rows.iter().enumerate() {
        let bars = modules.iter().enumerate().filter(|(_, bar)| **bar);
        bars.for_each(|(x, _)| out.blacken(x, y));
    }
    out
}

fn row(size: &Size, at: usize, words: &[u16], left: bool) -> Vec<bool> {
    let [first, middle, last] = size.patterns;
    let pattern = |set: &[u16; 52], first: usize| u32::from(set[(first + at + 51) % 52]);
    // The cluster goes with the row address, not with the row.
    let mut row = Row::new((first + at + 2) % 3);
    if left {
        row.push(pattern(&SIDE, first), 10);
    }
    for (column, word) in words.iter().enumerate() {
        // The middle pattern stands before the last two columns.
        if size.columns > 2 && column + 2 == size.columns {
            row.push(pattern(&MIDDLE, middle), 10);
        }
        row.word(usize::from(*word));
    }
    row.push(pattern(&SIDE, last), 10);
    row.bar();
    row.modules().to_vec()
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    /// Six elements of ten modules that begin with a bar, those at the sides with a wide one; each
    /// differs from the next in one edge.
    #[test]
    fn row_address_patterns_are_alike() {
        for set in [SIDE, MIDDLE] {
            assert_eq!(set.iter().collect::<HashSet<_>>().len(), 52);
            for (at, pattern) in set.iter().enumerate() {
                let bits: Vec<bool> = (0..10).rev().map(|bit| pattern >> bit & 1 == 1).collect();
                assert_eq!(bits.chunk_by(|one, other| one == other).count(), 6);
                assert!(bits[0] && !bits[9]);
                assert_eq!((pattern ^ set[(at + 1) % 52]).count_ones(), 1, "{at}");
            }
        }
    }

    #[test]
    fn rows_are_as_wide_as_their_columns() {
        for (sizes, cc_a) in [(&SIZES_A[..], true), (&SIZES_B[..], false)] {
            for size in sizes {
                let out = draw(size, &vec![0; size.columns * size.rows], cc_a);
                let patterns = match (size.columns, cc_a) {
                    (3, false) | (4, _) => 3,
                    _ => 2,
                };
                let width = size.columns * 17 + patterns * 10 + 1;
                assert_eq!((out.width(), out.height()), (width, size.rows), "{size:?}");
            }
        }
    }
}
