//! Dots in rows.

use countertop_device::document::Picture;

/// Is a picture that is being drawn, of one bit a dot.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Bitmap {
    width: usize,
    stride: usize,
    rows: Vec<u8>,
}

#[cfg_attr(
    not(all(feature = "codes", feature = "glyphs")),
    expect(dead_code, reason = "a build that draws less needs less")
)]
impl Bitmap {
    /// Creates a white one.
    pub(crate) fn new(width: usize, height: usize) -> Self {
        let stride = width.div_ceil(8);
        Self { width, stride, rows: vec![0; stride * height] }
    }

    pub(crate) fn width(&self) -> usize {
        self.width
    }

    pub(crate) fn height(&self) -> usize {
        self.rows.len().checked_div(self.stride).unwrap_or(0)
    }

    /// Tells whether a dot is black; outside it is not.
    pub(crate) fn is_black(&self, x: usize, y: usize) -> bool {
        let byte = self.rows.get(y * self.stride + x / 8);
        x < self.width && byte.is_some_and(|byte| byte & (0x80 >> (x % 8)) != 0)
    }

    /// Blackens a dot; outside nothing happens.
    pub(crate) fn blacken(&mut self, x: usize, y: usize) {
        if let Some(byte) = self.rows.get_mut(y * self.stride + x / 8)
            && x < self.width
        {
            *byte |= 0x80 >> (x % 8);
        }
    }

    /// Blackens a rectangle.
    pub(crate) fn fill(&mut self, x: usize, y: usize, width: usize, height: usize) {
        for row in y..y + height {
            for column in x..x + width {
                self.blacken(column, row);
            }
        }
    }

    /// Turns a rectangle's white black and its black white.
    #[cfg(feature = "glyphs")]
    pub(crate) fn invert(&mut self, x: usize, y: usize, width: usize, height: usize) {
        for row in y..y + height {
            for column in (x..x + width).take_while(|column| *column < self.width) {
                if let Some(byte) = self.rows.get_mut(row * self.stride + column / 8) {
                    *byte ^= 0x80 >> (column % 8);
                }
            }
        }
    }

    /// Draws `other` with each dot made `across` × `down` dots.
    pub(crate) fn draw(
        &mut self,
        other: &Self,
        x: usize,
        y: usize,
        (across, down): (usize, usize),
    ) {
        for row in 0..other.height() {
            for column in (0..other.width).filter(|column| other.is_black(*column, row)) {
                self.fill(x + column * across, y + row * down, across, down);
            }
        }
    }

    /// Cuts off what is right of the last black dot.
    pub(crate) fn trimmed(self) -> Self {
        let rows = 0..self.height();
        let last = rows.filter_map(|y| (0..self.width).rev().find(|x| self.is_black(*x, y))).max();
        let mut out = Self::new(last.map_or(1, |last| last + 1), self.height());
        for (from, to) in self.rows.chunks(self.stride.max(1)).zip(out.rows.chunks_mut(out.stride))
        {
            to.iter_mut().zip(from).for_each(|(to, from)| *to = *from);
        }
        out
    }

    /// Returns the smallest part that has all black dots.
    #[cfg(feature = "codes")]
    pub(crate) fn without_margin(&self) -> Self {
        let black = |y: &usize| (0..self.width).any(|x| self.is_black(x, *y));
        let (top, bottom) = (
            (0..self.height()).find(black).unwrap_or(0),
            (0..self.height()).rfind(black).unwrap_or(0),
        );
        let row = |y: usize| (0..self.width).filter(move |x| self.is_black(*x, y));
        let left = (top..=bottom).filter_map(|y| row(y).min()).min().unwrap_or(0);
        let right = (top..=bottom).filter_map(|y| row(y).max()).max().unwrap_or(0);
        let mut out = Self::new(right - left + 1, bottom - top + 1);
        for (y, x) in (top..=bottom).flat_map(|y| row(y).map(move |x| (y, x))) {
            out.blacken(x - left, y - top);
        }
        out
    }

    pub(crate) fn into_picture(self) -> Picture {
        Picture { width: u32::try_from(self.width).unwrap_or(u32::MAX), rows: self.rows }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_outside_is_lost() {
        let mut bitmap = Bitmap::new(10, 3);
        bitmap.fill(8, 2, 5, 5);
        assert!(bitmap.is_black(9, 2) && !bitmap.is_black(10, 2) && !bitmap.is_black(9, 3));
        assert_eq!(bitmap.into_picture(), Picture { width: 10, rows: vec![0, 0, 0, 0, 0, 0xC0] });
    }

    #[test]
    fn white_at_the_right_can_be_cut_off() {
        let mut bitmap = Bitmap::new(30, 2);
        bitmap.fill(0, 0, 9, 1);
        let trimmed = bitmap.trimmed();
        assert_eq!((trimmed.width(), trimmed.height()), (9, 2));
        assert_eq!(trimmed.into_picture().rows, [0xFF, 0x80, 0, 0]);
        assert_eq!(Bitmap::new(30, 2).trimmed().width(), 1);
    }

    #[cfg(feature = "glyphs")]
    #[test]
    fn can_be_drawn_large_and_inverted() {
        let mut dot = Bitmap::new(1, 1);
        dot.blacken(0, 0);
        let mut bitmap = Bitmap::new(8, 2);
        bitmap.draw(&dot, 2, 0, (3, 2));
        bitmap.invert(0, 0, 4, 1);
        assert_eq!(bitmap.into_picture().rows, [0b1100_1000, 0b0011_1000]);
    }
}
