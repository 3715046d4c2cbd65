//! Lines as a pen draws them.

use super::Bitmap;

impl Bitmap {
    /// Draws a line through points with a square pen, `pen` dots wide; one point makes a dot. What lies
    /// outside is left out.
    pub fn draw_stroke(&mut self, points: &[(i32, i32)], pen: u8) {
        if let [only] = *points {
            self.dab(only, pen);
        }
        for pair in points.windows(2) {
            self.draw_line(pair[0], pair[1], pen);
        }
    }

    /// Draws a line (Bresenham's algorithm).
    fn draw_line(&mut self, from: (i32, i32), to: (i32, i32), pen: u8) {
        let (across, down) = ((to.0 - from.0).abs(), -(to.1 - from.1).abs());
        let step = ((to.0 - from.0).signum(), (to.1 - from.1).signum());
        let (mut at, mut error) = (from, across + down);
        loop {
            self.dab(at, pen);
            if at == to {
                return;
            }
            let doubled = 2 * error;
            if doubled >= down {
                error += down;
                at.0 += step.0;
            }
            if doubled <= across {
                error += across;
                at.1 += step.1;
            }
        }
    }

    /// Sets a square of dots as wide as the pen.
    fn dab(&mut self, (x, y): (i32, i32), pen: u8) {
        let pen = i32::from(pen.max(1));
        for down in 0..pen {
            for across in 0..pen {
                self.set(x + across - pen / 2, y + down - pen / 2, true);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strokes_are_as_thick_as_the_pen() {
        let mut bitmap = Bitmap::new(40, 20).unwrap();
        bitmap.draw_stroke(&[(2, 2), (11, 2)], 1);
        assert_eq!(bitmap.black_dots(), 10);
        bitmap.draw_stroke(&[(20, 10)], 3);
        assert_eq!(bitmap.black_dots(), 19);
        bitmap.draw_stroke(&[], 3);
        bitmap.draw_stroke(&[(-5, -5), (100, -5)], 1);
        assert_eq!(bitmap.black_dots(), 19);
    }
}
