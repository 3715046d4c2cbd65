//! The watching thread: blocks in SCardGetStatusChange for as long as nothing happens.

use core::time::Duration;
use std::ffi::CString;
use std::io;
use std::sync::{Arc, mpsc};
use std::thread;

use pcsc::{Context, Error, PNP_NOTIFICATION, ReaderState, Scope, State};
use tokio::sync::watch;

use super::hold::Hold;
use super::{names, service};

/// pcscd before 2.3 does not tell of a reader that comes between the list and the wait for it: the
/// first wait for one is so long, then the list is read once more.
const SETTLED: Duration = Duration::from_secs(1);

/// Is what is known of a reader's slot.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Slot {
    /// Nothing yet.
    Unknown,
    /// No card is in.
    Empty,
    /// A card is in, mute or not.
    Present,
    /// The reader is not attached.
    ReaderGone,
    /// The service failed; the thread waits to be asked to try again.
    Failed(Error),
}

/// Watches one reader's slot. The thread ends when this is dropped.
#[derive(Debug)]
pub(super) struct Watcher {
    slot: watch::Receiver<Slot>,
    shared: Arc<Shared>,
    retry: mpsc::Sender<()>,
    ended: mpsc::Receiver<()>,
}

struct Shared {
    slot: watch::Sender<Slot>,
    hold: Hold,
}

impl Watcher {
    /// Starts to watch the reader whose name starts with `prefix`.
    pub(super) fn start(prefix: &str) -> io::Result<Self> {
        let (slot, receiver) = watch::channel(Slot::Unknown);
        let shared = Arc::new(Shared { slot, hold: Hold::default() });
        let (retry, retries) = mpsc::channel();
        let (end, ended) = mpsc::channel();
        let thread = Arc::clone(&shared);
        let prefix = prefix.to_owned();
        thread::Builder::new().name("pcsc-watch".into()).spawn(move || {
            thread.run(&prefix, &retries);
            // Nobody waits for the end unless the watcher is being dropped.
            drop(end);
        })?;
        Ok(Self { slot: receiver, shared, retry, ended })
    }

    /// Returns what tells that the reader was unplugged, before pcscd does.
    pub(super) fn gone(&self) -> impl FnOnce() + Send + 'static {
        let shared = Arc::clone(&self.shared);
        move || shared.publish(Slot::ReaderGone)
    }

    /// Is told that the reader is there again: pcscd's own word may still be under way.
    pub(super) fn is_back(&self) {
        self.shared.slot.send_if_modified(|slot| {
            let gone = *slot == Slot::ReaderGone;
            if gone {
                *slot = Slot::Unknown;
            }
            gone
        });
    }

    /// Waits until the slot is as `wanted`. Cancel safe.
    ///
    /// Fails when the reader or the service is gone; asked again, it looks for the service again.
    pub(super) async fn until(&mut self, wanted: Slot) -> Result<(), Error> {
        self.retry_after_failure();
        loop {
            match *self.slot.borrow_and_update() {
                slot if slot == wanted => return Ok(()),
                Slot::Failed(error) => return Err(error),
                Slot::ReaderGone => return Err(Error::ReaderUnavailable),
                Slot::Unknown | Slot::Empty | Slot::Present => {}
            }
            self.slot.changed().await.map_err(|_| Error::InternalError)?;
        }
    }

    fn retry_after_failure(&self) {
        let failed = self.shared.slot.send_if_modified(|slot| {
            let failed = matches!(slot, Slot::Failed(_));
            if failed {
                *slot = Slot::Unknown;
            }
            failed
        });
        if failed {
            // The thread ends only after this watcher.
            let _ = self.retry.send(());
        }
    }
}

impl Drop for Watcher {
    fn drop(&mut self) {
        self.shared.hold.stop();
        // The thread ends only after this watcher.
        let _ = self.retry.send(());
        self.shared.hold.end(&self.ended);
    }
}

impl Shared {
    fn run(&self, prefix: &str, retries: &mpsc::Receiver<()>) {
        while !self.hold.stopped() {
            let Err(error) = self.watch(prefix) else { return };
            self.hold.hold(None);
            self.slot.send_replace(Slot::Failed(service::refusal(error)));
            if retries.recv().is_err() {
                return;
            }
        }
    }

    /// Watches with one context until it fails or the watcher is dropped.
    fn watch(&self, prefix: &str) -> Result<(), Error> {
        let context = Context::establish(Scope::User)?;
        self.hold.hold(Some(context.clone()));
        self.follow(&context, prefix).map_err(service::loss)
    }

    fn follow(&self, context: &Context, prefix: &str) -> Result<(), Error> {
        let mut states = Vec::new();
        let mut settled = false;
        while !self.hold.stopped() {
            prepare(context, prefix, &mut states)?;
            if states.len() == 1 {
                self.publish(Slot::ReaderGone);
            }
            let limit = if states.len() > 1 || settled { None } else { Some(SETTLED) };
            let waited = context.get_status_change(limit, &mut states);
            settled = waited == Err(Error::Timeout);
            match waited {
                // A reader that left between the list and the call shows in the next list.
                Ok(()) | Err(Error::Cancelled | Error::Timeout | Error::UnknownReader) => {}
                Err(error) => return Err(error),
            }
            self.publish(slot_of(&states));
        }
        Ok(())
    }

    fn publish(&self, slot: Slot) {
        self.slot.send_if_modified(|old| core::mem::replace(old, slot) != slot);
    }
}

/// Brings the list of what is waited for up to date: readers that come and go, then the reader.
fn prepare(context: &Context, prefix: &str, states: &mut Vec<ReaderState>) -> Result<(), Error> {
    if states.is_empty() {
        states.push(ReaderState::new(PNP_NOTIFICATION(), State::UNAWARE));
    }
    let readers = names::list(context)?;
    let reader = names::find(&readers, prefix).and_then(|name| CString::new(name.as_str()).ok());
    let watched = states.get(1).map(|state| state.name().to_owned());
    if watched != reader || states.get(1).is_some_and(is_dead) {
        states.truncate(1);
        states.extend(reader.map(|name| ReaderState::new(name, State::UNAWARE)));
    }
    states.iter_mut().for_each(ReaderState::sync_current_state);
    Ok(())
}

fn is_dead(state: &ReaderState) -> bool {
    state.event_state().intersects(State::UNKNOWN | State::IGNORE | State::UNAVAILABLE)
}

fn slot_of(states: &[ReaderState]) -> Slot {
    match states.get(1) {
        None => Slot::ReaderGone,
        Some(state) if is_dead(state) => Slot::ReaderGone,
        Some(state) if state.event_state().contains(State::PRESENT) => Slot::Present,
        Some(state) if state.event_state().contains(State::EMPTY) => Slot::Empty,
        Some(_) => Slot::Unknown,
    }
}

impl core::fmt::Debug for Shared {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("Shared").field("slot", &*self.slot.borrow()).finish_non_exhaustive()
    }
}
