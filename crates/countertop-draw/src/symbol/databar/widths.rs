//! From a value to the widths of elements (annex B of the standard).

/// Says how a value's elements are made: how many modules and elements, how wide one may be, and
/// whether at least one has to be a single module wide.
#[derive(Debug, Clone, Copy)]
pub(super) struct Shape {
    pub(super) modules: usize,
    pub(super) elements: usize,
    pub(super) widest: usize,
    pub(super) narrow: bool,
}

/// Returns the number of ways to choose `r` of `n`.
fn combinations(n: usize, r: usize) -> usize {
    if r > n {
        return 0;
    }
    (1..=r.min(n - r)).fold(1, |ways, step| ways * (n + 1 - step) / step)
}

impl Shape {
    /// Counts the ways to go on when `left` elements share `rest` modules, `narrow` saying whether
    /// one of them has to be narrow still.
    fn ways(self, rest: usize, left: usize, narrow: bool) -> usize {
        if left == 1 {
            return usize::from(rest <= self.widest && rest >= 1 && !(narrow && rest > 1));
        }
        let all = self.bounded(rest, left, 1);
        let without = if narrow { self.bounded(rest, left, 2) } else { 0 };
        all - without
    }

    /// Counts the ways to share modules among elements from `least` to the widest.
    fn bounded(self, rest: usize, left: usize, least: usize) -> usize {
        let Some(free) = rest.checked_sub(left * least) else { return 0 };
        let span = self.widest + 1 - least;
        let signed = (0..=left).map(|over| {
            let Some(rest) = free.checked_sub(over * span) else { return (0, 0) };
            let ways = combinations(left, over) * combinations(rest + left - 1, left - 1);
            if over % 2 == 0 { (ways, 0) } else { (0, ways) }
        });
        let (plus, minus) = signed.fold((0, 0), |(a, b), (c, d)| (a + c, b + d));
        plus - minus
    }

    /// Returns the widths that stand for `value`.
    pub(super) fn widths(self, mut value: usize) -> Vec<u8> {
        let mut widths = Vec::with_capacity(self.elements);
        let (mut rest, mut narrow) = (self.modules, self.narrow);
        for left in (1..self.elements).rev() {
            let mut width = 1;
            loop {
                let still = narrow && width > 1;
                let ways = rest.checked_sub(width).map_or(0, |rest| self.ways(rest, left, still));
                if value < ways || width >= self.widest {
                    break;
                }
                value -= ways;
                width += 1;
            }
            narrow &= width > 1;
            rest = rest.saturating_sub(width);
            widths.push(u8::try_from(width).unwrap_or(1));
        }
        widths.push(u8::try_from(rest).unwrap_or(1));
        widths
    }
}

/// Puts the odd and the even elements of a character together.
pub(super) fn interleave(odd: &[u8], even: &[u8]) -> Vec<u8> {
    odd.iter().zip(even).flat_map(|(odd, even)| [*odd, *even]).collect()
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn every_value_has_its_widths() {
        for (modules, widest, narrow, count) in [(12, 8, false, 161), (4, 1, true, 1)] {
            let shape = Shape { modules, elements: 4, widest, narrow };
            let all: HashSet<_> = (0..count).map(|value| shape.widths(value)).collect();
            assert_eq!(all.len(), count);
            for widths in all {
                assert_eq!(widths.iter().map(|width| usize::from(*width)).sum::<usize>(), modules);
                assert!(widths.iter().all(|width| usize::from(*width) <= widest));
            }
        }
    }
}
