//! The kinds of faults and their names.

/// Is what can go wrong with a printer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum FaultKind {
    /// The cover is opened.
    CoverOpen,
    /// The cutter jams at the next cut.
    CutterJam,
    /// Answers come with wrong bits.
    Garbled,
    /// Something breaks that only switching off and on, or service, cures.
    Mechanical,
    /// Answers stay away.
    Mute,
    /// The panel's switch puts it offline.
    Offline,
    /// The head is too hot.
    Overheated,
    /// The roll will end soon.
    PaperNearEnd,
    /// The roll has ended.
    PaperOut,
    /// The power fails: buffers and settings are lost, the paper stays as it is.
    PowerOff,
    /// It prints 50 rows in a second, as with a weak power supply.
    Slow,
    /// The cable is pulled; the printer goes on with what it has received.
    Unplug,
}

impl FaultKind {
    /// Lists all kinds, in the order of their names.
    pub const ALL: &'static [Self] = &[
        Self::CoverOpen,
        Self::CutterJam,
        Self::Garbled,
        Self::Mechanical,
        Self::Mute,
        Self::Offline,
        Self::Overheated,
        Self::PaperNearEnd,
        Self::PaperOut,
        Self::PowerOff,
        Self::Slow,
        Self::Unplug,
    ];

    /// Returns the name by which it is written.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::CoverOpen => "cover-open",
            Self::CutterJam => "cutter-jam",
            Self::Garbled => "garbled",
            Self::Mechanical => "mechanical",
            Self::Mute => "mute",
            Self::Offline => "offline",
            Self::Overheated => "overheated",
            Self::PaperNearEnd => "paper-near-end",
            Self::PaperOut => "paper-out",
            Self::PowerOff => "power-off",
            Self::Slow => "slow",
            Self::Unplug => "unplug",
        }
    }

    /// Finds a kind by its name.
    pub(super) fn from_name(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|kind| kind.name() == name)
    }
}
