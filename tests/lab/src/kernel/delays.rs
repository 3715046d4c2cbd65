//! How late callers hear of a plug that was pulled.

use std::time::Duration;

use crate::lab_test::{TestResult, check};

/// How soon a blocked caller shall hear of it after the kernel's event. It is written down and not
/// judged: a busy machine that emulates another takes longer.
const WANTED: Duration = Duration::from_millis(50);

/// No caller hears of it later, on whatever machine.
const LATEST: Duration = Duration::from_secs(1);

/// Holds the delays of several pulls.
#[derive(Debug, Default)]
pub(crate) struct Delays(Vec<Duration>);

impl Delays {
    pub(crate) fn add(&mut self, delay: Duration) {
        self.0.push(delay);
    }

    /// Returns the middle one.
    pub(crate) fn middle(&mut self) -> TestResult<Duration> {
        self.0.sort_unstable();
        self.0.get(self.0.len() / 2).copied().ok_or_else(|| "nothing was pulled".into())
    }

    /// Fails when callers hear of it too late.
    pub(crate) fn check(mut self) -> TestResult {
        let middle = self.middle()?;
        let last = *self.0.last().ok_or("nothing was pulled")?;
        println!(
            "callers heard of it {middle:.1?} after the kernel in the middle, {last:.1?} at last; \
             {WANTED:?} are wanted"
        );
        check!(last < LATEST, "callers heard of it {:?} after the kernel", self.0);
        Ok(())
    }
}
