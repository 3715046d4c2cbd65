//! Pictures of one bit a dot.

use super::table::{Parameter, choice, commands};
use super::{ESC, GS, OutOfRange};

commands! {
    /// Stores or prints a picture.
    Image {
        /// ESC *: a strip of columns, 8 or 24 dots high, as a part of the line.
        Columns(ColumnImage) = [ESC, b'*'];
        /// GS v 0: rows of dots.
        Raster(Raster) = [GS, b'v', b'0'];
        /// GS ( L, function 50: prints the stored graphics.
        PrintGraphics(PrintGraphics) = [GS, b'(', b'L', 0x02, 0x00, 0x30];
        /// GS ( L or GS 8 L, function 112: stores graphics of rows.
        StoreGraphics(Graphics) = [GS];
    }
}

choice! {
    /// Is the magnification of a raster picture.
    RasterScale {
        /// One dot a bit.
        Normal = 0x00 | 0x30;
        /// Twice as wide.
        DoubleWidth = 0x01 | 0x31;
        /// Twice as high.
        DoubleHeight = 0x02 | 0x32;
        /// Twice as wide and high.
        Quadruple = 0x03 | 0x33;
    }
}

choice! {
    /// Is the density of a strip of columns.
    ColumnDensity {
        /// 8 dots high, each three dots high and two wide.
        Single8 = 0x00;
        /// 8 dots high, each three dots high.
        Double8 = 0x01;
        /// 24 dots high, each two wide.
        Single24 = 0x20;
        /// 24 dots high.
        Double24 = 0x21;
    }
}

choice! {
    /// Is the number of the function that prints stored graphics.
    PrintGraphics {
        /// Function 50.
        Function50 = 0x32 | 0x02;
    }
}

impl RasterScale {
    /// Returns the factors across and down.
    #[must_use]
    pub fn factors(self) -> (u8, u8) {
        match self {
            Self::Normal => (1, 1),
            Self::DoubleWidth => (2, 1),
            Self::DoubleHeight => (1, 2),
            Self::Quadruple => (2, 2),
        }
    }
}

impl ColumnDensity {
    /// Returns the bytes of a column.
    #[must_use]
    pub fn bytes_per_column(self) -> u8 {
        match self {
            Self::Single8 | Self::Double8 => 1,
            Self::Single24 | Self::Double24 => 3,
        }
    }

    /// Returns the dots across and down that a bit takes.
    #[must_use]
    pub fn factors(self) -> (u8, u8) {
        match self {
            Self::Single8 => (2, 3),
            Self::Double8 => (1, 3),
            Self::Single24 => (2, 1),
            Self::Double24 => (1, 1),
        }
    }
}

/// Is a picture of rows: 1 is black, the most significant bit is on the left.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Raster {
    scale: RasterScale,
    bytes_per_row: u16,
    rows: u16,
    data: Vec<u8>,
}

impl Raster {
    /// Creates a picture of whole rows of `bytes_per_row` bytes.
    ///
    /// # Errors
    ///
    /// When the data is no whole number of rows from 1 to 65535.
    pub fn new(scale: RasterScale, bytes_per_row: u16, data: Vec<u8>) -> Result<Self, OutOfRange> {
        let stride = usize::from(bytes_per_row);
        let rows = data.len().checked_div(stride).unwrap_or(0);
        OutOfRange::check("rows of a raster picture", rows, 1..=usize::from(u16::MAX))?;
        OutOfRange::check("length of a raster picture", data.len(), rows * stride..=rows * stride)?;
        Ok(Self { scale, bytes_per_row, rows: u16::try_from(rows).unwrap_or(u16::MAX), data })
    }

    /// Returns the magnification.
    #[must_use]
    pub fn scale(&self) -> RasterScale {
        self.scale
    }

    /// Returns the bytes of a row.
    #[must_use]
    pub fn bytes_per_row(&self) -> u16 {
        self.bytes_per_row
    }

    /// Returns the number of rows.
    #[must_use]
    pub fn rows(&self) -> u16 {
        self.rows
    }

    /// Returns the rows' bytes.
    #[must_use]
    pub fn data(&self) -> &[u8] {
        &self.data
    }
}

impl Parameter for Raster {
    fn emit(&self, out: &mut Vec<u8>) {
        self.scale.emit(out);
        self.bytes_per_row.emit(out);
        self.rows.emit(out);
        out.extend_from_slice(&self.data);
    }

    fn decode(bytes: &[u8]) -> Option<Self> {
        let [scale, x0, x1, _, _, data @ ..] = bytes else { return None };
        let width = u16::from_le_bytes([*x0, *x1]);
        Self::new(RasterScale::decode(&[*scale])?, width, data.to_vec()).ok()
    }
}

/// Is a strip of columns: 1 is black, the most significant bit is on top.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct ColumnImage {
    density: ColumnDensity,
    columns: u16,
    data: Vec<u8>,
}

impl ColumnImage {
    /// Creates a strip of whole columns.
    ///
    /// # Errors
    ///
    /// When the data is no whole number of columns from 1 to 65535.
    pub fn new(density: ColumnDensity, data: Vec<u8>) -> Result<Self, OutOfRange> {
        let height = usize::from(density.bytes_per_column());
        let columns = data.len() / height;
        OutOfRange::check("columns of a strip", columns, 1..=usize::from(u16::MAX))?;
        let length = columns * height;
        OutOfRange::check("length of a strip", data.len(), length..=length)?;
        Ok(Self { density, columns: u16::try_from(columns).unwrap_or(u16::MAX), data })
    }

    /// Returns the density.
    #[must_use]
    pub fn density(&self) -> ColumnDensity {
        self.density
    }

    /// Returns the number of columns.
    #[must_use]
    pub fn columns(&self) -> u16 {
        self.columns
    }

    /// Returns the columns' bytes.
    #[must_use]
    pub fn data(&self) -> &[u8] {
        &self.data
    }
}

impl Parameter for ColumnImage {
    fn emit(&self, out: &mut Vec<u8>) {
        self.density.emit(out);
        self.columns.emit(out);
        out.extend_from_slice(&self.data);
    }

    fn decode(bytes: &[u8]) -> Option<Self> {
        let [density, _, _, data @ ..] = bytes else { return None };
        Self::new(ColumnDensity::decode(&[*density])?, data.to_vec()).ok()
    }
}

/// Is stored graphics of rows, monochrome, first colour.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Graphics {
    scale: (u8, u8),
    width: u16,
    height: u16,
    data: Vec<u8>,
}

impl Graphics {
    /// Creates graphics of `width` dots from rows padded to whole bytes; `scale` is the factors
    /// across and down, each 1 or 2.
    ///
    /// # Errors
    ///
    /// When a factor is neither 1 nor 2, or the data is no whole number of rows from 1 to 65535.
    pub fn new(scale: (u8, u8), width: u16, data: Vec<u8>) -> Result<Self, OutOfRange> {
        for factor in [scale.0, scale.1] {
            OutOfRange::check("magnification of graphics", usize::from(factor), 1..=2)?;
        }
        let stride = usize::from(width).div_ceil(8);
        let rows = data.len().checked_div(stride).unwrap_or(0);
        OutOfRange::check("rows of graphics", rows, 1..=usize::from(u16::MAX))?;
        OutOfRange::check("length of graphics", data.len(), rows * stride..=rows * stride)?;
        Ok(Self { scale, width, height: u16::try_from(rows).unwrap_or(u16::MAX), data })
    }

    /// Returns the factors across and down.
    #[must_use]
    pub fn scale(&self) -> (u8, u8) {
        self.scale
    }

    /// Returns the width in dots.
    #[must_use]
    pub fn width(&self) -> u16 {
        self.width
    }

    /// Returns the number of rows.
    #[must_use]
    pub fn height(&self) -> u16 {
        self.height
    }

    /// Returns the rows' bytes.
    #[must_use]
    pub fn data(&self) -> &[u8] {
        &self.data
    }

    /// Decodes what follows the length.
    fn decode_body(body: &[u8]) -> Option<Self> {
        let [0x30, 0x70, 0x30, bx, by, 0x31, x0, x1, y0, y1, data @ ..] = body else { return None };
        let graphics = Self::new((*bx, *by), u16::from_le_bytes([*x0, *x1]), data.to_vec()).ok()?;
        (graphics.height == u16::from_le_bytes([*y0, *y1])).then_some(graphics)
    }
}

impl Parameter for Graphics {
    fn emit(&self, out: &mut Vec<u8>) {
        let length = self.data.len() + 10;
        match u16::try_from(length) {
            Ok(short) => {
                out.extend([b'(', b'L']);
                short.emit(out);
            }
            Err(_) => {
                out.extend([b'8', b'L']);
                out.extend(u32::try_from(length).unwrap_or(u32::MAX).to_le_bytes());
            }
        }
        out.extend([0x30, 0x70, 0x30, self.scale.0, self.scale.1, 0x31]);
        self.width.emit(out);
        self.height.emit(out);
        out.extend_from_slice(&self.data);
    }

    fn decode(bytes: &[u8]) -> Option<Self> {
        match bytes {
            [b'(', b'L', _, _, body @ ..] | [b'8', b'L', _, _, _, _, body @ ..] => {
                Self::decode_body(body)
            }
            _ => None,
        }
    }
}
