//! From events to strokes.

use core::fmt;

use super::{PenEvent, Place, code};

/// Most points of one signature, against a device that never stops: an hour at 200 a second.
const MAX_POINTS: usize = 720_000;

/// Is what a pen has written: strokes, each a line through places.
///
/// It is personal data: its `Debug` shows the number of strokes alone.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct Ink {
    strokes: Vec<Vec<Place>>,
    points: usize,
}

impl Ink {
    /// Returns the strokes.
    #[must_use]
    pub fn strokes(&self) -> &[Vec<Place>] {
        &self.strokes
    }

    /// Tells whether nothing is written.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.strokes.is_empty()
    }
}

impl fmt::Debug for Ink {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Ink({} strokes)", self.strokes.len())
    }
}

/// Says what an event has done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum PenStep {
    /// Nothing that matters.
    Nothing,
    /// The pen has written.
    Wrote,
    /// The pen was lifted.
    Lifted,
    /// A button was pressed: its code.
    Pressed(u16),
}

/// Makes strokes of a tablet's events.
#[derive(Default)]
pub struct PenDecoder {
    x: i32,
    y: i32,
    pressure: Option<i32>,
    touch: Option<bool>,
    rubber: bool,
    /// Whether the last report had the pen down.
    down: bool,
    ink: Ink,
}

impl PenDecoder {
    /// Creates a decoder of a pen that is nowhere.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes an event.
    pub fn push(&mut self, event: PenEvent) -> PenStep {
        match event {
            PenEvent::Axis { code: code::ABS_X, value } => self.x = value,
            PenEvent::Axis { code: code::ABS_Y, value } => self.y = value,
            PenEvent::Axis { code: code::ABS_PRESSURE, value } => self.pressure = Some(value),
            PenEvent::Button { code: code::BTN_TOUCH, pressed } => self.touch = Some(pressed),
            PenEvent::Button { code: code::BTN_TOOL_RUBBER, pressed } => self.rubber = pressed,
            PenEvent::Button { code: code::BTN_TOOL_PEN, .. } => {}
            PenEvent::Button { code, pressed: true } => return PenStep::Pressed(code),
            PenEvent::Report => return self.report(),
            // The next stroke begins where the pen is found then: no line bridges what was lost.
            PenEvent::Lost => {
                self.down = false;
                self.touch = self.touch.map(|_| false);
            }
            _ => {}
        }
        PenStep::Nothing
    }

    /// Tells whether the pen writes.
    #[must_use]
    pub fn is_down(&self) -> bool {
        self.down
    }

    /// Returns what was written.
    #[must_use]
    pub fn ink(&self) -> &Ink {
        &self.ink
    }

    /// Forgets what was written. A pen that is down begins a new stroke.
    pub fn clear(&mut self) {
        self.ink = Ink::default();
        self.down = false;
    }

    fn report(&mut self) -> PenStep {
        // Tablets without a button for it tell by the pressure that the pen touches.
        let touches = self.touch.or_else(|| self.pressure.map(|pressure| pressure > 0));
        let down = touches == Some(true) && !self.rubber;
        let was_down = core::mem::replace(&mut self.down, down);
        match (was_down, down) {
            (_, true) if self.ink.points >= MAX_POINTS => PenStep::Nothing,
            (false, true) => {
                self.ink.strokes.push(vec![(self.x, self.y)]);
                self.ink.points += 1;
                PenStep::Wrote
            }
            (true, true) => self.go_on(),
            (true, false) => PenStep::Lifted,
            (false, false) => PenStep::Nothing,
        }
    }

    fn go_on(&mut self) -> PenStep {
        let place = (self.x, self.y);
        match self.ink.strokes.last_mut() {
            Some(stroke) if stroke.last() != Some(&place) => {
                stroke.push(place);
                self.ink.points += 1;
                PenStep::Wrote
            }
            _ => PenStep::Nothing,
        }
    }
}

impl fmt::Debug for PenDecoder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PenDecoder({:?})", self.ink)
    }
}
