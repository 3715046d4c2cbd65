//! What came of the runs.

use std::collections::BTreeMap;
use std::fmt;
use std::time::Duration;

/// Is what went wrong in a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Fault {
    /// The card left in the place of its answer.
    TornBefore,
    /// The card answered and left.
    TornBehind,
    /// The card said nothing.
    Hung,
    /// The service was killed while the card thought.
    KilledIn,
    /// The service was killed before the command.
    KilledBefore,
}

impl Fault {
    fn is_torn(self) -> bool {
        matches!(self, Self::TornBefore | Self::TornBehind)
    }

    fn is_killed(self) -> bool {
        matches!(self, Self::KilledIn | Self::KilledBefore)
    }
}

/// Counts the runs by what went wrong, and at which command.
#[derive(Debug, Default, Clone)]
pub(super) struct Tally {
    runs: BTreeMap<(Fault, usize), usize>,
    /// The longest time from a fault to its error.
    slowest: Duration,
}

impl Tally {
    pub(super) fn note(&mut self, fault: Fault, command: usize, took: Duration) {
        *self.runs.entry((fault, command)).or_default() += 1;
        self.slowest = self.slowest.max(took);
    }

    pub(super) fn add(&mut self, other: &Self) {
        for (case, runs) in &other.runs {
            *self.runs.entry(*case).or_default() += runs;
        }
        self.slowest = self.slowest.max(other.slowest);
    }

    pub(super) fn runs(&self) -> usize {
        self.count(|_| true)
    }

    /// Returns how many faults there were of each kind, at how many different commands.
    pub(super) fn cases(&self) -> usize {
        self.runs.len()
    }

    fn count(&self, counts: impl Fn(Fault) -> bool) -> usize {
        self.runs.iter().filter(|((fault, _), _)| counts(*fault)).map(|(_, runs)| runs).sum()
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} runs, {} cases: {} cards torn, {} hung, {} times the service killed; slowest error {} ms",
            self.runs(),
            self.cases(),
            self.count(Fault::is_torn),
            self.count(|fault| fault == Fault::Hung),
            self.count(Fault::is_killed),
            self.slowest.as_millis(),
        )
    }
}
