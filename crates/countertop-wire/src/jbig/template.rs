//! The dots around a dot from which it is predicted (ITU-T T.82 clause 6.7.2).

use super::Bitmap;

/// Names the template of the lowest resolution layer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Template {
    /// Six dots of the line above and four of the current one (option LRLTWO).
    TwoLine,
    /// Three dots and five dots of the two lines above, and two of the current one.
    ThreeLine,
}

impl Template {
    /// Returns the context in which a line's typical prediction is coded (T.82 figures 14 and 15).
    pub(super) fn typical_context(self) -> u16 {
        match self {
            Self::TwoLine => 0x195,
            Self::ThreeLine => 0x0e5,
        }
    }
}

/// Is the distance of the adaptive dot from the current one, in dots to the left and lines up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct AdaptiveDot {
    /// τx.
    pub(super) left: i8,
    /// τy.
    pub(super) up: u8,
}

impl AdaptiveDot {
    /// Is its place when it has not moved: in the line above, two dots to the right.
    pub(super) const DEFAULT: Self = Self { left: -2, up: 1 };
}

/// Slides the template along a line.
///
/// Dots outside the picture and above `top` count as white.
#[derive(Debug)]
pub(super) struct Window {
    template: Template,
    adaptive: AdaptiveDot,
    top: i32,
    x: i32,
    y: i32,
    /// The last dots of the line two above, one above, and the current one; the newest lowest.
    second: u16,
    first: u16,
    current: u16,
}

impl Window {
    /// Places the template at a line's first dot.
    pub(super) fn new(
        bitmap: &Bitmap,
        template: Template,
        adaptive: AdaptiveDot,
        top: u32,
        y: u32,
    ) -> Self {
        let (top, y) = (top.cast_signed(), y.cast_signed());
        let mut window =
            Self { template, adaptive, top, x: -1, y, second: 0, first: 0, current: 0 };
        window.second = u16::from(window.dot(bitmap, 0, 2));
        window.first = u16::from(window.dot(bitmap, 0, 1));
        window.step(bitmap, false);
        window
    }

    /// Reads the dot in column `x`, `up` lines above the current one.
    fn dot(&self, bitmap: &Bitmap, x: i32, up: i32) -> bool {
        self.y - up >= self.top && bitmap.get(x, self.y - up)
    }

    /// Returns the context of the current dot.
    pub(super) fn context(&self, bitmap: &Bitmap) -> u16 {
        let AdaptiveDot { left, up } = self.adaptive;
        let adaptive = u16::from(self.dot(bitmap, self.x - i32::from(left), i32::from(up)));
        match self.template {
            Template::TwoLine => (self.first & 0x1f) << 5 | adaptive << 4 | self.current & 0x0f,
            Template::ThreeLine => {
                (self.second & 0x07) << 7
                    | (self.first & 0x0f) << 3
                    | adaptive << 2
                    | self.current & 0x03
            }
        }
    }

    /// Moves on to the next dot, given what the current one is.
    pub(super) fn step(&mut self, bitmap: &Bitmap, dot: bool) {
        self.x += 1;
        self.second = self.second << 1 | u16::from(self.dot(bitmap, self.x + 1, 2));
        self.first = self.first << 1 | u16::from(self.dot(bitmap, self.x + 1, 1));
        self.current = self.current << 1 | u16::from(dot);
    }
}
