//! Parts of the tests, for guests that run side by side.

use std::str::FromStr;

/// One part of so many.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Part {
    index: usize,
    count: usize,
}

impl Part {
    /// Returns this part: every so-manieth, so that the areas are spread.
    pub(crate) fn of<T>(self, all: impl Iterator<Item = T>) -> Vec<T> {
        all.skip(self.index).step_by(self.count).collect()
    }
}

impl FromStr for Part {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let numbers = text.split_once('/').and_then(|(part, count)| {
            let part: usize = part.parse().ok()?;
            Some((part.checked_sub(1)?, count.parse().ok()?))
        });
        match numbers {
            Some((index, count)) if index < count => Ok(Self { index, count }),
            _ => Err(format!("{text} is no part: write 1/2 for the first of two")),
        }
    }
}

#[cfg(test)]
mod checks {
    use super::*;

    #[test]
    fn the_parts_are_the_whole() {
        let whole: Part = "1/1".parse().expect("1/1");
        assert_eq!(whole.of(0..5), [0, 1, 2, 3, 4]);
        let halves = ["1/2", "2/2"].map(|it| it.parse::<Part>().expect(it).of(0..5));
        assert_eq!(halves, [vec![0, 2, 4], vec![1, 3]]);
        for text in ["", "1", "0/2", "3/2", "1/0", "a/b"] {
            assert!(text.parse::<Part>().is_err(), "{text}");
        }
    }
}
