//! Where things stand: control characters, feeds, margins, tabs, page mode.

use super::page::{PageLine, PageRectangle, PrintableArea};
use super::table::{Parameter, choice, commands};
use super::{ESC, GS};

commands! {
    /// Moves over the paper, or says where things stand.
    Position {
        /// HT: to the next tab stop.
        HorizontalTab = [0x09];
        /// LF: prints the line and feeds one line.
        LineFeed = [0x0A];
        /// FF: prints a page of page mode and returns to standard mode.
        FormFeed = [0x0C];
        /// CR: ignored unless the printer is set to feed on it.
        CarriageReturn = [0x0D];
        /// CAN: forgets what is in the area of page mode.
        Cancel = [0x18];
        /// ESC FF: prints a page of page mode and stays there.
        PrintPage = [ESC, 0x0C];
        /// ESC $: dots from the beginning of the line.
        Absolute(u16) = [ESC, b'$'];
        /// ESC 2: line spacing of the font.
        DefaultLineSpacing = [ESC, b'2'];
        /// ESC 3: line spacing in vertical motion units.
        LineSpacing(u8) = [ESC, b'3'];
        /// ESC D: tab stops.
        TabStops(TabStops) = [ESC, b'D'];
        /// ESC J: prints the line and feeds motion units.
        FeedDots(u8) = [ESC, b'J'];
        /// ESC K: prints the line and feeds backwards.
        ReverseFeedDots(u8) = [ESC, b'K'];
        /// ESC L: into page mode.
        PageMode = [ESC, b'L'];
        /// ESC S: into standard mode.
        StandardMode = [ESC, b'S'];
        /// ESC T: direction in page mode.
        PageDirection(PageDirection) = [ESC, b'T'];
        /// ESC W: area in page mode.
        PageArea(PageArea) = [ESC, b'W'];
        /// ESC \: from where the line stands.
        Relative(i16) = [ESC, b'\\'];
        /// ESC a: alignment.
        Align(Align) = [ESC, b'a'];
        /// ESC d: prints the line and feeds lines.
        FeedLines(u8) = [ESC, b'd'];
        /// ESC e: prints the line and feeds lines backwards.
        ReverseFeedLines(u8) = [ESC, b'e'];
        /// GS $: from the top of page mode's area to the baseline, in motion units.
        AbsoluteVertical(u16) = [GS, b'$'];
        /// GS L: left margin.
        LeftMargin(u16) = [GS, b'L'];
        /// GS P: motion units.
        MotionUnits(MotionUnits) = [GS, b'P'];
        /// GS T: to the beginning of the line.
        LineStart(u8) = [GS, b'T'];
        /// GS W: width of the print area.
        AreaWidth(u16) = [GS, b'W'];
        /// GS \: from where page mode stands, downwards.
        RelativeVertical(i16) = [GS, b'\\'];
        /// GS FF: feeds marked paper to where printing begins.
        FeedToMark = [GS, 0x0C];
        /// GS ( P, function 48: the area that page mode can print on.
        PrintableArea(PrintableArea) = [GS, b'(', b'P'] counted [0x30];
        /// GS ( Q, function 48: draws a line in page mode.
        DrawLine(PageLine) = [GS, b'(', b'Q'] counted [0x30];
        /// GS ( Q, function 49: draws a rectangle in page mode.
        DrawRectangle(PageRectangle) = [GS, b'(', b'Q'] counted [0x31];
    }
}

choice! {
    /// Is the alignment of lines.
    Align {
        /// At the left margin.
        Left = 0x00 | 0x30;
        /// In the middle.
        Centre = 0x01 | 0x31;
        /// At the right margin.
        Right = 0x02 | 0x32;
    }
}

choice! {
    /// Is the direction of lines in page mode.
    PageDirection {
        /// From left to right, starting at the upper left.
        LeftToRight = 0x00 | 0x30;
        /// From bottom to top, starting at the lower left.
        BottomToTop = 0x01 | 0x31;
        /// From right to left, starting at the lower right.
        RightToLeft = 0x02 | 0x32;
        /// From top to bottom, starting at the upper right.
        TopToBottom = 0x03 | 0x33;
    }
}

/// The most tab stops that ESC D sets.
pub(super) const MAX_TAB_STOPS: usize = 32;

/// Is up to 32 ascending tab stops, in columns from 1 to 255.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub struct TabStops(Vec<u8>);

impl TabStops {
    /// Creates tab stops; `None` when they do not ascend from 1, or are more than 32.
    #[must_use]
    pub fn new(columns: Vec<u8>) -> Option<Self> {
        let ascend = columns.windows(2).all(|pair| pair[0] < pair[1]);
        (columns.len() <= MAX_TAB_STOPS && ascend && columns.first() != Some(&0))
            .then_some(Self(columns))
    }

    /// Returns the columns.
    #[must_use]
    pub fn columns(&self) -> &[u8] {
        &self.0
    }
}

impl Parameter for TabStops {
    fn emit(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(&self.0);
        out.push(0x00);
    }

    fn decode(bytes: &[u8]) -> Option<Self> {
        // What ended the list is no stop, be it NUL or one that does not ascend.
        let ends = |pair: &[u8]| pair[0] >= pair[1];
        let stops = match bytes {
            [0x00, ..] => 0,
            _ => bytes.windows(2).position(ends).map_or(bytes.len(), |last| last + 1),
        };
        Self::new(bytes.get(..stops)?.to_vec())
    }
}

/// Is the motion units of GS P: parts of an inch, nought for the printer's own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct MotionUnits {
    /// Across.
    pub horizontal: u8,
    /// Down.
    pub vertical: u8,
}

impl Parameter for MotionUnits {
    fn emit(&self, out: &mut Vec<u8>) {
        out.extend([self.horizontal, self.vertical]);
    }

    fn decode(bytes: &[u8]) -> Option<Self> {
        let [horizontal, vertical] = bytes.try_into().ok()?;
        Some(Self { horizontal, vertical })
    }
}

/// Is the area of ESC W, in motion units.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct PageArea {
    /// From the left.
    pub x: u16,
    /// From the top.
    pub y: u16,
    /// Across.
    pub width: u16,
    /// Down.
    pub height: u16,
}

impl Parameter for PageArea {
    fn emit(&self, out: &mut Vec<u8>) {
        for value in [self.x, self.y, self.width, self.height] {
            value.emit(out);
        }
    }

    fn decode(bytes: &[u8]) -> Option<Self> {
        let [x0, x1, y0, y1, w0, w1, h0, h1] = bytes.try_into().ok()?;
        Some(Self {
            x: u16::from_le_bytes([x0, x1]),
            y: u16::from_le_bytes([y0, y1]),
            width: u16::from_le_bytes([w0, w1]),
            height: u16::from_le_bytes([h0, h1]),
        })
    }
}
