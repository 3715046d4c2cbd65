//! The mechanism: paper, cover, cutter, head, drawer, and what their sensors say.

use countertop_wire::escpos::{
    AutomaticStatus, ErrorCause, OfflineCause, PaperSensors, PrinterState, RealTimeStatus,
};
use countertop_wire::usb::printer::PortStatus;

/// Is the mechanism's state.
#[derive(Debug, Clone, Default)]
pub(super) struct Mechanics {
    pub(super) cover_open: bool,
    pub(super) paper_out: bool,
    pub(super) near_end: bool,
    /// Rows left on the roll, where that is counted.
    pub(super) rows_left: Option<usize>,
    /// Something is in the cutter; the next cut finds it.
    pub(super) jam: bool,
    /// The cutter's error, until the host or the switch clears it.
    pub(super) cutter_error: bool,
    pub(super) fault: bool,
    pub(super) overheated: bool,
    /// Put offline at the panel.
    pub(super) panel_offline: bool,
    /// Deselected by the host (ESC =).
    pub(super) deselected: bool,
    pub(super) drawer_open: bool,
    pub(super) drawer_open_high: bool,
    pub(super) pulses: u32,
}

/// Rows from which on the roll counts as near its end.
const NEAR_END: usize = 2_000;

impl Mechanics {
    pub(super) fn offline(&self) -> bool {
        self.hindered() || self.panel_offline
    }

    /// Tells whether it is offline for a reason that GS ( H, function 49, reports; the panel is none.
    pub(super) fn hindered(&self) -> bool {
        self.cover_open || self.paper_out || self.errors().any()
    }

    /// Returns the causes of the offline response as a TM-L90 has them (Epson, Programming Guide,
    /// GS ( H, pp. 436 to 438): three bytes of unrecoverable errors, of which the first stands for all
    /// here, one of recoverable ones, and one more that names nothing this printer has. Cover and paper are
    /// told by automatic status alone.
    pub(super) fn offline_causes(&self) -> [u8; 5] {
        const NONE: u8 = 0x40;
        let (fault, cutter) = (u8::from(self.fault), u8::from(self.cutter_error));
        [NONE | fault, NONE, NONE, NONE | cutter, NONE]
    }

    pub(super) fn errors(&self) -> ErrorCause {
        ErrorCause {
            recoverable: false,
            cutter: self.cutter_error,
            unrecoverable: self.fault,
            auto_recoverable: self.overheated,
        }
    }

    pub(super) fn paper(&self) -> PaperSensors {
        let near_end = self.near_end || self.rows_left.is_some_and(|rows| rows < NEAR_END);
        PaperSensors { near_end: near_end || self.paper_out, end: self.paper_out }
    }

    pub(super) fn printer(&self) -> PrinterState {
        PrinterState {
            drawer_pin_high: self.drawer_open == self.drawer_open_high,
            offline: self.offline(),
            recovering: self.panel_offline,
            feed_button: false,
        }
    }

    pub(super) fn port_status(&self) -> PortStatus {
        PortStatus {
            paper_empty: self.paper_out,
            selected: !self.panel_offline && !self.deselected,
            error: self.cover_open || self.paper_out || self.errors().any(),
        }
    }

    /// Returns the byte that answers DLE EOT.
    pub(super) fn real_time(&self, status: RealTimeStatus) -> u8 {
        let cause = OfflineCause {
            cover_open: self.cover_open,
            feeding: false,
            paper_end: self.paper_out,
            error: self.errors().any(),
        };
        match status {
            RealTimeStatus::Printer => self.printer().to_byte(),
            RealTimeStatus::OfflineCause => cause.to_byte(),
            RealTimeStatus::ErrorCause => self.errors().to_byte(),
            RealTimeStatus::Paper => self.paper().to_real_time_byte(),
            // No slip and no validation: nothing to report.
            _ => PrinterState::default().to_byte(),
        }
    }

    pub(super) fn automatic(&self) -> AutomaticStatus {
        AutomaticStatus {
            printer: self.printer(),
            cover_open: self.cover_open,
            feeding: false,
            error: self.errors(),
            paper: self.paper(),
        }
    }

    /// Loads a new roll of so many rows; `None` never ends.
    pub(super) fn load(&mut self, rows: Option<u32>) {
        self.paper_out = false;
        self.near_end = false;
        self.rows_left = rows.map(|rows| usize::try_from(rows).unwrap_or(usize::MAX));
    }

    /// Takes rows off the roll.
    pub(super) fn use_paper(&mut self, rows: usize) {
        if let Some(left) = &mut self.rows_left {
            *left = left.saturating_sub(rows);
            self.paper_out |= *left == 0;
        }
    }

    pub(super) fn kick(&mut self) {
        self.pulses += 1;
        self.drawer_open = true;
    }
}
