//! What a hand writes on the pad.

use core::fmt;

use countertop_wire::jbig::Bitmap;
use countertop_wire::sign_pad::Zone;

/// Is a place on the writing area, in its dots from the top left.
pub type Point = (u16, u16);

/// Is what a hand writes: strokes, each a line through points, without lifting the pen.
///
/// It is personal data: `Debug` shows the number of strokes alone.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct Handwriting {
    strokes: Vec<Vec<Point>>,
}

/// Points of the sample in thousandths of the writing area.
const SAMPLE: [&[Point]; 4] = [
    &[
        (90, 620),
        (120, 240),
        (180, 180),
        (220, 330),
        (140, 520),
        (110, 760),
        (210, 820),
        (300, 600),
    ],
    &[
        (300, 600),
        (340, 460),
        (380, 440),
        (360, 620),
        (400, 640),
        (450, 460),
        (440, 640),
        (520, 600),
    ],
    &[
        (520, 600),
        (580, 200),
        (610, 180),
        (570, 640),
        (650, 460),
        (690, 480),
        (640, 640),
        (760, 590),
    ],
    &[(150, 870), (480, 820), (910, 780)],
];

impl Handwriting {
    /// Creates handwriting from strokes.
    #[must_use]
    pub fn new(strokes: Vec<Vec<Point>>) -> Self {
        Self { strokes }
    }

    /// Returns the strokes.
    pub(crate) fn strokes(&self) -> &[Vec<Point>] {
        &self.strokes
    }

    /// Returns a signature of nobody that fits a writing area.
    #[must_use]
    pub fn sample(width: u16, height: u16) -> Self {
        let scale = |part: u16, whole: u16| {
            let scaled = u32::from(part) * u32::from(whole) / 1000;
            u16::try_from(scaled).unwrap_or(u16::MAX)
        };
        let place = |&(x, y): &Point| (scale(x, width), scale(y, height));
        let stroke = |points: &&[Point]| points.iter().map(place).collect();
        Self::new(SAMPLE.iter().map(stroke).collect())
    }

    /// Draws the strokes as they come out in the picture of a zone.
    pub(super) fn draw(&self, bitmap: &mut Bitmap, zone: Zone, pen: u8) {
        for stroke in &self.strokes {
            let points: Vec<_> = stroke.iter().map(|&point| to_picture(point, zone)).collect();
            bitmap.draw_stroke(&points, pen);
        }
    }
}

fn to_picture((x, y): Point, zone: Zone) -> (i32, i32) {
    let scale =
        |at: u16, to: u16, from: u16| i32::from(at) * i32::from(to) / i32::from(from.max(1));
    (scale(x, zone.picture_width, zone.width), scale(y, zone.picture_height, zone.height))
}

impl fmt::Debug for Handwriting {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Handwriting({} strokes)", self.strokes.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ZONE: Zone = Zone { width: 480, height: 160, picture_width: 240, picture_height: 80 };

    fn drawn(strokes: &[&[Point]], pen: u8) -> Bitmap {
        let mut bitmap = Bitmap::new(240, 80).unwrap();
        let strokes = strokes.iter().map(|stroke| stroke.to_vec()).collect();
        Handwriting::new(strokes).draw(&mut bitmap, ZONE, pen);
        bitmap
    }

    #[test]
    fn lines_are_scaled_and_as_thick_as_the_pen() {
        let thin = drawn(&[&[(20, 20), (118, 20)]], 1);
        assert_eq!(thin.black_dots(), 50);
        assert!(thin.get(10, 10) && thin.get(59, 10));
        assert_eq!(drawn(&[&[(20, 20), (118, 20)]], 3).black_dots(), 52 * 3);
    }

    #[test]
    fn lines_go_every_way() {
        let centre = (240, 80);
        for end in [(0, 0), (479, 0), (0, 159), (479, 159), (240, 0), (0, 80), (300, 159)] {
            let bitmap = drawn(&[&[centre, end]], 1);
            let last = to_picture(end, ZONE);
            assert!(bitmap.get(120, 40) && bitmap.get(last.0, last.1), "{end:?}");
        }
    }

    #[test]
    fn a_tap_is_a_dot() {
        assert_eq!(drawn(&[&[(0, 0)], &[]], 1).black_dots(), 1);
        assert_eq!(drawn(&[&[(u16::MAX, u16::MAX)]], 5).black_dots(), 0);
    }

    #[test]
    fn the_sample_fits() {
        let mut bitmap = Bitmap::new(240, 80).unwrap();
        let sample = Handwriting::sample(480, 160);
        sample.draw(&mut bitmap, ZONE, 2);
        assert!((600..4000).contains(&bitmap.black_dots()), "{}", bitmap.black_dots());
        assert_eq!(format!("{sample:?}"), "Handwriting(4 strokes)");
    }
}
