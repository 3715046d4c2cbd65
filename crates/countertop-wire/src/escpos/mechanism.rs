//! What moves: the cutter, the drawer, the panel.

use super::table::{Parameter, choice, commands};
use super::{DLE, ESC, GS};

commands! {
    /// Acts on the mechanism, or sets it up.
    Mechanism {
        /// DLE DC4, function 1: the drawer's pulse at once, past the receive buffer.
        RealTimePulse(RealTimePulse) = [DLE, 0x14, 0x01];
        /// ESC =: whether the printer listens.
        SelectPeripheral(bool) = [ESC, b'='];
        /// ESC @: forgets the line and all settings.
        Initialize = [ESC, b'@'];
        /// ESC c 3: which paper sensors raise the paper-end signal.
        PaperEndSensors(u8) = [ESC, b'c', b'3'];
        /// ESC c 4: which paper sensors stop printing.
        PaperStopSensors(u8) = [ESC, b'c', b'4'];
        /// ESC c 5: whether the panel's buttons are disabled.
        DisablePanelButtons(bool) = [ESC, b'c', b'5'];
        /// ESC i: partial cut that leaves one point.
        CutOnePoint = [ESC, b'i'];
        /// ESC m: partial cut that leaves three points.
        CutThreePoints = [ESC, b'm'];
        /// ESC p: the drawer's pulse.
        DrawerPulse(DrawerPulse) = [ESC, b'p'];
        /// GS V: cut.
        Cut(Cut) = [GS, b'V'];
    }
}

choice! {
    /// Is the connector pin that opens a drawer.
    DrawerPin {
        /// Pin 2, the first drawer.
        Two = 0x00 | 0x30;
        /// Pin 5, the second drawer.
        Five = 0x01 | 0x31;
    }
}

choice! {
    /// Is how far a cut goes.
    CutShape {
        /// Through the paper.
        Full = 0x00 | 0x30;
        /// Up to a point that is left.
        Partial = 0x01 | 0x31;
    }
}

/// Is the pulse of ESC p; the times are in units of 2 ms.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct DrawerPulse {
    /// Where the drawer is connected.
    pub pin: DrawerPin,
    /// How long the pulse lasts.
    pub on: u8,
    /// How long the printer rests after it.
    pub off: u8,
}

impl Parameter for DrawerPulse {
    fn emit(&self, out: &mut Vec<u8>) {
        self.pin.emit(out);
        out.extend([self.on, self.off]);
    }

    fn decode(bytes: &[u8]) -> Option<Self> {
        let [pin, on, off] = bytes.try_into().ok()?;
        Some(Self { pin: DrawerPin::decode(&[pin])?, on, off })
    }
}

/// Is the pulse of DLE DC4, function 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct RealTimePulse {
    /// Where the drawer is connected.
    pub pin: DrawerPin,
    time: u8,
}

impl RealTimePulse {
    /// Creates a pulse of `time` times 100 ms; `None` outside 1 to 8.
    #[must_use]
    pub fn new(pin: DrawerPin, time: u8) -> Option<Self> {
        (1..=8).contains(&time).then_some(Self { pin, time })
    }

    /// Returns the length in units of 100 ms.
    #[must_use]
    pub fn time(self) -> u8 {
        self.time
    }
}

impl Parameter for RealTimePulse {
    fn emit(&self, out: &mut Vec<u8>) {
        self.pin.emit(out);
        out.push(self.time);
    }

    fn decode(bytes: &[u8]) -> Option<Self> {
        let [pin, time] = bytes.try_into().ok()?;
        Self::new(DrawerPin::decode(&[pin])?, time)
    }
}

/// Is a cut of GS V; feeds are in vertical motion units.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Cut {
    /// Function A: where the paper stands.
    Here(CutShape),
    /// Function B: feeds what was printed to the cutter and further, then cuts.
    Feed(CutShape, u8),
    /// Function C: cuts later, when this place has come to the cutter.
    Mark(CutShape, u8),
    /// Function D: feeds, cuts, and feeds back to where it was.
    FeedAndReturn(CutShape, u8),
}

impl Parameter for Cut {
    fn emit(&self, out: &mut Vec<u8>) {
        let (base, shape, feed) = match *self {
            Self::Here(shape) => return shape.emit(out),
            Self::Feed(shape, feed) => (65, shape, feed),
            Self::Mark(shape, feed) => (97, shape, feed),
            Self::FeedAndReturn(shape, feed) => (103, shape, feed),
        };
        out.extend([base + u8::from(shape == CutShape::Partial), feed]);
    }

    fn decode(bytes: &[u8]) -> Option<Self> {
        Some(match *bytes {
            [shape] => Self::Here(CutShape::decode(&[shape])?),
            [65, feed] => Self::Feed(CutShape::Full, feed),
            [66, feed] => Self::Feed(CutShape::Partial, feed),
            [97, feed] => Self::Mark(CutShape::Full, feed),
            [98, feed] => Self::Mark(CutShape::Partial, feed),
            [103, feed] => Self::FeedAndReturn(CutShape::Full, feed),
            [104, feed] => Self::FeedAndReturn(CutShape::Partial, feed),
            _ => return None,
        })
    }
}
