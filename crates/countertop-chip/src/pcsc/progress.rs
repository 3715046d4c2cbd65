//! How far a dialogue has come, so that each of its commands has a deadline of its own.

use core::time::Duration;
use std::sync::atomic::{AtomicU64, Ordering};

use tokio::time::Instant;

/// Is when the command under way was begun.
#[derive(Debug)]
pub(super) struct Progress {
    start: Instant,
    /// Microseconds from there to the command.
    begun: AtomicU64,
}

impl Progress {
    /// Begins a dialogue.
    pub(super) fn new() -> Self {
        Self { start: Instant::now(), begun: AtomicU64::new(0) }
    }

    /// Says that a command begins now.
    pub(super) fn begin(&self) {
        let passed = u64::try_from(self.start.elapsed().as_micros()).unwrap_or(u64::MAX);
        self.begun.store(passed, Ordering::Relaxed);
    }

    /// Returns when the command under way has taken `limit`.
    pub(super) fn end(&self, limit: Duration) -> Instant {
        self.start + Duration::from_micros(self.begun.load(Ordering::Relaxed)) + limit
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_command_has_the_whole_limit() {
        let progress = Progress::new();
        let first = progress.end(Duration::from_secs(1));
        assert_eq!(progress.end(Duration::from_secs(1)), first);
        std::thread::sleep(Duration::from_millis(2));
        progress.begin();
        let second = progress.end(Duration::from_secs(1));
        assert!(second >= first + Duration::from_millis(2), "{first:?} {second:?}");
        assert!(second <= Instant::now() + Duration::from_secs(1));
    }
}
