//! Bit images that the printer keeps by number, and other pictures that newer commands replace.

use super::table::{Parameter, choice, record};
use super::{KeyCode, OutOfRange, Ranged, RasterScale};

record! {
    /// Is what FS p prints.
    NvPrint {
        /// The image's number, from 1.
        number: Ranged<1, 255>,
        /// The magnification.
        scale: RasterScale,
    }
}

/// Is columns of dots, `across` × 8 wide and `down` × 8 high.
fn eighths(across: usize, down: usize) -> usize {
    across * down * 8
}

/// Is one image of FS q: columns, the most significant bit on top.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct NvBitImage {
    across: u16,
    down: u16,
    data: Vec<u8>,
}

impl NvBitImage {
    /// Creates an image of `across` × 8 dots by `down` × 8 dots.
    ///
    /// # Errors
    ///
    /// When a side is outside Epson's range, or the data is not `across` × `down` × 8 bytes.
    pub fn new(across: u16, down: u16, data: Vec<u8>) -> Result<Self, OutOfRange> {
        OutOfRange::check("width of an NV bit image", usize::from(across), 1..=1023)?;
        OutOfRange::check("height of an NV bit image", usize::from(down), 1..=288)?;
        let length = eighths(usize::from(across), usize::from(down));
        OutOfRange::check("length of an NV bit image", data.len(), length..=length)?;
        Ok(Self { across, down, data })
    }

    /// Returns the width and height in dots.
    #[must_use]
    pub fn size(&self) -> (u16, u16) {
        (self.across * 8, self.down * 8)
    }

    /// Returns the columns' bytes.
    #[must_use]
    pub fn data(&self) -> &[u8] {
        &self.data
    }
}

/// Is all images of FS q, from 1 to 255; what was defined before is gone.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct NvBitImages(Vec<NvBitImage>);

impl NvBitImages {
    /// Creates the list.
    ///
    /// # Errors
    ///
    /// When there is none, or more than 255.
    pub fn new(images: Vec<NvBitImage>) -> Result<Self, OutOfRange> {
        OutOfRange::check("number of NV bit images", images.len(), 1..=255)?;
        Ok(Self(images))
    }

    /// Returns the images, the first of number 1.
    #[must_use]
    pub fn images(&self) -> &[NvBitImage] {
        &self.0
    }
}

impl Parameter for NvBitImages {
    fn emit(&self, out: &mut Vec<u8>) {
        out.push(u8::try_from(self.0.len()).unwrap_or(u8::MAX));
        for image in &self.0 {
            image.across.emit(out);
            image.down.emit(out);
            out.extend_from_slice(&image.data);
        }
    }

    fn decode(bytes: &[u8]) -> Option<Self> {
        let (count, mut rest) = bytes.split_first()?;
        let mut images = Vec::with_capacity(usize::from(*count));
        for _ in 0..*count {
            let (size, data) = rest.split_first_chunk::<4>()?;
            let across = u16::from_le_bytes([size[0], size[1]]);
            let down = u16::from_le_bytes([size[2], size[3]]);
            let length = eighths(usize::from(across), usize::from(down));
            let (data, next) = data.split_at_checked(length)?;
            images.push(NvBitImage::new(across, down, data.to_vec()).ok()?);
            rest = next;
        }
        rest.is_empty().then(|| Self::new(images).ok()).flatten()
    }
}

/// Is the image of GS *: columns, the most significant bit on top.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct DownloadBitImage {
    across: u8,
    down: u8,
    data: Vec<u8>,
}

impl DownloadBitImage {
    /// Creates an image of `across` × 8 dots by `down` × 8 dots.
    ///
    /// # Errors
    ///
    /// When a side is nought, or the data is not `across` × `down` × 8 bytes.
    pub fn new(across: u8, down: u8, data: Vec<u8>) -> Result<Self, OutOfRange> {
        OutOfRange::check("width of a download bit image", usize::from(across), 1..=255)?;
        OutOfRange::check("height of a download bit image", usize::from(down), 1..=255)?;
        let length = eighths(usize::from(across), usize::from(down));
        OutOfRange::check("length of a download bit image", data.len(), length..=length)?;
        Ok(Self { across, down, data })
    }

    /// Returns the width and height in dots.
    #[must_use]
    pub fn size(&self) -> (u16, u16) {
        (u16::from(self.across) * 8, u16::from(self.down) * 8)
    }

    /// Returns the columns' bytes.
    #[must_use]
    pub fn data(&self) -> &[u8] {
        &self.data
    }
}

impl Parameter for DownloadBitImage {
    fn emit(&self, out: &mut Vec<u8>) {
        out.extend([self.across, self.down]);
        out.extend_from_slice(&self.data);
    }

    fn decode(bytes: &[u8]) -> Option<Self> {
        let ([across, down], data) = bytes.split_first_chunk()?;
        Self::new(*across, *down, data.to_vec()).ok()
    }
}

/// Is a picture of columns of any height (GS Q 0).
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct VerticalImage {
    scale: RasterScale,
    columns: u16,
    bytes_per_column: u16,
    data: Vec<u8>,
}

impl VerticalImage {
    /// Creates a picture of whole columns of `bytes_per_column` bytes.
    ///
    /// # Errors
    ///
    /// When the data is no whole number of columns from 1 to 65535.
    pub fn new(
        scale: RasterScale,
        bytes_per_column: u16,
        data: Vec<u8>,
    ) -> Result<Self, OutOfRange> {
        let stride = usize::from(bytes_per_column);
        let columns = data.len().checked_div(stride).unwrap_or(0);
        OutOfRange::check("columns of a picture", columns, 1..=usize::from(u16::MAX))?;
        let length = columns * stride;
        OutOfRange::check("length of a picture", data.len(), length..=length)?;
        let columns = u16::try_from(columns).unwrap_or(u16::MAX);
        Ok(Self { scale, columns, bytes_per_column, data })
    }

    /// Returns the magnification.
    #[must_use]
    pub fn scale(&self) -> RasterScale {
        self.scale
    }

    /// Returns the number of columns.
    #[must_use]
    pub fn columns(&self) -> u16 {
        self.columns
    }

    /// Returns the bytes of a column.
    #[must_use]
    pub fn bytes_per_column(&self) -> u16 {
        self.bytes_per_column
    }

    /// Returns the columns' bytes.
    #[must_use]
    pub fn data(&self) -> &[u8] {
        &self.data
    }
}

impl Parameter for VerticalImage {
    fn emit(&self, out: &mut Vec<u8>) {
        self.scale.emit(out);
        self.columns.emit(out);
        self.bytes_per_column.emit(out);
        out.extend_from_slice(&self.data);
    }

    fn decode(bytes: &[u8]) -> Option<Self> {
        let [scale, x0, x1, y0, y1, data @ ..] = bytes else { return None };
        let height = u16::from_le_bytes([*y0, *y1]);
        let picture = Self::new(RasterScale::decode(&[*scale])?, height, data.to_vec()).ok()?;
        (picture.columns == u16::from_le_bytes([*x0, *x1])).then_some(picture)
    }
}

choice! {
    /// Is the memory that keeps graphics.
    GraphicsMemory {
        /// It stays when the printer is switched off.
        Nv = 67;
        /// It is gone then.
        Download = 83;
    }
}

/// Bytes of a BMP file's header, which is the least that it has.
const BMP_HEADER: usize = 14;

/// Is graphics made of a Windows bitmap (GS D), of the first colour.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct WindowsBitmap {
    memory: GraphicsMemory,
    key: KeyCode,
    file: Vec<u8>,
}

impl WindowsBitmap {
    /// Creates graphics from the bytes of a BMP file.
    ///
    /// # Errors
    ///
    /// When the file does not begin with `BM` and its own length.
    pub fn new(memory: GraphicsMemory, key: KeyCode, file: Vec<u8>) -> Result<Self, OutOfRange> {
        let length = match file.as_slice() {
            [b'B', b'M', p0, p1, p2, p3, ..] => u32::from_le_bytes([*p0, *p1, *p2, *p3]),
            _ => 0,
        };
        let length = usize::try_from(length).unwrap_or(usize::MAX).max(BMP_HEADER);
        OutOfRange::check("length of a Windows bitmap", file.len(), length..=length)?;
        Ok(Self { memory, key, file })
    }

    /// Returns where it is kept.
    #[must_use]
    pub fn memory(&self) -> GraphicsMemory {
        self.memory
    }

    /// Returns the key code.
    #[must_use]
    pub fn key(&self) -> KeyCode {
        self.key
    }

    /// Returns the bytes of the file.
    #[must_use]
    pub fn file(&self) -> &[u8] {
        &self.file
    }
}

impl Parameter for WindowsBitmap {
    fn emit(&self, out: &mut Vec<u8>) {
        self.memory.emit(out);
        out.push(0x30);
        self.key.emit(out);
        out.extend([0x30, 0x31]);
        out.extend_from_slice(&self.file);
    }

    fn decode(bytes: &[u8]) -> Option<Self> {
        let [memory, 0x30, kc1, kc2, 0x30, 0x31, file @ ..] = bytes else { return None };
        let memory = GraphicsMemory::decode(&[*memory])?;
        Self::new(memory, KeyCode::new([*kc1, *kc2])?, file.to_vec()).ok()
    }
}
