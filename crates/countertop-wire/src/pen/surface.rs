//! From strokes to a picture.

use crate::jbig::{Bitmap, JbigError};

use super::{Ink, Place};

/// Is the writing area of a tablet, in its own units.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Surface {
    /// The left top corner.
    pub least: Place,
    /// The right bottom corner.
    pub most: Place,
    /// Units a millimetre along and down; noughts where the tablet does not say, and then units are
    /// square.
    pub resolution: Place,
}

impl Surface {
    /// Creates a surface whose units are square.
    #[must_use]
    pub const fn new(least: Place, most: Place) -> Self {
        Self { least, most, resolution: (0, 0) }
    }

    /// Sets the units a millimetre along and down.
    #[must_use]
    pub const fn with_resolution(mut self, resolution: Place) -> Self {
        self.resolution = resolution;
        self
    }

    /// Draws ink into the middle of a picture, as large as the whole surface fits, with its shape
    /// kept.
    ///
    /// # Errors
    ///
    /// [`JbigError::Size`] for a size that a picture cannot have.
    pub fn draw(&self, ink: &Ink, width: u32, height: u32, pen: u8) -> Result<Bitmap, JbigError> {
        let mut bitmap = Bitmap::new(width, height)?;
        let scale = Scale::new(self, width.into(), height.into());
        for stroke in ink.strokes() {
            let points: Vec<Place> = stroke.iter().map(|&place| scale.apply(place)).collect();
            bitmap.draw_stroke(&points, pen);
        }
        Ok(bitmap)
    }
}

/// Says how places become dots.
struct Scale {
    least: (i64, i64),
    most: (i64, i64),
    /// The size of the surface in dots.
    dots: (i64, i64),
    /// Where the surface begins in the picture.
    margin: (i64, i64),
}

impl Scale {
    fn new(surface: &Surface, width: i64, height: i64) -> Self {
        let wide = |place: Place| (i64::from(place.0), i64::from(place.1));
        let (least, most, resolution) =
            (wide(surface.least), wide(surface.most), wide(surface.resolution));
        let span = ((most.0 - least.0).max(1), (most.1 - least.1).max(1));
        // With units that are not square, each side counts in units of the other.
        let (across, down) = if resolution.0 > 0 && resolution.1 > 0 {
            (
                i128::from(span.0) * i128::from(resolution.1),
                i128::from(span.1) * i128::from(resolution.0),
            )
        } else {
            (span.0.into(), span.1.into())
        };
        let (full_width, full_height) = (i128::from(width - 1), i128::from(height - 1));
        let dots = if across * full_height >= down * full_width {
            (full_width, down * full_width / across)
        } else {
            (across * full_height / down, full_height)
        };
        let narrow = |dots: i128| i64::try_from(dots).unwrap_or_default();
        let dots = (narrow(dots.0), narrow(dots.1));
        let margin = ((width - 1 - dots.0) / 2, (height - 1 - dots.1) / 2);
        Self { least, most, dots, margin }
    }

    fn apply(&self, place: Place) -> Place {
        let scale = |value: i32, least: i64, most: i64, dots: i64, margin: i64| {
            let most = most.max(least + 1);
            let value = i64::from(value).clamp(least, most);
            let scaled = i128::from(value - least) * i128::from(dots) / i128::from(most - least);
            i32::try_from(scaled + i128::from(margin)).unwrap_or_default()
        };
        let x = scale(place.0, self.least.0, self.most.0, self.dots.0, self.margin.0);
        (x, scale(place.1, self.least.1, self.most.1, self.dots.1, self.margin.1))
    }
}
