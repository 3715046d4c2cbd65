//! Dots on paper.

/// Is a picture of one bit a dot, as high as it needs to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bitmap {
    width: usize,
    stride: usize,
    rows: Vec<u8>,
}

impl Bitmap {
    /// Creates white paper.
    #[must_use]
    pub fn new(width: usize, height: usize) -> Self {
        let stride = width.div_ceil(8);
        Self { width, stride, rows: vec![0; stride * height] }
    }

    /// Takes rows packed most significant bit first; what is missing of the last row is white.
    #[must_use]
    pub fn from_rows(width: usize, mut rows: Vec<u8>) -> Self {
        let stride = width.div_ceil(8);
        rows.resize(rows.len().next_multiple_of(stride.max(1)), 0);
        Self { width, stride, rows }
    }

    /// Returns the width in dots.
    #[must_use]
    pub fn width(&self) -> usize {
        self.width
    }

    /// Returns the height in dots.
    #[must_use]
    pub fn height(&self) -> usize {
        self.rows.len().checked_div(self.stride).unwrap_or(0)
    }

    /// Tells whether a dot is black; outside it is not.
    #[must_use]
    pub fn is_black(&self, x: usize, y: usize) -> bool {
        let byte = self.rows.get(y * self.stride + x / 8);
        x < self.width && byte.is_some_and(|byte| byte & (0x80 >> (x % 8)) != 0)
    }

    /// Tells whether there is no black dot.
    #[must_use]
    pub fn is_blank(&self) -> bool {
        self.rows.iter().all(|byte| *byte == 0)
    }

    /// Returns the number of black dots.
    #[must_use]
    pub fn black_dots(&self) -> usize {
        self.rows.iter().map(|byte| byte.count_ones() as usize).sum()
    }

    /// Blackens a dot; outside nothing happens.
    pub fn blacken(&mut self, x: usize, y: usize) {
        if let Some(byte) = self.rows.get_mut(y * self.stride + x / 8)
            && x < self.width
        {
            *byte |= 0x80 >> (x % 8);
        }
    }

    /// Blackens a rectangle.
    pub fn fill(&mut self, x: usize, y: usize, width: usize, height: usize) {
        for row in y..y + height {
            for column in x..x + width {
                self.blacken(column, row);
            }
        }
    }

    /// Makes the paper at least `height` dots high.
    pub fn grow(&mut self, height: usize) {
        if height > self.height() {
            self.rows.resize(height * self.stride, 0);
        }
    }

    /// Cuts off what is below `height`.
    pub fn crop(&mut self, height: usize) {
        self.rows.truncate(height * self.stride);
    }

    /// Prints `other` over this with its upper left corner at `x`, `y`; what sticks out is lost.
    pub fn print(&mut self, other: &Self, x: usize, y: usize) {
        for (row, column) in other.black() {
            self.blacken(x + column, y + row);
        }
    }

    /// Prints `other` over this with each of its dots made `across` × `down` dots.
    pub fn print_scaled(
        &mut self,
        other: &Self,
        x: usize,
        y: usize,
        (across, down): (usize, usize),
    ) {
        for (row, column) in other.black().filter(|(_, column)| *column < other.width) {
            self.fill(x + column * across, y + row * down, across, down);
        }
    }

    /// Turns a rectangle's white black and its black white; outside nothing happens.
    pub fn invert(&mut self, x: usize, y: usize, width: usize, height: usize) {
        for row in y..y + height {
            for column in (x..x + width).take_while(|column| *column < self.width) {
                if let Some(byte) = self.rows.get_mut(row * self.stride + column / 8) {
                    *byte ^= 0x80 >> (column % 8);
                }
            }
        }
    }

    /// Returns row and column of each black dot.
    fn black(&self) -> impl Iterator<Item = (usize, usize)> {
        let stride = self.stride.max(1);
        let bytes = self.rows.iter().enumerate().filter(|(_, byte)| **byte != 0);
        bytes.flat_map(move |(at, byte)| {
            let bits = (0..8).filter(move |bit| byte & (0x80 >> *bit) != 0);
            bits.map(move |bit| (at / stride, at % stride * 8 + bit))
        })
    }

    fn mapped(
        &self,
        width: usize,
        height: usize,
        place: impl Fn(usize, usize) -> (usize, usize),
    ) -> Self {
        let mut out = Self::new(width, height);
        for (row, column) in self.black().filter(|(_, column)| *column < self.width) {
            let (x, y) = place(column, row);
            out.blacken(x, y);
        }
        out
    }

    /// Returns this with each dot made `across` × `down` dots.
    #[must_use]
    pub fn scaled(&self, across: usize, down: usize) -> Self {
        if (across, down) == (1, 1) {
            return self.clone();
        }
        let mut out = Self::new(self.width * across, self.height() * down);
        out.print_scaled(self, 0, 0, (across, down));
        out
    }

    /// Returns this without what is right of the last black dot; at least one dot wide.
    #[must_use]
    pub fn trimmed(&self) -> Self {
        let columns = self.black().map(|(_, column)| column).filter(|column| *column < self.width);
        let mut out = Self::new(columns.max().map_or(1, |last| last + 1), self.height());
        out.print(self, 0, 0);
        out
    }

    /// Returns this magnified with the steps of slanting lines filled, as GS b does: where two dots
    /// touch at their corners alone, the corner between them is cut off half-way.
    #[must_use]
    pub fn smoothed(&self, across: usize, down: usize) -> Self {
        let mut out = self.scaled(across, down);
        let black =
            |x: Option<usize>, y: Option<usize>| x.zip(y).is_some_and(|(x, y)| self.is_black(x, y));
        for (y, x) in (0..self.height()).flat_map(|y| (0..self.width).map(move |x| (y, x))) {
            if self.is_black(x, y) {
                continue;
            }
            for (right, below) in [(false, false), (true, false), (false, true), (true, true)] {
                let beside = if right { Some(x + 1) } else { x.checked_sub(1) };
                let over = if below { Some(y + 1) } else { y.checked_sub(1) };
                let fills = black(beside, Some(y)) && black(Some(x), over) && !black(beside, over);
                if fills {
                    out.fill_corner((x * across, y * down), (across, down), (right, below));
                }
            }
        }
        out
    }

    /// Blackens the triangle in one corner of a dot that was magnified.
    fn fill_corner(
        &mut self,
        (x, y): (usize, usize),
        (across, down): (usize, usize),
        (right, below): (bool, bool),
    ) {
        for row in 0..down {
            let from_corner = if below { down - 1 - row } else { row };
            let width = across.saturating_sub(from_corner * across / down + across / 2);
            let begin = if right { across - width } else { 0 };
            self.fill(x + begin, y + row, width, 1);
        }
    }

    /// Returns this turned by 180°.
    #[must_use]
    pub fn upside_down(&self) -> Self {
        let (width, height) = (self.width, self.height());
        self.mapped(width, height, |x, y| (width - 1 - x, height - 1 - y))
    }

    /// Returns this turned by 90° clockwise.
    #[must_use]
    pub fn clockwise(&self) -> Self {
        let height = self.height();
        self.mapped(height, self.width, |x, y| (height - 1 - y, x))
    }

    /// Returns black for white and white for black.
    #[must_use]
    pub fn inverted(&self) -> Self {
        let mut out = Self::new(self.width, self.height());
        for y in 0..self.height() {
            for x in (0..self.width).filter(|x| !self.is_black(*x, y)) {
                out.blacken(x, y);
            }
        }
        out
    }

    /// Returns this with each dot two dots wide, as emphasised print is.
    #[must_use]
    pub fn emphasized(&self) -> Self {
        let mut out = self.clone();
        for (row, column) in self.black() {
            out.blacken(column + 1, row);
        }
        out
    }

    /// Returns rows packed most significant bit first in which 1 is black, each filled up to bytes.
    #[must_use]
    pub fn into_rows(self) -> Vec<u8> {
        self.rows
    }

    /// Returns rows packed most significant bit first in which 1 is white, as PNG has it.
    #[must_use]
    pub fn to_white_bits(&self) -> Vec<u8> {
        self.rows.iter().map(|byte| !byte).collect()
    }

    /// Returns one byte a dot: 0 is black, 255 is white.
    #[must_use]
    pub fn to_luma(&self) -> Vec<u8> {
        let mut out = vec![0xFF; self.width * self.height()];
        for (row, column) in self.black().filter(|(_, column)| *column < self.width) {
            out[row * self.width + column] = 0x00;
        }
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn corner() -> Bitmap {
        let mut bitmap = Bitmap::new(10, 3);
        bitmap.fill(0, 0, 2, 1);
        bitmap
    }

    #[test]
    fn turns_and_scales() {
        assert!(corner().upside_down().is_black(9, 2));
        let turned = corner().clockwise();
        assert_eq!((turned.width(), turned.height()), (3, 10));
        assert!(turned.is_black(2, 0) && turned.is_black(2, 1) && !turned.is_black(0, 0));
        let scaled = corner().scaled(3, 2);
        assert_eq!((scaled.width(), scaled.height(), scaled.black_dots()), (30, 6, 12));
        assert_eq!(corner().inverted().black_dots(), 28);
        assert_eq!(corner().emphasized().black_dots(), 3);
    }

    #[test]
    fn what_sticks_out_is_lost() {
        let mut paper = Bitmap::new(10, 3);
        paper.print(&Bitmap::from_rows(8, vec![0xFF; 5]), 6, 2);
        assert_eq!(paper.black_dots(), 4);
        assert!(!paper.is_black(100, 100));
    }

    #[test]
    fn white_at_the_right_can_be_cut_off() {
        let mut bitmap = Bitmap::new(30, 2);
        bitmap.fill(0, 0, 9, 1);
        let trimmed = bitmap.trimmed();
        assert_eq!((trimmed.width(), trimmed.height()), (9, 2));
        assert_eq!(trimmed.into_rows(), [0xFF, 0x80, 0, 0]);
        assert_eq!(Bitmap::new(30, 2).trimmed().width(), 1);
    }

    #[test]
    fn can_be_drawn_large_and_inverted() {
        let mut dot = Bitmap::new(1, 1);
        dot.blacken(0, 0);
        let mut bitmap = Bitmap::new(8, 2);
        bitmap.print_scaled(&dot, 2, 0, (3, 2));
        bitmap.invert(0, 0, 4, 1);
        assert_eq!(bitmap.into_rows(), [0b1100_1000, 0b0011_1000]);
        let mut outside = Bitmap::new(10, 3);
        outside.fill(8, 2, 5, 5);
        outside.invert(0, 0, 20, 20);
        assert_eq!(outside.into_rows(), [0xFF, 0xC0, 0xFF, 0xC0, 0xFF, 0]);
    }

    #[test]
    fn luma_is_black_on_white() {
        let luma = corner().to_luma();
        assert_eq!((luma.len(), luma[0], luma[2]), (30, 0x00, 0xFF));
    }
}
