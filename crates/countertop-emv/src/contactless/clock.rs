//! The time that passes, for what the books limit in time.

use core::fmt;
use core::time::Duration;
use std::time::Instant;

/// Is a clock that never goes back, for relay resistance and the age of torn transactions.
pub trait Clock: Send + Sync + fmt::Debug {
    /// Returns the time since some fixed moment.
    fn elapsed(&self) -> Duration;
}

/// Is the clock of the operating system.
#[derive(Debug, Clone, Copy)]
pub struct SystemClock(Instant);

impl Default for SystemClock {
    fn default() -> Self {
        Self(Instant::now())
    }
}

impl Clock for SystemClock {
    fn elapsed(&self) -> Duration {
        self.0.elapsed()
    }
}
