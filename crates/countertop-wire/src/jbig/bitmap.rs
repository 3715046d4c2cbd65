//! A bi-level picture in memory.

use core::fmt;

use super::JbigError;

/// Holds a picture of one bit a dot, 1 = black.
///
/// A signature is personal data: `Debug` shows the size alone.
#[derive(Clone, PartialEq, Eq)]
pub struct Bitmap {
    width: u32,
    height: u32,
    rows: Vec<u8>,
}

impl Bitmap {
    /// Is the largest width and the largest height in dots.
    pub const MAX_SIDE: u32 = 4096;

    /// Creates a white picture.
    ///
    /// # Errors
    ///
    /// [`JbigError::Size`] when a side is nought or above [`MAX_SIDE`](Self::MAX_SIDE).
    pub fn new(width: u32, height: u32) -> Result<Self, JbigError> {
        let sides = 1..=Self::MAX_SIDE;
        if !sides.contains(&width) || !sides.contains(&height) {
            return Err(JbigError::Size { width, height });
        }
        let bytes = width.div_ceil(8) as usize * height as usize;
        Ok(Self { width, height, rows: vec![0; bytes] })
    }

    /// Creates a picture from rows packed most significant bit first, each padded to whole bytes.
    /// Clears the padding.
    ///
    /// # Errors
    ///
    /// [`JbigError::Size`] as with [`new`](Self::new), and when there are not exactly as many bytes
    /// as the size asks for.
    pub fn from_rows(width: u32, height: u32, rows: Vec<u8>) -> Result<Self, JbigError> {
        let mut bitmap = Self::new(width, height)?;
        if bitmap.rows.len() != rows.len() {
            return Err(JbigError::Size { width, height });
        }
        bitmap.rows = rows;
        bitmap.clear_padding();
        Ok(bitmap)
    }

    fn clear_padding(&mut self) {
        let mask = 0xff << ((8 - self.width % 8) % 8);
        let stride = self.stride();
        for last in self.rows.iter_mut().skip(stride - 1).step_by(stride) {
            *last &= mask;
        }
    }

    fn stride(&self) -> usize {
        self.width.div_ceil(8) as usize
    }

    /// Returns the width in dots.
    #[must_use]
    pub fn width(&self) -> u32 {
        self.width
    }

    /// Returns the height in dots.
    #[must_use]
    pub fn height(&self) -> u32 {
        self.height
    }

    /// Returns the packed rows, see [`from_rows`](Self::from_rows).
    #[must_use]
    pub fn rows(&self) -> &[u8] {
        &self.rows
    }

    /// Returns the packed rows, and gives up the picture.
    #[must_use]
    pub fn into_rows(self) -> Vec<u8> {
        self.rows
    }

    /// Returns one packed row; none beyond the last.
    #[must_use]
    pub fn row(&self, y: u32) -> &[u8] {
        self.rows.chunks_exact(self.stride()).nth(y as usize).unwrap_or_default()
    }

    /// Tells whether a dot is black; those outside are white.
    #[must_use]
    pub fn get(&self, x: i32, y: i32) -> bool {
        self.place(x, y).is_some_and(|(at, mask)| self.rows[at] & mask != 0)
    }

    /// Sets a dot; one outside is left alone.
    pub fn set(&mut self, x: i32, y: i32, black: bool) {
        let Some((at, mask)) = self.place(x, y) else { return };
        if black {
            self.rows[at] |= mask;
        } else {
            self.rows[at] &= !mask;
        }
    }

    fn place(&self, x: i32, y: i32) -> Option<(usize, u8)> {
        let (x, y) = (u32::try_from(x).ok()?, u32::try_from(y).ok()?);
        let inside = x < self.width && y < self.height;
        inside.then(|| (y as usize * self.stride() + x as usize / 8, 0x80 >> (x % 8)))
    }

    /// Returns the number of black dots.
    #[must_use]
    pub fn black_dots(&self) -> u32 {
        self.rows.iter().map(|byte| byte.count_ones()).sum()
    }

    /// Copies a row from the one above it; the topmost becomes white.
    pub(super) fn repeat_row(&mut self, y: u32, above_is_white: bool) {
        let (stride, start) = (self.stride(), self.stride() * y as usize);
        if above_is_white {
            self.rows[start..start + stride].fill(0);
        } else {
            self.rows.copy_within(start - stride..start, start);
        }
    }
}

impl fmt::Debug for Bitmap {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Bitmap({}×{})", self.width, self.height)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dots_are_packed_from_the_left() {
        let mut bitmap = Bitmap::new(10, 2).unwrap();
        bitmap.set(0, 0, true);
        bitmap.set(9, 1, true);
        bitmap.set(10, 1, true);
        bitmap.set(-1, 0, true);
        assert_eq!(bitmap.rows(), [0x80, 0, 0, 0x40]);
        assert!(bitmap.get(9, 1) && !bitmap.get(10, 1) && !bitmap.get(0, -1));
        bitmap.set(0, 0, false);
        assert_eq!(bitmap.black_dots(), 1);
        assert_eq!(format!("{bitmap:?}"), "Bitmap(10×2)");
    }

    #[test]
    fn padding_is_cleared() {
        let bitmap = Bitmap::from_rows(9, 2, vec![0xff; 4]).unwrap();
        assert_eq!(bitmap.rows(), [0xff, 0x80, 0xff, 0x80]);
        assert_eq!(Bitmap::from_rows(8, 1, vec![0xff]).unwrap().black_dots(), 8);
    }

    #[test]
    fn sizes_are_bounded() {
        for (width, height) in [(0, 1), (1, 0), (4097, 1), (1, 4097), (u32::MAX, u32::MAX)] {
            assert_eq!(Bitmap::new(width, height), Err(JbigError::Size { width, height }));
        }
        assert!(Bitmap::from_rows(9, 2, vec![0; 3]).is_err());
        assert!(Bitmap::new(4096, 4096).is_ok());
    }
}
