//! How long the terminal waited for others.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

/// Names who was waited for.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Who {
    Card,
    Host,
    PinPad,
}

/// Adds up the time that was not the terminal's own. A clone is the same.
#[derive(Debug, Clone, Default)]
pub(crate) struct Away(Arc<Inner>);

#[derive(Debug, Default)]
struct Inner {
    nanoseconds: [AtomicU64; 3],
    found: Mutex<Option<Instant>>,
    sent: Mutex<Option<Duration>>,
}

impl Away {
    pub(crate) fn add(&self, who: Who, time: Duration) {
        let nanoseconds = u64::try_from(time.as_nanos()).unwrap();
        self.0.nanoseconds[who as usize].fetch_add(nanoseconds, Ordering::SeqCst);
    }

    /// Times something that somebody else does.
    pub(crate) async fn time<T>(&self, who: Who, work: impl Future<Output = T>) -> T {
        let start = Instant::now();
        let result = work.await;
        self.add(who, start.elapsed());
        result
    }

    pub(crate) fn get(&self, who: Who) -> Duration {
        Duration::from_nanos(self.0.nanoseconds[who as usize].load(Ordering::SeqCst))
    }

    pub(crate) fn sum(&self) -> Duration {
        [Who::Card, Who::Host, Who::PinPad].into_iter().map(|who| self.get(who)).sum()
    }

    /// Starts over again.
    pub(crate) fn clear(&self) {
        for counter in &self.0.nanoseconds {
            counter.store(0, Ordering::SeqCst);
        }
        *self.0.found.lock().unwrap() = None;
        *self.0.sent.lock().unwrap() = None;
    }

    /// Notes that the card was found.
    pub(crate) fn card_found(&self) {
        *self.0.found.lock().unwrap() = Some(Instant::now());
    }

    /// Notes that the request has arrived at the host's end of the wire.
    pub(crate) fn request_arrived(&self) {
        let Some(found) = *self.0.found.lock().unwrap() else { return };
        let own = found.elapsed().saturating_sub(self.sum());
        self.0.sent.lock().unwrap().get_or_insert(own);
    }

    /// Returns the terminal's own time from the card to the request.
    pub(crate) fn card_to_request(&self) -> Option<Duration> {
        *self.0.sent.lock().unwrap()
    }
}
