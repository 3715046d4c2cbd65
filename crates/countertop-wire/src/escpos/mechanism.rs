//! What moves: the cutter, the drawer, the panel.

use super::beeper::{Beep, BeepAtOffline, BeepAtPaper, BeepInTurns, RealTimeBeep};
use super::table::{Parameter, choice, commands, record};
use super::{DLE, ESC, GS, Ranged};

commands! {
    /// Acts on the mechanism, or sets it up.
    Mechanism {
        /// DLE DC4, function 1: the drawer's pulse at once, past the receive buffer.
        RealTimePulse(RealTimePulse) = [DLE, 0x14, 0x01];
        /// DLE DC4, function 2: prepares for being switched off, and tells when it is done.
        PowerOff = [DLE, 0x14, 0x02, 0x01, 0x08];
        /// DLE DC4, function 3: sounds the buzzer at once.
        RealTimeBeep(RealTimeBeep) = [DLE, 0x14, 0x03];
        /// DLE DC4, function 8: forgets what was received, and tells when it is done.
        ClearBuffers = [DLE, 0x14, 0x08, 0x01, 0x03, 0x14, 0x01, 0x06, 0x02, 0x08];
        /// ESC ( A, function 48: sounds the beeper.
        Beep(Beep) = [ESC, b'(', b'A'] counted [0x30];
        /// ESC ( A, function 97: sounds the beeper, with times for tone and rest.
        BeepInTurns(BeepInTurns) = [ESC, b'(', b'A'] counted [0x61];
        /// ESC ( A, function 98: how the beeper sounds when the printer goes offline.
        BeepAtOffline(BeepAtOffline) = [ESC, b'(', b'A'] counted [0x62];
        /// ESC ( A, function 99: how the beeper sounds when paper is near its end.
        BeepAtPaper(BeepAtPaper) = [ESC, b'(', b'A'] counted [0x63];
        /// ESC ( Y: how print data is batched.
        BatchPrint(BatchPrint) = [ESC, b'(', b'Y'] counted [];
        /// ESC <: the head to its standby position.
        ReturnHome = [ESC, b'<'];
        /// ESC U: prints in one direction alone.
        Unidirectional(bool) = [ESC, b'U'];
        /// ESC c 0: which sheet is printed on, in printers of several.
        SelectSheet(u8) = [ESC, b'c', b'0'];
        /// ESC c 1: which sheet line spacing is set for.
        SheetOfLineSpacing(u8) = [ESC, b'c', b'1'];
        /// ESC f: how long a slip is waited for.
        SlipWait(SlipWait) = [ESC, b'f'];
        /// ESC q: lets a slip go.
        ReleaseSlip = [ESC, b'q'];
        /// ESC F: a slip is ejected backwards.
        ReverseEject(bool) = [ESC, b'F'];
        /// ESC o: stamps.
        Stamp = [ESC, b'o'];
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
        /// GS ( V, function 48: cuts where the paper stands.
        CutHere(CutShape) = [GS, b'(', b'V'] counted [0x30];
        /// GS ( V, function 49: feeds what was printed to the cutter and further, then cuts.
        FeedAndCut(FeedAndCut) = [GS, b'(', b'V'] counted [0x31];
        /// GS ( V, function 51: cuts when this place has come to the cutter.
        ReserveCut(FeedAndCut) = [GS, b'(', b'V'] counted [0x33];
        /// GS ( A: prints a test.
        TestPrint(TestPrint) = [GS, b'(', b'A'] counted [];
        /// GS E: speed and energy of the head, in older models.
        HeadControl(u8) = [GS, b'E'];
        /// GS z 0: how long the printer waits before it goes online after paper came, in halves of a
        /// second.
        OnlineRecovery(OnlineRecovery) = [GS, b'z', b'0'];
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

record! {
    /// Is the cut of GS ( V with a feed in vertical motion units.
    FeedAndCut {
        /// How far the cut goes.
        shape: CutShape,
        /// How far the paper is fed beyond the cutter.
        feed: u8,
    }
}

choice! {
    /// Is what GS ( A prints.
    TestPattern {
        /// A hexadecimal dump of what comes.
        HexadecimalDump = 0x01 | 0x31;
        /// The printer's status.
        PrinterStatus = 0x02 | 0x32;
        /// A rolling pattern.
        RollingPattern = 0x03 | 0x33;
        /// A sheet to set the layout by.
        LayoutSetting = 0x40;
    }
}

choice! {
    /// Is the paper that GS ( A prints on.
    TestPaper {
        /// The basic sheet.
        Basic = 0x00 | 0x30;
        /// The roll.
        Roll = 0x01 | 0x31;
        /// The second roll.
        SecondRoll = 0x02 | 0x32;
        /// The slip's face.
        Slip = 0x03 | 0x33;
    }
}

record! {
    /// Is a test of GS ( A.
    TestPrint {
        /// On which paper.
        paper: TestPaper,
        /// Which test.
        pattern: TestPattern,
    }
}

record! {
    /// Is the waits of GS z 0, in units of 500 ms.
    OnlineRecovery {
        /// For paper to be loaded.
        loading: u8,
        /// From then until the printer is online.
        recovery: u8,
    }
}

record! {
    /// Is the waits of ESC f.
    SlipWait {
        /// For a slip to be inserted, in minutes; nought is for ever.
        insertion: Ranged<0, 15>,
        /// From then until printing begins, in tenths of a second.
        start: Ranged<0, 64>,
    }
}

record! {
    /// Is the batching of ESC ( Y.
    BatchPrint {
        /// Whether print data is batched (n).
        mode: u8,
        /// The direction of printing (m).
        direction: u8,
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
