//! The one context of libnfc, and which of its devices are open.

use core::time::Duration;
use std::collections::BTreeSet;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use nfc1::{Context, Device, Error};

/// libnfc keeps global state, and devices point to the context that opened them: one context is
/// made for the process and never freed.
static CONTEXT: Mutex<Option<Context>> = Mutex::new(None);

static OPEN: Mutex<BTreeSet<String>> = Mutex::new(BTreeSet::new());
static CLOSED: Condvar = Condvar::new();

/// How long opening waits for this process to close the device first.
const CLOSING: Duration = Duration::from_secs(3);

/// Keeps a device from being opened twice by this process. Dropped after the device.
#[derive(Debug)]
pub(super) struct Claim {
    connstring: String,
}

impl Claim {
    /// Claims the device; waits while a reader that was dropped is still being closed. `None` when
    /// it stays open.
    pub(super) fn take(connstring: &str) -> Option<Self> {
        let until = Instant::now() + CLOSING;
        let mut open = lock(&OPEN);
        while open.contains(connstring) {
            let left = until.checked_duration_since(Instant::now())?;
            (open, _) = CLOSED.wait_timeout(open, left).unwrap_or_else(PoisonError::into_inner);
        }
        open.insert(connstring.to_owned());
        Some(Self { connstring: connstring.to_owned() })
    }
}

impl Drop for Claim {
    fn drop(&mut self) {
        lock(&OPEN).remove(&self.connstring);
        CLOSED.notify_all();
    }
}

/// Opens a device, one at a time in this process.
pub(super) fn open(connstring: &str) -> Result<Device, Error> {
    let mut context = lock(&CONTEXT);
    let context = match &mut *context {
        Some(context) => context,
        none => none.insert(Context::new()?),
    };
    context.open_with_connstring(connstring)
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_claim_is_free_again_when_dropped() {
        let first = Claim::take("pn532_uart:/dev/a").unwrap();
        let other = Claim::take("pn532_uart:/dev/b").unwrap();
        let waiter = std::thread::spawn(|| Claim::take("pn532_uart:/dev/a").is_some());
        drop(first);
        assert!(waiter.join().unwrap());
        drop(other);
    }
}
