//! The log of events, which a late subscriber can replay.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};

use countertop_device::{DeviceEvent, SequencedEvent};
use serde::Serialize;
use tokio::sync::watch;

use crate::Role;

/// Is an event of a device, and the role that the configuration gives it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct HubEvent {
    /// The device's role, if it has one.
    pub role: Option<Role>,
    /// What happened.
    pub event: DeviceEvent,
}

impl HubEvent {
    /// Creates an event.
    #[must_use]
    pub fn new(role: Option<Role>, event: DeviceEvent) -> Self {
        Self { role, event }
    }
}

/// Keeps the latest events in order, numbered from 1 without gaps.
///
/// Its memory is bounded: the oldest event makes room for a new one. Clones share one log.
#[derive(Debug, Clone)]
pub struct EventLog<E> {
    kept: Arc<Mutex<Kept<E>>>,
    latest: watch::Sender<u64>,
}

#[derive(Debug)]
struct Kept<E> {
    events: VecDeque<E>,
    /// The number of the oldest event that is kept.
    oldest: u64,
    capacity: usize,
}

/// Says that a subscriber came too late for some events.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("events {missed} to {} are not kept any more", .oldest - 1)]
pub struct EventsMissed {
    /// The number of the first event that was missed.
    pub missed: u64,
    /// The number of the oldest event that is kept: the next one of the subscription.
    pub oldest: u64,
}

impl<E: Clone> EventLog<E> {
    /// Creates an empty log that keeps the latest `capacity` events, at least one.
    #[must_use]
    pub fn new(capacity: usize) -> Self {
        let kept = Kept { events: VecDeque::new(), oldest: 1, capacity: capacity.max(1) };
        Self { kept: Arc::new(Mutex::new(kept)), latest: watch::Sender::new(0) }
    }

    /// Adds an event and returns its number.
    pub fn push(&self, event: E) -> u64 {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.events.len() == kept.capacity {
            kept.events.pop_front();
            kept.oldest += 1;
        }
        kept.events.push_back(event);
        let latest = kept.oldest + kept.events.len() as u64 - 1;
        // Under the lock, so that the numbers are told in their order.
        self.latest.send_replace(latest);
        latest
    }

    /// Returns the number of the latest event, 0 when there was none.
    #[must_use]
    pub fn latest(&self) -> u64 {
        *self.latest.borrow()
    }

    /// Subscribes to the events after number `after`: 0 for all that are kept,
    /// [`latest`](Self::latest) for new ones only.
    #[must_use]
    pub fn subscribe(&self, after: u64) -> Subscription<E> {
        Subscription { log: self.clone(), latest: self.latest.subscribe(), next: after + 1 }
    }

    fn get(&self, sequence: u64) -> Result<Option<SequencedEvent<E>>, EventsMissed> {
        let kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(index) = sequence.checked_sub(kept.oldest) else {
            return Err(EventsMissed { missed: sequence, oldest: kept.oldest });
        };
        let event = usize::try_from(index).ok().and_then(|index| kept.events.get(index));
        Ok(event.cloned().map(|event| SequencedEvent { sequence, event }))
    }
}

/// Follows a log from one event on.
#[derive(Debug)]
pub struct Subscription<E> {
    log: EventLog<E>,
    latest: watch::Receiver<u64>,
    next: u64,
}

impl<E: Clone> Subscription<E> {
    /// Returns the next event, waiting for it where it has not happened yet.
    ///
    /// # Errors
    ///
    /// [`EventsMissed`] once, when events between the last one and the oldest that is kept are gone;
    /// the subscription goes on with the oldest.
    ///
    /// # Cancel safety
    ///
    /// Cancel safe: no event is lost.
    pub async fn next(&mut self) -> Result<SequencedEvent<E>, EventsMissed> {
        loop {
            self.latest.mark_unchanged();
            match self.log.get(self.next) {
                Ok(Some(event)) => {
                    self.next += 1;
                    return Ok(event);
                }
                Ok(None) => {}
                Err(missed) => {
                    self.next = missed.oldest;
                    return Err(missed);
                }
            }
            // The subscription holds the log, so the sender lives.
            let _ = self.latest.changed().await;
        }
    }
}

#[cfg(test)]
mod tests {
    use tokio::time::{Duration, timeout};

    use super::*;

    async fn next(subscription: &mut Subscription<char>) -> Option<(u64, char)> {
        let event = timeout(Duration::from_secs(5), subscription.next()).await.ok()?;
        let event = event.unwrap();
        Some((event.sequence, event.event))
    }

    #[tokio::test(start_paused = true)]
    async fn a_late_subscriber_replays_then_follows() {
        let log = EventLog::new(8);
        assert_eq!((log.push('a'), log.push('b'), log.latest()), (1, 2, 2));
        let mut all = log.subscribe(0);
        let mut new = log.subscribe(log.latest());
        assert_eq!(next(&mut all).await, Some((1, 'a')));
        assert_eq!(next(&mut all).await, Some((2, 'b')));
        assert_eq!(next(&mut all).await, None);
        log.push('c');
        assert_eq!(next(&mut all).await, Some((3, 'c')));
        assert_eq!(next(&mut new).await, Some((3, 'c')));
    }

    #[tokio::test]
    async fn who_comes_too_late_is_told_from_where() {
        let log = EventLog::new(3);
        let mut subscription = log.subscribe(0);
        for event in 'a'..='e' {
            log.push(event);
        }
        let missed = subscription.next().await.unwrap_err();
        assert_eq!(missed, EventsMissed { missed: 1, oldest: 3 });
        assert_eq!(missed.to_string(), "events 1 to 2 are not kept any more");
        assert_eq!(next(&mut subscription).await, Some((3, 'c')));
    }

    #[tokio::test]
    async fn a_waiting_subscriber_is_woken() {
        let log = EventLog::new(3);
        let mut subscription = log.subscribe(0);
        let follow = async move { next(&mut subscription).await };
        let follow = tokio::spawn(follow);
        tokio::task::yield_now().await;
        log.push('a');
        assert_eq!(follow.await.unwrap(), Some((1, 'a')));
    }
}
