//! What can be seen of a printer at a glance.

use serde::Serialize;

use super::Engine;

/// Is a printer's state at one moment; it serialises for other languages' tests.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub struct PrinterSnapshot {
    /// Whether it prints what comes.
    pub online: bool,
    /// Whether there is no paper.
    pub paper_out: bool,
    /// Whether the roll will end soon.
    pub paper_near_end: bool,
    /// Whether the cover is open.
    pub cover_open: bool,
    /// Whether the cutter is stuck.
    pub cutter_error: bool,
    /// Whether the head is too hot.
    pub overheated: bool,
    /// Whether something broke for good.
    pub mechanical: bool,
    /// Whether the cable is in.
    pub plugged: bool,
    /// Whether the power is on.
    pub powered: bool,
    /// Whether the drawer is open.
    pub drawer_open: bool,
    /// How many pulses the drawer got.
    pub drawer_pulses: u32,
    /// How many pages were cut.
    pub pages: usize,
    /// Whether something is on the paper since the last cut.
    pub unfinished_page: bool,
    /// Bytes that came from hosts.
    pub bytes: u64,
    /// Bytes that came when the buffer was full and XOFF was not heeded.
    pub overrun: u64,
    /// How often XOFF was sent.
    pub xoffs: u64,
    /// Commands that were executed.
    pub commands: u64,
    /// Rows of dots that were fed.
    pub rows: u64,
    /// Bytes that wait in the receive buffer.
    pub buffered: usize,
    /// Faults that are still to come.
    pub expected_faults: Vec<String>,
    /// Commands that no manual of Epson's knows.
    pub unknown_commands: Vec<String>,
}

impl Engine {
    /// Looks at the printer.
    pub(in crate::printer) fn snapshot(&self) -> PrinterSnapshot {
        let paper = self.mechanics.paper();
        PrinterSnapshot {
            online: !self.mechanics.offline() && self.ailments.powered(),
            paper_out: paper.end,
            paper_near_end: paper.near_end,
            cover_open: self.mechanics.cover_open,
            cutter_error: self.mechanics.cutter_error,
            overheated: self.mechanics.overheated,
            mechanical: self.mechanics.fault,
            plugged: !self.ailments.unplugged(),
            powered: self.ailments.powered(),
            drawer_open: self.mechanics.drawer_open,
            drawer_pulses: self.mechanics.pulses,
            pages: self.page_count,
            unfinished_page: self.drawing.has_current(),
            bytes: self.progress.bytes,
            overrun: self.overrun,
            xoffs: self.xoffs,
            commands: self.progress.commands,
            rows: self.progress.rows,
            buffered: self.queued_bytes + self.parser.pending(),
            expected_faults: self.ailments.expected().iter().map(ToString::to_string).collect(),
            unknown_commands: self.unknown.clone(),
        }
    }
}
