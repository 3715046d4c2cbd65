//! Which lines this process has open.

use core::time::Duration;
use std::collections::BTreeSet;
use std::sync::{Mutex, MutexGuard, PoisonError};

use tokio::sync::Notify;
use tokio::time::timeout;

static OPEN: Mutex<BTreeSet<String>> = Mutex::new(BTreeSet::new());
static CLOSED: Notify = Notify::const_new();

/// How long opening waits for this process to close the line first.
const CLOSING: Duration = Duration::from_secs(3);

/// Keeps a line from being opened twice by this process. Dropped behind the line.
#[derive(Debug)]
pub(super) struct Claim {
    device: String,
}

impl Claim {
    /// Claims the line; waits while a reader that was dropped still switches its field off. `None`
    /// when it stays open.
    pub(super) async fn take(device: &str) -> Option<Self> {
        let free = async {
            loop {
                // Enabled before the look, so that no closing is missed.
                let closed = CLOSED.notified();
                tokio::pin!(closed);
                closed.as_mut().enable();
                if lock().insert(device.to_owned()) {
                    return;
                }
                closed.await;
            }
        };
        timeout(CLOSING, free).await.ok().map(|()| Self { device: device.to_owned() })
    }
}

impl Drop for Claim {
    fn drop(&mut self) {
        lock().remove(&self.device);
        CLOSED.notify_waiters();
    }
}

fn lock() -> MutexGuard<'static, BTreeSet<String>> {
    OPEN.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn a_claim_is_free_again_when_dropped() {
        let first = Claim::take("serial:/dev/a").await.unwrap();
        assert!(Claim::take("serial:/dev/b").await.is_some());
        assert!(Claim::take("serial:/dev/a").await.is_none());
        let (second, ()) = tokio::join!(Claim::take("serial:/dev/a"), async { drop(first) });
        assert!(second.is_some());
    }
}
