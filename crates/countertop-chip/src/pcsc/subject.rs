//! Which reader it is about, for one thread after the other.

use core::time::Duration;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError, mpsc};
use std::time::Instant;

use countertop_device::DeviceError;
use pcsc::Error;

use super::error;
use super::place::Place;

/// Is what outlives a thread that talks to the reader.
#[derive(Debug)]
pub(super) struct Subject {
    prefix: String,
    device: String,
    /// How long a connect may take in all.
    limit: Duration,
    /// Where the reader was when it was opened.
    place: Mutex<Place>,
    /// Tell by being closed that an abandoned thread has ended.
    hanging: Mutex<Vec<mpsc::Receiver<()>>>,
    numbers: AtomicU64,
}

impl Subject {
    /// Is the reader whose name starts with `prefix`.
    pub(super) fn new(prefix: String, device: String, limit: Duration) -> Self {
        let (place, hanging) = (Mutex::new(Place::Hidden), Mutex::default());
        Self { prefix, device, limit, place, hanging, numbers: AtomicU64::new(0) }
    }

    pub(super) fn prefix(&self) -> &str {
        &self.prefix
    }

    pub(super) fn device(&self) -> &str {
        &self.device
    }

    pub(super) fn place(&self) -> Place {
        self.place.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub(super) fn set_place(&self, place: Place) {
        *self.place.lock().unwrap_or_else(PoisonError::into_inner) = place;
    }

    /// Returns a number that nothing else has.
    pub(super) fn number(&self) -> u64 {
        self.numbers.fetch_add(1, Ordering::Relaxed)
    }

    pub(super) fn error(&self, action: &str, error: Error) -> DeviceError {
        error::device_error(&self.device, action, error)
    }

    /// Notes that a thread was abandoned, which closes `ended` when it ends after all.
    pub(super) fn abandon(&self, ended: mpsc::Receiver<()>) {
        self.hanging.lock().unwrap_or_else(PoisonError::into_inner).push(ended);
    }

    /// Returns how many abandoned threads still hang.
    pub(super) fn hanging(&self) -> usize {
        let mut hanging = self.hanging.lock().unwrap_or_else(PoisonError::into_inner);
        hanging.retain(|ended| ended.try_recv() == Err(mpsc::TryRecvError::Empty));
        hanging.len()
    }

    /// Waits until no abandoned thread hangs any more; half of the time of a connect at most.
    /// Returns whether one hung, and all have ended.
    pub(super) fn await_the_hanging(&self) -> bool {
        let end = Instant::now() + self.limit / 2;
        let hanging =
            core::mem::take(&mut *self.hanging.lock().unwrap_or_else(PoisonError::into_inner));
        let some = !hanging.is_empty();
        let still = hanging.into_iter().filter(|ended| {
            let left = end.saturating_duration_since(Instant::now());
            ended.recv_timeout(left) == Err(mpsc::RecvTimeoutError::Timeout)
        });
        let still: Vec<_> = still.collect();
        let all_ended = still.is_empty();
        self.hanging.lock().unwrap_or_else(PoisonError::into_inner).extend(still);
        some && all_ended
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hanging_threads_are_counted_and_awaited() {
        let subject = Subject::new("x".into(), "pcsc:x".into(), Duration::from_millis(40));
        assert!(!subject.await_the_hanging());
        let (thread, ended) = mpsc::channel();
        subject.abandon(ended);
        assert_eq!(subject.hanging(), 1);
        assert!(!subject.await_the_hanging());
        assert_eq!(subject.hanging(), 1);
        drop(thread);
        assert!(subject.await_the_hanging());
        assert_eq!(subject.hanging(), 0);
    }
}
