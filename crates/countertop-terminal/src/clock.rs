//! Time as the terminal's books need it: an instant, and what the clock on the wall shows.

use core::fmt;
use std::sync::atomic::{AtomicI64, Ordering};

/// Tells the time; passed in, so that tests and training decide what time it is.
pub trait Clock: Send + Sync + fmt::Debug {
    /// Returns the present moment.
    fn now(&self) -> Timestamp;
}

/// Is a moment: seconds since 1970 in UTC, and the local date and time of that moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Timestamp {
    utc_seconds: i64,
    local: jiff::civil::DateTime,
}

impl Timestamp {
    /// Creates a moment from seconds since 1970 in UTC and the offset of the local time in seconds
    /// (28800 for China). A moment outside the years -9999 to 9999 becomes 1970-01-01.
    #[must_use]
    pub fn new(utc_seconds: i64, offset_seconds: i32) -> Self {
        let offset =
            jiff::tz::Offset::from_seconds(offset_seconds).unwrap_or(jiff::tz::Offset::UTC);
        let instant = jiff::Timestamp::from_second(utc_seconds).unwrap_or_default();
        Self { utc_seconds: instant.as_second(), local: offset.to_datetime(instant) }
    }

    /// Returns the seconds since 1970-01-01 00:00:00 UTC.
    #[must_use]
    pub fn utc_seconds(self) -> i64 {
        self.utc_seconds
    }

    /// Returns the moment `seconds` later, on the same wall clock; a moment past the year 9999 stays
    /// what it is.
    #[must_use]
    pub fn later(self, seconds: i64) -> Self {
        let span = jiff::SignedDuration::from_secs(seconds);
        match self.local.checked_add(span) {
            Ok(local) => Self { utc_seconds: self.utc_seconds.saturating_add(seconds), local },
            Err(_) => self,
        }
    }

    /// Returns the local date, `2026/01/31`.
    #[must_use]
    pub fn date(self) -> String {
        self.local.strftime("%Y/%m/%d").to_string()
    }

    /// Returns the local time of day, `23:59:59`.
    #[must_use]
    pub fn time(self) -> String {
        self.local.strftime("%H:%M:%S").to_string()
    }

    /// Returns the local year.
    #[must_use]
    pub fn year(self) -> i16 {
        self.local.year()
    }

    /// Returns the local month, 1 to 12.
    #[must_use]
    pub fn month(self) -> i8 {
        self.local.month()
    }

    /// Returns the local date and time as `2026-01-31T23:59:59`.
    #[must_use]
    pub fn local_iso(self) -> String {
        self.local.strftime("%Y-%m-%dT%H:%M:%S").to_string()
    }

    /// Restores a moment from [`utc_seconds`](Self::utc_seconds) and
    /// [`local_iso`](Self::local_iso); `None` when the text is no date and time.
    #[must_use]
    pub fn from_parts(utc_seconds: i64, local_iso: &str) -> Option<Self> {
        Some(Self { utc_seconds, local: local_iso.parse().ok()? })
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.date(), self.time())
    }
}

/// Is the clock and the time zone of this computer.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> Timestamp {
        let now = jiff::Zoned::now();
        Timestamp::new(now.timestamp().as_second(), now.offset().seconds())
    }
}

/// Is a clock in China's time zone that stands still until it is moved; for tests and training.
#[derive(Debug)]
pub struct ManualClock(AtomicI64);

impl ManualClock {
    /// Creates a clock that shows `utc_seconds` since 1970 in UTC.
    #[must_use]
    pub fn new(utc_seconds: i64) -> Self {
        Self(AtomicI64::new(utc_seconds))
    }

    /// Moves the clock.
    pub fn advance(&self, seconds: i64) {
        self.0.fetch_add(seconds, Ordering::SeqCst);
    }
}

impl Clock for ManualClock {
    fn now(&self) -> Timestamp {
        const CHINA_STANDARD_TIME: i32 = 8 * 3600;
        Timestamp::new(self.0.load(Ordering::SeqCst), CHINA_STANDARD_TIME)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shows_local_time() {
        let clock = ManualClock::new(1_767_233_533);
        assert_eq!(clock.now().to_string(), "2026/01/01 10:12:13");
        clock.advance(60 * 60 * 14);
        assert_eq!(clock.now().date(), "2026/01/02");
    }

    #[test]
    fn survives_storage() {
        let moment = Timestamp::new(1_767_233_533, 28_800);
        assert_eq!(moment.local_iso(), "2026-01-01T10:12:13");
        assert_eq!(Timestamp::from_parts(1_767_233_533, "2026-01-01T10:12:13"), Some(moment));
        assert_eq!(Timestamp::from_parts(0, "yesterday"), None);
    }

    #[test]
    fn absurd_seconds_do_not_panic() {
        assert_eq!(Timestamp::new(i64::MAX, i32::MAX).utc_seconds(), 0);
    }

    #[test]
    fn the_system_clock_runs() {
        assert!(SystemClock.now().year() >= 2024);
    }
}
