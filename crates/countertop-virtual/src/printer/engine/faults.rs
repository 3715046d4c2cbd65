//! Faults that are due, those that last, and how they go away.

use tokio::time::Instant;

use super::{Engine, Progress};
use crate::printer::fault::{Chance, Fault, FaultKind};

/// Rows in a second of a printer that is [slow](FaultKind::Slow).
const SLOW: u32 = 50;

/// Is what ails the printer apart from its mechanism, and what will.
#[derive(Debug, Default)]
pub(super) struct Ailments {
    expected: Vec<Fault>,
    /// Those that go away by themselves, and when.
    passing: Vec<(Instant, FaultKind)>,
    unplugged: bool,
    unpowered: bool,
    mute: bool,
    garbled: Option<Chance>,
    slow: bool,
}

impl Ailments {
    pub(super) fn powered(&self) -> bool {
        !self.unpowered
    }

    pub(super) fn power_off(&mut self) {
        self.unpowered = true;
    }

    pub(super) fn power_on(&mut self) {
        self.unpowered = false;
    }

    pub(super) fn unplugged(&self) -> bool {
        self.unplugged
    }

    pub(super) fn mute(&self) -> bool {
        self.mute
    }

    pub(super) fn expected(&self) -> &[Fault] {
        &self.expected
    }

    /// Returns the speed that is left of `speed`.
    pub(super) fn slowed(&self, speed: Option<u32>) -> Option<u32> {
        if self.slow { Some(speed.map_or(SLOW, |speed| speed.min(SLOW))) } else { speed }
    }

    /// Returns how many bytes may come before the next fault.
    pub(super) fn bytes_left(&self, progress: Progress) -> usize {
        let left = self.expected.iter().filter_map(|fault| fault.bytes_left(progress)).min();
        left.map_or(usize::MAX, |left| usize::try_from(left).unwrap_or(usize::MAX))
    }

    /// Returns what arrives of an answer.
    pub(super) fn garbled(&mut self, answer: Vec<u8>) -> Vec<u8> {
        let Some(chance) = &mut self.garbled else { return answer };
        let garble = |byte: u8| match chance.below(4) {
            0 => None,
            1 => Some(byte),
            _ => Some(byte ^ (1 << chance.below(8))),
        };
        answer.into_iter().filter_map(garble).collect()
    }
}

impl Engine {
    /// Lets a fault come when it is due.
    pub(in crate::printer) fn expect_fault(&mut self, fault: Fault) {
        self.ailments.expected.push(fault);
        self.strike_due();
    }

    /// Tells whether the host's bytes reach the printer.
    pub(in crate::printer) fn is_reachable(&self) -> bool {
        !self.ailments.unplugged && !self.ailments.unpowered
    }

    pub(super) fn strike_due(&mut self) {
        let progress = self.progress;
        let (due, later) =
            self.ailments.expected.drain(..).partition(|fault| fault.is_due(progress));
        self.ailments.expected = later;
        let due: Vec<Fault> = due;
        for fault in due {
            self.strike(fault.kind());
            if let Some(time) = fault.duration() {
                self.ailments.passing.push((Instant::now() + time, fault.kind()));
            }
        }
    }

    fn strike(&mut self, kind: FaultKind) {
        match kind {
            FaultKind::CoverOpen => self.mechanics.cover_open = true,
            FaultKind::CutterJam => self.mechanics.jam = true,
            FaultKind::Garbled => self.ailments.garbled = Some(Chance::new(self.progress.bytes)),
            FaultKind::Mechanical => self.mechanics.fault = true,
            FaultKind::Mute => self.ailments.mute = true,
            FaultKind::Offline => self.mechanics.panel_offline = true,
            FaultKind::Overheated => self.mechanics.overheated = true,
            FaultKind::PaperNearEnd => self.mechanics.near_end = true,
            FaultKind::PaperOut => self.mechanics.paper_out = true,
            FaultKind::PowerOff => self.power_off(),
            FaultKind::Slow => self.ailments.slow = true,
            FaultKind::Unplug => self.ailments.unplugged = true,
        }
        self.report_changes();
    }

    /// Takes one kind of fault away, as a person at the printer does.
    pub(in crate::printer) fn mend(&mut self, kind: FaultKind) {
        match kind {
            FaultKind::CoverOpen => self.mechanics.cover_open = false,
            FaultKind::CutterJam => {
                self.mechanics.jam = false;
                self.mechanics.cutter_error = false;
            }
            FaultKind::Garbled => self.ailments.garbled = None,
            FaultKind::Mechanical => self.mechanics.fault = false,
            FaultKind::Mute => self.ailments.mute = false,
            FaultKind::Offline => self.mechanics.panel_offline = false,
            FaultKind::Overheated => self.mechanics.overheated = false,
            FaultKind::PaperNearEnd | FaultKind::PaperOut => {
                self.mechanics.load(self.config.paper_rows);
            }
            FaultKind::PowerOff => self.ailments.power_on(),
            FaultKind::Slow => self.ailments.slow = false,
            FaultKind::Unplug => self.ailments.unplugged = false,
        }
        self.report_changes();
    }

    /// Takes all faults away, also those that are still to come.
    pub(in crate::printer) fn mend_all(&mut self) {
        self.ailments.expected.clear();
        self.ailments.passing.clear();
        for kind in FaultKind::ALL {
            self.mend(*kind);
        }
    }

    /// Returns when the next fault goes away by itself.
    pub(in crate::printer) fn next_relief(&self) -> Option<Instant> {
        self.ailments.passing.iter().map(|(when, _)| *when).min()
    }

    /// Takes away what has lasted its time.
    pub(in crate::printer) fn relieve(&mut self) {
        let now = Instant::now();
        let (over, lasting) = self.ailments.passing.drain(..).partition(|(when, _)| *when <= now);
        self.ailments.passing = lasting;
        let over: Vec<(Instant, FaultKind)> = over;
        for (_, kind) in over {
            self.mend(kind);
        }
    }
}
