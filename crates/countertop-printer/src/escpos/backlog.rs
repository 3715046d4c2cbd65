//! What a printer may not have received yet.

use core::time::Duration;

use tokio::time::Instant;

/// Time in which even a slow printer behind a slow line takes a byte: one of dots prints 200 in a second.
const SLOWEST: Duration = Duration::from_millis(5);

/// Holds until when bytes that were sent may wait before the printer: on a line of 9600 baud, in a serial
/// server, or because its buffer is full.
#[derive(Debug, Default)]
pub(super) struct Backlog {
    until: Option<Instant>,
}

impl Backlog {
    /// Notes that the link has taken so many bytes.
    pub(super) fn sent(&mut self, bytes: usize) {
        let now = Instant::now();
        let from = self.until.map_or(now, |until| until.max(now));
        self.until = Some(from + time_for(bytes));
    }

    /// Notes that no more than so many bytes have not been received.
    pub(super) fn at_most(&mut self, bytes: usize) {
        let latest = Instant::now() + time_for(bytes);
        self.until = self.until.map(|until| until.min(latest));
    }

    /// Notes that everything was received.
    pub(super) fn cleared(&mut self) {
        self.until = None;
    }

    /// Returns how long bytes may still be on their way.
    pub(super) fn left(&self) -> Duration {
        self.until.map_or(Duration::ZERO, |until| until.saturating_duration_since(Instant::now()))
    }
}

fn time_for(bytes: usize) -> Duration {
    SLOWEST.saturating_mul(u32::try_from(bytes).unwrap_or(u32::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn bytes_are_on_their_way_until_a_slow_printer_has_them() {
        let mut backlog = Backlog::default();
        assert_eq!(backlog.left(), Duration::ZERO);
        backlog.sent(1000);
        backlog.sent(200);
        assert_eq!(backlog.left(), Duration::from_secs(6));
        tokio::time::advance(Duration::from_secs(2)).await;
        assert_eq!(backlog.left(), Duration::from_secs(4));
        backlog.at_most(1000);
        assert_eq!(backlog.left(), Duration::from_secs(4));
        backlog.at_most(200);
        assert_eq!(backlog.left(), Duration::from_secs(1));
        tokio::time::advance(Duration::from_secs(9)).await;
        backlog.sent(100);
        assert_eq!(backlog.left(), Duration::from_millis(500));
        backlog.cleared();
        assert_eq!(backlog.left(), Duration::ZERO);
        backlog.sent(usize::MAX);
        assert!(backlog.left() > Duration::from_secs(1_000_000));
    }
}
