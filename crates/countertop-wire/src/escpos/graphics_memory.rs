//! Graphics that the printer keeps by key codes: in NV memory, or until it is switched off.

use super::graphics::{GraphicsColour, GraphicsTone, counted, emit_counted};
use super::table::{Parameter, choice, record};
use super::{KeyCode, OutOfRange, Ranged};

record! {
    /// Is what GS ( L, functions 69 and 85, print.
    GraphicsPrint {
        /// Which graphics.
        key: KeyCode,
        /// Magnification across.
        width: Ranged<1, 2>,
        /// Magnification down.
        height: Ranged<1, 2>,
    }
}

choice! {
    /// Is dots per inch (GS ( L, function 49).
    Density {
        /// 180 dots.
        Dpi180 = 50;
        /// 360 dots.
        Dpi360 = 51;
    }
}

record! {
    /// Is the density that graphics are meant for.
    ReferenceDensity {
        /// Across.
        horizontal: Density,
        /// Down.
        vertical: Density,
    }
}

/// Is the bits of one colour.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Plane {
    /// Which colour.
    pub colour: GraphicsColour,
    /// Rows or columns, padded to whole bytes.
    pub data: Vec<u8>,
}

/// Is graphics under a key code; `FN` is the function that defines it: 67 (NV) and 83 (download) of
/// rows, 68 (NV) and 84 (download) of columns.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct GraphicsDefinition<const FN: u8> {
    tone: GraphicsTone,
    key: KeyCode,
    width: u16,
    height: u16,
    planes: Vec<Plane>,
}

impl<const FN: u8> GraphicsDefinition<FN> {
    /// Creates a definition of `width` × `height` dots.
    ///
    /// # Errors
    ///
    /// When there is not one plane to four, a side is nought, or a plane has not the bytes of that
    /// size.
    pub fn new(
        key: KeyCode,
        tone: GraphicsTone,
        (width, height): (u16, u16),
        planes: Vec<Plane>,
    ) -> Result<Self, OutOfRange> {
        OutOfRange::check("number of planes", planes.len(), 1..=4)?;
        for side in [width, height] {
            OutOfRange::check("side of graphics", usize::from(side), 1..=usize::from(u16::MAX))?;
        }
        let length = Self::plane_length(width, height);
        for plane in &planes {
            OutOfRange::check("length of a plane", plane.data.len(), length..=length)?;
        }
        Ok(Self { tone, key, width, height, planes })
    }

    fn plane_length(width: u16, height: u16) -> usize {
        let (line, lines) = if Self::of_columns() { (height, width) } else { (width, height) };
        usize::from(line).div_ceil(8) * usize::from(lines)
    }

    /// Tells whether the planes are of columns instead of rows.
    #[must_use]
    pub const fn of_columns() -> bool {
        matches!(FN, 68 | 84)
    }

    /// Returns the key code.
    #[must_use]
    pub fn key(&self) -> KeyCode {
        self.key
    }

    /// Returns how many tones there are.
    #[must_use]
    pub fn tone(&self) -> GraphicsTone {
        self.tone
    }

    /// Returns the width and height in dots.
    #[must_use]
    pub fn size(&self) -> (u16, u16) {
        (self.width, self.height)
    }

    /// Returns the planes.
    #[must_use]
    pub fn planes(&self) -> &[Plane] {
        &self.planes
    }
}

impl<const FN: u8> Parameter for GraphicsDefinition<FN> {
    fn emit(&self, out: &mut Vec<u8>) {
        emit_counted(out, |out| {
            out.extend([0x30, FN]);
            self.tone.emit(out);
            self.key.emit(out);
            out.push(u8::try_from(self.planes.len()).unwrap_or(u8::MAX));
            self.width.emit(out);
            self.height.emit(out);
            for plane in &self.planes {
                plane.colour.emit(out);
                out.extend_from_slice(&plane.data);
            }
        });
    }

    fn decode(bytes: &[u8]) -> Option<Self> {
        let [0x30, function, tone, kc1, kc2, count, x0, x1, y0, y1, data @ ..] = counted(bytes)?
        else {
            return None;
        };
        (*function == FN).then_some(())?;
        let size = (u16::from_le_bytes([*x0, *x1]), u16::from_le_bytes([*y0, *y1]));
        let planes: Vec<Plane> = data
            .chunks(1 + Self::plane_length(size.0, size.1))
            .map(plane)
            .collect::<Option<_>>()?;
        (planes.len() == usize::from(*count)).then_some(())?;
        Self::new(KeyCode::new([*kc1, *kc2])?, GraphicsTone::decode(&[*tone])?, size, planes).ok()
    }
}

fn plane(bytes: &[u8]) -> Option<Plane> {
    let (colour, data) = bytes.split_first()?;
    Some(Plane { colour: GraphicsColour::decode(&[*colour])?, data: data.to_vec() })
}
