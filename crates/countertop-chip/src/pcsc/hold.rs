//! Ends a thread that blocks in the service.

use core::time::Duration;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError, mpsc};

use pcsc::Context;

/// How long the end of the thread is waited for between two cancellations: one that comes just
/// before the thread blocks is lost.
const CANCEL_AGAIN: Duration = Duration::from_millis(20);
/// How often it is cancelled before a service that hangs is left alone with it.
const CANCELLATIONS: usize = 50;

/// Holds the context of a watching thread, so that another one can end its wait.
#[derive(Default)]
pub(super) struct Hold {
    context: Mutex<Option<Context>>,
    stop: AtomicBool,
}

impl Hold {
    /// Tells whether the thread is to end.
    pub(super) fn stopped(&self) -> bool {
        self.stop.load(Ordering::SeqCst)
    }

    /// Keeps the context that the thread uses from now on.
    pub(super) fn hold(&self, context: Option<Context>) {
        *self.context.lock().unwrap_or_else(PoisonError::into_inner) = context;
    }

    /// Tells the thread to end.
    pub(super) fn stop(&self) {
        self.stop.store(true, Ordering::SeqCst);
    }

    /// Cancels what the thread waits for until it has ended, which closes `ended`.
    pub(super) fn end(&self, ended: &mpsc::Receiver<()>) {
        for _ in 0..CANCELLATIONS {
            self.cancel();
            if ended.recv_timeout(CANCEL_AGAIN) == Err(mpsc::RecvTimeoutError::Disconnected) {
                return;
            }
        }
        tracing::warn!("the service pcscd does not let go of a cancelled call");
    }

    /// Cancels what the thread waits for.
    pub(super) fn cancel(&self) {
        let context = self.context.lock().unwrap_or_else(PoisonError::into_inner).clone();
        if let Some(context) = context {
            // A context that cannot be cancelled has failed, and ends the wait that way.
            let _ = context.cancel();
        }
    }
}
