//! The bits of status bytes.
//!
//! Source: Epson, ESC/POS Command Reference, DLE EOT, GS r, GS a.

/// Is the printer status (DLE EOT 1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct PrinterState {
    /// Level of the drawer connector's pin 3.
    pub drawer_pin_high: bool,
    /// Not printing what comes.
    pub offline: bool,
    /// Waits to be put online.
    pub recovering: bool,
    /// The feed button is pressed.
    pub feed_button: bool,
}

/// Is what keeps the printer offline (DLE EOT 2).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct OfflineCause {
    /// The cover is open.
    pub cover_open: bool,
    /// The feed button feeds paper.
    pub feeding: bool,
    /// Printing stopped at the end of the paper.
    pub paper_end: bool,
    /// There is an error; [`ErrorCause`] says which.
    pub error: bool,
}

/// Is which error there is (DLE EOT 3).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct ErrorCause {
    /// A mechanical error from which DLE ENQ recovers.
    pub recoverable: bool,
    /// The cutter is jammed.
    pub cutter: bool,
    /// Only service helps.
    pub unrecoverable: bool,
    /// It goes by itself: the head is too hot.
    pub auto_recoverable: bool,
}

/// Is the paper sensors (DLE EOT 4, GS r 1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct PaperSensors {
    /// The roll will end soon.
    pub near_end: bool,
    /// There is no paper.
    pub end: bool,
}

/// Is the four bytes of automatic status back (GS a).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct AutomaticStatus {
    /// Drawer, online state, buttons.
    pub printer: PrinterState,
    /// The cover is open.
    pub cover_open: bool,
    /// The feed button feeds paper.
    pub feeding: bool,
    /// Errors.
    pub error: ErrorCause,
    /// Paper.
    pub paper: PaperSensors,
}

fn bit(value: bool, place: u8) -> u8 {
    u8::from(value) << place
}

fn has(byte: u8, place: u8) -> bool {
    byte >> place & 1 == 1
}

impl PrinterState {
    /// Returns the byte of DLE EOT 1.
    #[must_use]
    pub fn to_byte(self) -> u8 {
        0x12 | bit(self.drawer_pin_high, 2)
            | bit(self.offline, 3)
            | bit(self.recovering, 5)
            | bit(self.feed_button, 6)
    }

    /// Reads the byte of DLE EOT 1.
    #[must_use]
    pub fn from_byte(byte: u8) -> Self {
        Self {
            drawer_pin_high: has(byte, 2),
            offline: has(byte, 3),
            recovering: has(byte, 5),
            feed_button: has(byte, 6),
        }
    }
}

impl OfflineCause {
    /// Returns the byte of DLE EOT 2.
    #[must_use]
    pub fn to_byte(self) -> u8 {
        0x12 | bit(self.cover_open, 2)
            | bit(self.feeding, 3)
            | bit(self.paper_end, 5)
            | bit(self.error, 6)
    }

    /// Reads the byte of DLE EOT 2.
    #[must_use]
    pub fn from_byte(byte: u8) -> Self {
        Self {
            cover_open: has(byte, 2),
            feeding: has(byte, 3),
            paper_end: has(byte, 5),
            error: has(byte, 6),
        }
    }
}

impl ErrorCause {
    /// Returns the byte of DLE EOT 3.
    #[must_use]
    pub fn to_byte(self) -> u8 {
        0x12 | self.bits()
    }

    /// Reads the byte of DLE EOT 3, or the second of automatic status back.
    #[must_use]
    pub fn from_byte(byte: u8) -> Self {
        Self {
            recoverable: has(byte, 2),
            cutter: has(byte, 3),
            unrecoverable: has(byte, 5),
            auto_recoverable: has(byte, 6),
        }
    }

    /// Tells whether there is any error.
    #[must_use]
    pub fn any(self) -> bool {
        self.bits() != 0
    }

    fn bits(self) -> u8 {
        bit(self.recoverable, 2)
            | bit(self.cutter, 3)
            | bit(self.unrecoverable, 5)
            | bit(self.auto_recoverable, 6)
    }
}

impl PaperSensors {
    /// Returns the byte of DLE EOT 4.
    #[must_use]
    pub fn to_real_time_byte(self) -> u8 {
        0x12 | bit(self.near_end, 2) | bit(self.near_end, 3) | bit(self.end, 5) | bit(self.end, 6)
    }

    /// Reads the byte of DLE EOT 4.
    #[must_use]
    pub fn from_real_time_byte(byte: u8) -> Self {
        Self { near_end: byte & 0x0C != 0, end: byte & 0x60 != 0 }
    }

    /// Returns the byte of GS r 1, which is the third of automatic status back.
    #[must_use]
    pub fn to_status_byte(self) -> u8 {
        bit(self.near_end, 0) | bit(self.near_end, 1) | bit(self.end, 2) | bit(self.end, 3)
    }

    /// Reads the byte of GS r 1, or the third of automatic status back.
    #[must_use]
    pub fn from_status_byte(byte: u8) -> Self {
        Self { near_end: byte & 0x03 != 0, end: byte & 0x0C != 0 }
    }
}

impl AutomaticStatus {
    /// Returns the four bytes.
    #[must_use]
    pub fn to_bytes(self) -> [u8; 4] {
        let first = 0x10
            | bit(self.printer.drawer_pin_high, 2)
            | bit(self.printer.offline, 3)
            | bit(self.cover_open, 5)
            | bit(self.feeding, 6);
        let second =
            bit(self.printer.recovering, 0) | bit(self.printer.feed_button, 1) | self.error.bits();
        [first, second, self.paper.to_status_byte(), 0x00]
    }

    /// Reads the four bytes.
    #[must_use]
    pub fn from_bytes([first, second, third, _]: [u8; 4]) -> Self {
        let printer = PrinterState {
            drawer_pin_high: has(first, 2),
            offline: has(first, 3),
            recovering: has(second, 0),
            feed_button: has(second, 1),
        };
        Self {
            printer,
            cover_open: has(first, 5),
            feeding: has(first, 6),
            error: ErrorCause::from_byte(second),
            paper: PaperSensors::from_status_byte(third),
        }
    }
}
