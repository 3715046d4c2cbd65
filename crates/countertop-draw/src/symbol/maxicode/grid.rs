//! Which module each bit is (figure 5 of the standard).

/// Rows of modules.
pub(super) const ROWS: usize = 33;

/// Bits of a code word.
const WORD: usize = 6;

/// Modules that are always black, as column and row: the corner and the orientation marks.
pub(super) const BLACK: [(usize, usize); 13] = [
    (28, 0),
    (29, 0),
    (10, 9),
    (11, 9),
    (11, 10),
    (7, 15),
    (8, 16),
    (20, 16),
    (20, 17),
    (10, 22),
    (17, 22),
    (10, 23),
    (17, 23),
];

/// The words around the bull's eye, whose modules lie apart.
const APART: [[(usize, usize); WORD]; 9] = [
    [(19, 15), (19, 17), (16, 9), (16, 10), (17, 11), (16, 11)],
    [(13, 22), (12, 22), (13, 23), (12, 23), (17, 21), (16, 22)],
    [(13, 9), (12, 9), (13, 10), (12, 10), (10, 12), (10, 20)],
    [(18, 20), (19, 12), (18, 12), (19, 13), (18, 13), (19, 14)],
    [(15, 23), (14, 23), (19, 18), (19, 19), (18, 19), (19, 20)],
    [(8, 15), (8, 17), (10, 21), (11, 23), (15, 22), (14, 22)],
    [(15, 9), (14, 9), (15, 10), (14, 10), (10, 10), (10, 11)],
    [(21, 17), (19, 9), (18, 9), (19, 10), (19, 11), (18, 11)],
    [(6, 15), (6, 16), (7, 17), (6, 17), (21, 15), (20, 15)],
];

/// Where the blocks of the other words of the primary message begin.
const PRIMARY: [(usize, usize); 11] = [
    (8, 12),
    (8, 18),
    (18, 21),
    (8, 21),
    (8, 9),
    (20, 12),
    (20, 18),
    (6, 18),
    (6, 12),
    (20, 9),
    (20, 21),
];

/// A block of two columns and three rows, and one of the two outer columns.
const BLOCK: [(usize, usize); WORD] = [(1, 0), (0, 0), (1, 1), (0, 1), (1, 2), (0, 2)];
const OUTER: [(usize, usize); WORD] = [(0, 0), (1, 1), (0, 1), (0, 2), (1, 3), (0, 3)];

/// The first word of the secondary message, and the first in the outer columns.
const SECONDARY: usize = 20;
const OUTSIDE: usize = 136;

/// Returns column and row of a bit of the 864.
pub(super) fn place(bit: usize) -> (usize, usize) {
    let (word, bit) = (bit / WORD, bit % WORD);
    let shifted = |(x, y): (usize, usize), (dx, dy): (usize, usize)| (x + dx, y + dy);
    match word {
        0..=8 => APART[word][bit],
        9..SECONDARY => shifted(PRIMARY[word - APART.len()], BLOCK[bit]),
        SECONDARY..OUTSIDE => {
            shifted(blocks().nth(word - SECONDARY).unwrap_or_default(), BLOCK[bit])
        }
        _ => shifted((28, 1 + (word - OUTSIDE) * 4), OUTER[bit]),
    }
}

/// Lists where the blocks of the secondary message begin: bands of three rows, to and fro, around
/// the bull's eye.
fn blocks() -> impl Iterator<Item = (usize, usize)> {
    (0..ROWS / 3).flat_map(|band| {
        let hole = match band {
            3 | 7 => 8..=20,
            4..=6 => 6..=20,
            _ => 28..=28,
        };
        let across = (0..14).map(move |step| if band % 2 == 0 { step } else { 13 - step } * 2);
        across.filter(move |x| !hole.contains(x)).map(move |x| (x, band * 3))
    })
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn each_bit_has_a_module_of_its_own() {
        let places: HashSet<_> = (0..864).map(place).chain(BLACK).collect();
        assert_eq!(places.len(), 864 + BLACK.len());
        assert!(places.iter().all(|(x, y)| *x < 30 && *y < ROWS));
        assert_eq!(blocks().count(), OUTSIDE - SECONDARY);
    }
}
