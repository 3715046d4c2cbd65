//! What goes wrong, and what a person does about it.

use std::time::{SystemTime, UNIX_EPOCH};

use countertop_virtual::printer::{self, FaultKind, PrinterControl};

/// Names what carries the bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Transport {
    Memory,
    Pty,
    Tcp,
}

/// Names what goes wrong on the way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fault {
    BrokenDown,
    CoverOpen,
    CutterJam,
    Garbled,
    Mute,
    None,
    Offline,
    Overheated,
    PaperNearEnd,
    PaperOut,
    PowerOff,
    Slow,
    Stall,
    Unplug,
}

impl Fault {
    pub(crate) const ALL: [Self; 14] = [
        Self::BrokenDown,
        Self::CoverOpen,
        Self::CutterJam,
        Self::Garbled,
        Self::Mute,
        Self::None,
        Self::Offline,
        Self::Overheated,
        Self::PaperNearEnd,
        Self::PaperOut,
        Self::PowerOff,
        Self::Slow,
        Self::Stall,
        Self::Unplug,
    ];

    /// Tells whether it is nothing that keeps a receipt from being printed.
    pub(crate) fn is_harmless(self) -> bool {
        matches!(self, Self::None | Self::PaperNearEnd)
    }

    /// Strikes the mechanism; what strikes the line is the relay's.
    pub(crate) fn strike(self, control: &PrinterControl) {
        match self {
            Self::BrokenDown => control.break_down(),
            Self::CoverOpen => control.open_cover(),
            Self::CutterJam => control.jam_cutter(),
            Self::Garbled => control.inject(printer::Fault::new(FaultKind::Garbled)),
            Self::Mute => control.set_answers(false),
            Self::Offline => control.set_offline(true),
            Self::Overheated => control.set_overheated(true),
            Self::PaperNearEnd => control.near_end(),
            Self::PaperOut => control.end_paper(),
            Self::Slow => control.set_speed(Some(400)),
            Self::None | Self::PowerOff | Self::Stall | Self::Unplug => {}
        }
    }

    /// Does what a person does; `true` when that is switching it off and on.
    pub(crate) fn cure(self, control: &PrinterControl) -> bool {
        match self {
            Self::BrokenDown => return true,
            Self::CoverOpen => control.close_cover(),
            Self::CutterJam => control.clear_cutter(),
            Self::Garbled => control.mend(FaultKind::Garbled),
            Self::Mute => control.set_answers(true),
            Self::Offline => control.set_offline(false),
            Self::PaperNearEnd | Self::PaperOut => control.load_paper(),
            Self::None
            | Self::Overheated
            | Self::PowerOff
            | Self::Slow
            | Self::Stall
            | Self::Unplug => {}
        }
        false
    }
}

/// Is the generator of Steele, Lea and Flood (2014): small, and the same everywhere.
#[derive(Debug)]
pub(crate) struct Random(pub(crate) u64);

impl Random {
    pub(crate) fn now() -> u64 {
        SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs()
    }

    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    pub(crate) fn below(&mut self, most: u64) -> u64 {
        self.next() % most.max(1)
    }

    /// Tells whether something happens that happens once in so many times.
    pub(crate) fn once_in(&mut self, times: u64) -> bool {
        self.below(times) == 0
    }
}
