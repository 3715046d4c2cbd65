//! What goes wrong with a printer, and when.
//!
//! A [`Fault`] is written `KIND`, or `KIND@TRIGGER`, either with `,for=TIME` after it:
//! `paper-out@rows=800`, `unplug@byte=1200`, `cover-open@command=20,for=2s`, `mute`.

mod kind;
mod random;
mod text;

#[cfg(test)]
mod tests;

use core::time::Duration;

pub use kind::FaultKind;
pub(super) use random::Chance;
pub use text::FaultParseError;

/// Is one fault: what happens, when, and whether it goes away by itself.
///
/// It parses from and prints as text:
///
/// ```
/// use countertop_virtual::printer::{Fault, FaultKind, FaultTrigger};
///
/// let fault: Fault = "paper-out@rows=800".parse()?;
/// assert_eq!(fault, Fault::new(FaultKind::PaperOut).at(FaultTrigger::Rows(800)));
/// assert_eq!(fault.to_string(), "paper-out@rows=800");
/// # Ok::<(), countertop_virtual::printer::FaultParseError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Fault {
    kind: FaultKind,
    trigger: FaultTrigger,
    lasts: Option<Duration>,
}

/// Is when a fault happens; everything is counted from when the printer was made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[non_exhaustive]
pub enum FaultTrigger {
    /// At once.
    #[default]
    Now,
    /// When so many bytes have come from the host; the one after is not read before.
    Byte(u64),
    /// When so many commands were executed; a run of text is one.
    Command(u64),
    /// When so many rows of dots were fed, at the end of the command that feeds them.
    Rows(u64),
}

/// Is how far a printer has come, against which triggers are held.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Progress {
    pub(super) bytes: u64,
    pub(super) commands: u64,
    pub(super) rows: u64,
}

impl Fault {
    /// Creates a fault that happens at once and stays until a hand mends it.
    #[must_use]
    pub const fn new(kind: FaultKind) -> Self {
        Self { kind, trigger: FaultTrigger::Now, lasts: None }
    }

    /// Lets the fault happen later.
    #[must_use]
    pub const fn at(self, trigger: FaultTrigger) -> Self {
        Self { trigger, ..self }
    }

    /// Lets the fault go away by itself after a time.
    #[must_use]
    pub const fn lasting(self, time: Duration) -> Self {
        Self { lasts: Some(time), ..self }
    }

    /// Returns what happens.
    #[must_use]
    pub const fn kind(&self) -> FaultKind {
        self.kind
    }

    /// Returns when it happens.
    #[must_use]
    pub const fn trigger(&self) -> FaultTrigger {
        self.trigger
    }

    /// Returns after what time it goes away by itself, if it does.
    #[must_use]
    pub const fn duration(&self) -> Option<Duration> {
        self.lasts
    }

    /// Tells whether it is due.
    pub(super) fn is_due(&self, progress: Progress) -> bool {
        match self.trigger {
            FaultTrigger::Now => true,
            FaultTrigger::Byte(count) => progress.bytes >= count,
            FaultTrigger::Command(count) => progress.commands >= count,
            FaultTrigger::Rows(count) => progress.rows >= count,
        }
    }

    /// Returns how many bytes may still come before it is due; `None` when bytes do not matter.
    pub(super) fn bytes_left(&self, progress: Progress) -> Option<u64> {
        match self.trigger {
            FaultTrigger::Byte(count) => Some(count.saturating_sub(progress.bytes)),
            _ => None,
        }
    }
}
