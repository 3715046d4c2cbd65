//! Graphics that wait in the print buffer (GS ( L, functions 112 and 113).

use super::OutOfRange;
use super::table::{Parameter, choice};

choice! {
    /// Is how many tones graphics have.
    GraphicsTone {
        /// Black and white.
        Monochrome = 48;
        /// Several: each colour is a plane of its own.
        Multiple = 52;
    }
}

choice! {
    /// Is the colour of graphics, or the plane of several tones.
    GraphicsColour {
        /// Colour 1, black on most paper.
        One = 49;
        /// Colour 2.
        Two = 50;
        /// Colour 3.
        Three = 51;
        /// Colour 4.
        Four = 52;
    }
}

/// Appends `( L` with a length of two bytes, or `8 L` with one of four, and what they count.
pub(super) fn emit_counted(out: &mut Vec<u8>, body: impl FnOnce(&mut Vec<u8>)) {
    let begin = out.len();
    out.extend([b'(', b'L', 0x00, 0x00]);
    body(out);
    let length = out.len() - begin - 4;
    let head = match u16::try_from(length) {
        Ok(short) => {
            let [low, high] = short.to_le_bytes();
            vec![b'(', b'L', low, high]
        }
        Err(_) => {
            let long = u32::try_from(length).unwrap_or(u32::MAX).to_le_bytes();
            [&b"8L"[..], &long].concat()
        }
    };
    out.splice(begin..begin + 4, head);
}

/// Returns what the length of `( L` or `8 L` counts; `None` when it counts wrongly.
pub(super) fn counted(bytes: &[u8]) -> Option<&[u8]> {
    let (length, body) = match bytes {
        [b'(', b'L', p0, p1, body @ ..] => (u32::from(u16::from_le_bytes([*p0, *p1])), body),
        [b'8', b'L', p0, p1, p2, p3, body @ ..] => (u32::from_le_bytes([*p0, *p1, *p2, *p3]), body),
        _ => return None,
    };
    (usize::try_from(length) == Ok(body.len())).then_some(body)
}

/// Returns how many lines of `dots` dots `data` is.
fn lines(what: &'static str, dots: u16, data: &[u8]) -> Result<u16, OutOfRange> {
    let stride = usize::from(dots).div_ceil(8);
    let lines = data.len().checked_div(stride).unwrap_or(0);
    OutOfRange::check(what, lines, 1..=usize::from(u16::MAX))?;
    OutOfRange::check("length of graphics", data.len(), lines * stride..=lines * stride)?;
    Ok(u16::try_from(lines).unwrap_or(u16::MAX))
}

fn check_scale(scale: (u8, u8)) -> Result<(), OutOfRange> {
    for factor in [scale.0, scale.1] {
        OutOfRange::check("magnification of graphics", usize::from(factor), 1..=2)?;
    }
    Ok(())
}

/// Is stored graphics of rows, monochrome and of the first colour unless told otherwise.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Graphics {
    tone: GraphicsTone,
    colour: GraphicsColour,
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
        check_scale(scale)?;
        let height = lines("rows of graphics", width, &data)?;
        let (tone, colour) = (GraphicsTone::Monochrome, GraphicsColour::One);
        Ok(Self { tone, colour, scale, width, height, data })
    }

    /// Makes it a plane of this tone and colour.
    #[must_use]
    pub fn plane(mut self, tone: GraphicsTone, colour: GraphicsColour) -> Self {
        (self.tone, self.colour) = (tone, colour);
        self
    }

    /// Returns how many tones there are.
    #[must_use]
    pub fn tone(&self) -> GraphicsTone {
        self.tone
    }

    /// Returns the colour.
    #[must_use]
    pub fn colour(&self) -> GraphicsColour {
        self.colour
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
}

impl Parameter for Graphics {
    fn emit(&self, out: &mut Vec<u8>) {
        emit_counted(out, |out| {
            out.extend([0x30, 0x70]);
            self.tone.emit(out);
            out.extend([self.scale.0, self.scale.1]);
            self.colour.emit(out);
            self.width.emit(out);
            self.height.emit(out);
            out.extend_from_slice(&self.data);
        });
    }

    fn decode(bytes: &[u8]) -> Option<Self> {
        let [0x30, 0x70, tone, bx, by, colour, x0, x1, y0, y1, data @ ..] = counted(bytes)? else {
            return None;
        };
        let graphics = Self::new((*bx, *by), u16::from_le_bytes([*x0, *x1]), data.to_vec()).ok()?;
        (graphics.height == u16::from_le_bytes([*y0, *y1])).then_some(())?;
        Some(graphics.plane(GraphicsTone::decode(&[*tone])?, GraphicsColour::decode(&[*colour])?))
    }
}

/// Is stored graphics of columns: the most significant bit is on top.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct ColumnGraphics {
    colour: GraphicsColour,
    scale: (u8, u8),
    width: u16,
    height: u16,
    data: Vec<u8>,
}

impl ColumnGraphics {
    /// Creates graphics of `height` dots from columns padded to whole bytes; `scale` is the factors
    /// across and down, each 1 or 2.
    ///
    /// # Errors
    ///
    /// When a factor is neither 1 nor 2, or the data is no whole number of columns from 1 to 65535.
    pub fn new(
        scale: (u8, u8),
        colour: GraphicsColour,
        height: u16,
        data: Vec<u8>,
    ) -> Result<Self, OutOfRange> {
        check_scale(scale)?;
        let width = lines("columns of graphics", height, &data)?;
        Ok(Self { colour, scale, width, height, data })
    }

    /// Returns the factors across and down.
    #[must_use]
    pub fn scale(&self) -> (u8, u8) {
        self.scale
    }

    /// Returns the colour.
    #[must_use]
    pub fn colour(&self) -> GraphicsColour {
        self.colour
    }

    /// Returns the number of columns.
    #[must_use]
    pub fn width(&self) -> u16 {
        self.width
    }

    /// Returns the height in dots.
    #[must_use]
    pub fn height(&self) -> u16 {
        self.height
    }

    /// Returns the columns' bytes.
    #[must_use]
    pub fn data(&self) -> &[u8] {
        &self.data
    }
}

impl Parameter for ColumnGraphics {
    fn emit(&self, out: &mut Vec<u8>) {
        emit_counted(out, |out| {
            out.extend([0x30, 0x71, 0x30, self.scale.0, self.scale.1]);
            self.colour.emit(out);
            self.width.emit(out);
            self.height.emit(out);
            out.extend_from_slice(&self.data);
        });
    }

    fn decode(bytes: &[u8]) -> Option<Self> {
        let [0x30, 0x71, 0x30, bx, by, colour, x0, x1, y0, y1, data @ ..] = counted(bytes)? else {
            return None;
        };
        let colour = GraphicsColour::decode(&[*colour])?;
        let height = u16::from_le_bytes([*y0, *y1]);
        let graphics = Self::new((*bx, *by), colour, height, data.to_vec()).ok()?;
        (graphics.width == u16::from_le_bytes([*x0, *x1])).then_some(graphics)
    }
}
