//! Pictures that are printed as they come: one bit a dot.

use super::OutOfRange;
use super::table::{Parameter, choice};

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
