//! Waiting for what happens in a reader's slot.

use core::time::Duration;
use std::io;
use std::sync::Arc;

use pcsc::Error;
use tokio::sync::watch;
use tokio::time::timeout;

use super::lookout::{Lookout, Slot, Watched};

/// How long the lookout may take to find out what is in a slot.
const ASK_AGAIN: Duration = Duration::from_millis(250);

/// Watches one reader's slot.
#[derive(Debug)]
pub(super) struct Watcher {
    slot: watch::Receiver<Slot>,
    watched: Arc<Watched>,
    lookout: Arc<Lookout>,
}

impl Watcher {
    /// Starts to watch the reader whose name starts with `prefix`.
    pub(super) fn start(prefix: &str) -> io::Result<Self> {
        let (watched, slot) = Watched::new(prefix);
        let lookout = Lookout::get()?;
        lookout.add(&watched);
        Ok(Self { slot, watched, lookout })
    }

    /// Returns what tells that the reader was unplugged, before pcscd does.
    pub(super) fn gone(&self) -> impl FnOnce() + Send + 'static {
        let watched = Arc::clone(&self.watched);
        move || watched.publish(Slot::ReaderGone)
    }

    /// Is told that the reader is there again: pcscd's own word may still be under way.
    pub(super) fn is_back(&self) {
        if self.watched.forget(|slot| slot == Slot::ReaderGone) {
            self.lookout.look_afresh(&self.watched);
        }
    }

    /// Waits until the slot looks otherwise. While nothing is known of it the lookout is asked again: a cancelled
    /// wait that has not begun goes on.
    async fn changed(&mut self) -> Result<(), Error> {
        while *self.slot.borrow() == Slot::Unknown {
            match timeout(ASK_AGAIN, self.slot.changed()).await {
                Ok(changed) => return changed.map_err(|_| Error::InternalError),
                Err(_elapsed) => self.lookout.look_afresh(&self.watched),
            }
        }
        self.slot.changed().await.map_err(|_| Error::InternalError)
    }

    /// Waits until the slot is as `wanted`. Cancel safe.
    ///
    /// Fails when the reader or the service is gone; asked again, it looks for the service again.
    pub(super) async fn until(&mut self, wanted: Slot) -> Result<(), Error> {
        if self.watched.forget(|slot| matches!(slot, Slot::Failed(_))) {
            self.lookout.retry();
        }
        loop {
            match *self.slot.borrow_and_update() {
                slot if slot == wanted => return Ok(()),
                Slot::Failed(error) => return Err(error),
                Slot::ReaderGone => return Err(Error::ReaderUnavailable),
                Slot::Unknown | Slot::Empty | Slot::Present => {}
            }
            self.changed().await?;
        }
    }
}
