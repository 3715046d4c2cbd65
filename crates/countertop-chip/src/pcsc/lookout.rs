//! The lookout: one thread of the process that watches the slots of all readers.
//!
//! It blocks in SCardGetStatusChange for as long as nothing happens. There is one for all readers, because
//! libpcsclite before 2.0.1 keeps one table of readers for all contexts of a process and guards it with
//! nothing: of two threads that wait, one may read what the other one fetched before, and sleep over a card.

use core::time::Duration;
use std::io;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak, mpsc};
use std::thread;

use pcsc::{Context, Error, ReaderState, State};
use tokio::sync::watch;

use super::hold::Hold;
use super::states::{is_dead, is_pnp, prepare};
use super::{names, service};

/// pcscd before 2.3 does not tell of a reader that comes between the list and the wait for it: the
/// first wait for one is so long, then the list is read once more.
const SETTLED: Duration = Duration::from_secs(1);

/// The lookout of this process, as long as somebody watches a reader.
static LOOKOUT: Mutex<Weak<Lookout>> = Mutex::new(Weak::new());

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

/// Is a reader that somebody watches: the first whose name starts with `prefix`.
#[derive(Debug)]
pub(super) struct Watched {
    prefix: String,
    slot: watch::Sender<Slot>,
}

impl Watched {
    pub(super) fn new(prefix: &str) -> (Arc<Self>, watch::Receiver<Slot>) {
        let (slot, receiver) = watch::channel(Slot::Unknown);
        (Arc::new(Self { prefix: prefix.to_owned(), slot }), receiver)
    }

    pub(super) fn publish(&self, slot: Slot) {
        self.slot.send_if_modified(|old| core::mem::replace(old, slot) != slot);
    }

    /// Forgets what is known, where `is_old` says so; returns whether it did.
    pub(super) fn forget(&self, is_old: impl FnOnce(Slot) -> bool) -> bool {
        self.slot.send_if_modified(|slot| {
            let old = is_old(*slot);
            if old {
                *slot = Slot::Unknown;
            }
            old
        })
    }
}

/// Stands for the thread, which ends when this is dropped.
pub(super) struct Lookout {
    shared: Arc<Shared>,
    retry: mpsc::Sender<()>,
    ended: Mutex<mpsc::Receiver<()>>,
}

struct Shared {
    hold: Hold,
    board: Mutex<Board>,
}

/// Is who watches what, and what was seen last.
#[derive(Default)]
struct Board {
    watched: Vec<Weak<Watched>>,
    sight: Sight,
}

/// Is what the thread sees.
#[derive(Default)]
enum Sight {
    #[default]
    Nothing,
    Readers(Vec<(String, Slot)>),
    Failed(Error),
}

impl Sight {
    /// Returns the slot of the reader that `prefix` names.
    fn slot(&self, prefix: &str) -> Slot {
        match self {
            Self::Nothing => Slot::Unknown,
            Self::Failed(error) => Slot::Failed(*error),
            Self::Readers(readers) => {
                let exact = readers.iter().find(|(name, _)| name == prefix);
                let found =
                    exact.or_else(|| readers.iter().find(|(name, _)| name.starts_with(prefix)));
                found.map_or(Slot::ReaderGone, |(_, slot)| *slot)
            }
        }
    }

    /// Forgets the slot of the reader that `prefix` names.
    fn forget(&mut self, prefix: &str) {
        let Self::Readers(readers) = self else { return };
        readers.iter_mut().filter(|(name, _)| name.starts_with(prefix)).for_each(|(_, slot)| {
            *slot = Slot::Unknown;
        });
    }

    /// Returns what is known of the reader of this whole name.
    fn slot_of(&self, name: &str) -> Slot {
        let Self::Readers(readers) = self else { return Slot::Unknown };
        let found = readers.iter().find(|(reader, _)| reader == name);
        found.map_or(Slot::Unknown, |(_, slot)| *slot)
    }
}

impl Lookout {
    /// Returns the lookout of this process; starts its thread when there is none.
    pub(super) fn get() -> io::Result<Arc<Self>> {
        let mut lookout = LOOKOUT.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(there) = lookout.upgrade() {
            return Ok(there);
        }
        let new = Arc::new(Self::start()?);
        *lookout = Arc::downgrade(&new);
        Ok(new)
    }

    fn start() -> io::Result<Self> {
        let shared = Arc::new(Shared { hold: Hold::default(), board: Mutex::default() });
        let (retry, retries) = mpsc::channel();
        let (end, ended) = mpsc::channel();
        let thread = Arc::clone(&shared);
        thread::Builder::new().name("pcsc-watch".into()).spawn(move || {
            thread.run(&retries);
            // Nobody waits for the end unless the lookout is being dropped.
            drop(end);
        })?;
        Ok(Self { shared, retry, ended: Mutex::new(ended) })
    }

    /// Tells `watched` of its slot from now on.
    pub(super) fn add(&self, watched: &Arc<Watched>) {
        let mut board = self.shared.board();
        board.watched.retain(|other| other.strong_count() > 0);
        board.watched.push(Arc::downgrade(watched));
        let slot = board.sight.slot(&watched.prefix);
        drop(board);
        match slot {
            Slot::Failed(_) => self.retry(),
            slot => watched.publish(slot),
        }
    }

    /// Tells `watched` of its slot once more, when it was looked at again.
    pub(super) fn look_afresh(&self, watched: &Watched) {
        self.shared.board().sight.forget(&watched.prefix);
        self.shared.hold.cancel();
    }

    /// Looks for a service that failed once more.
    pub(super) fn retry(&self) {
        // The thread ends only after this.
        let _ = self.retry.send(());
    }
}

impl Drop for Lookout {
    fn drop(&mut self) {
        self.shared.hold.stop();
        self.retry();
        self.shared.hold.end(self.ended.get_mut().unwrap_or_else(PoisonError::into_inner));
    }
}

/// Lets the lookout look again, where there is one: a call of another thread has fetched the table, and
/// what it fetched may be older than what the lookout was about to read.
pub(super) fn look_again() {
    let lookout = LOOKOUT.lock().unwrap_or_else(PoisonError::into_inner).upgrade();
    if let Some(lookout) = lookout {
        lookout.shared.hold.cancel();
    }
}

impl Shared {
    fn board(&self) -> MutexGuard<'_, Board> {
        self.board.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn run(&self, retries: &mpsc::Receiver<()>) {
        while !self.hold.stopped() {
            let Err(error) = self.watch() else { return };
            self.hold.hold(None);
            self.tell(Sight::Failed(error));
            if retries.recv().is_err() {
                return;
            }
            // One try is for all who asked.
            while retries.try_recv().is_ok() {}
        }
    }

    /// Watches with one context until it fails or nobody watches any more.
    fn watch(&self) -> Result<(), Error> {
        let context = service::establish()?;
        self.hold.hold(Some(context.clone()));
        self.follow(&context).map_err(service::loss)
    }

    fn follow(&self, context: &Context) -> Result<(), Error> {
        let mut states = Vec::new();
        let mut settled = false;
        while !self.hold.stopped() {
            let names = names::list(context)?;
            prepare(&names, &mut states);
            let all_are_there = self.tell_of_absent(&names);
            let limit = if settled || all_are_there { None } else { Some(SETTLED) };
            let waited = context.get_status_change(limit, &mut states);
            settled = waited == Err(Error::Timeout);
            let sure = match waited {
                Ok(()) => self.see(context, &states)?,
                Err(Error::Timeout) => true,
                // A reader that left between the list and the call shows in the next list.
                Err(Error::Cancelled | Error::UnknownReader) => false,
                Err(error) => return Err(error),
            };
            if !sure {
                // The next call tells of all that there is, and does not wait.
                states.clear();
            }
        }
        Ok(())
    }

    /// Tells what is seen if a second look says the same; returns whether it does.
    fn see(&self, context: &Context, states: &[ReaderState]) -> Result<bool, Error> {
        let readers = states.iter().filter(|state| !is_pnp(state));
        let afresh = |state: &ReaderState| ReaderState::new(state.name(), State::UNAWARE);
        let mut again: Vec<_> = readers.map(afresh).collect();
        match context.get_status_change(Duration::ZERO, &mut again) {
            Ok(()) => {}
            Err(Error::Cancelled | Error::Timeout | Error::UnknownReader) => return Ok(false),
            Err(error) => return Err(error),
        }
        let seen = slots(states);
        let sure = seen == slots(&again);
        if sure {
            self.tell(Sight::Readers(seen));
        }
        Ok(sure)
    }

    /// Tells those whose reader is not among `names`; returns whether there are none.
    fn tell_of_absent(&self, names: &[String]) -> bool {
        let mut board = self.board();
        let known = |name: &String| (name.clone(), board.sight.slot_of(name));
        let sight = Sight::Readers(names.iter().map(known).collect());
        board.tell(sight);
        let is_there = |watched: Arc<Watched>| names::find(names, &watched.prefix).is_some();
        board.watched.iter().filter_map(Weak::upgrade).all(is_there)
    }

    fn tell(&self, sight: Sight) {
        self.board().tell(sight);
    }
}

impl Board {
    /// Tells everybody whose slot looks otherwise than before. What was told since from elsewhere stays: that
    /// a reader was unplugged is known before pcscd says so.
    fn tell(&mut self, sight: Sight) {
        let before = core::mem::replace(&mut self.sight, sight);
        for watched in self.watched.iter().filter_map(Weak::upgrade) {
            let slot = self.sight.slot(&watched.prefix);
            // Whoever asked for another try waits for its end.
            if matches!(slot, Slot::Failed(_)) || slot != before.slot(&watched.prefix) {
                watched.publish(slot);
            }
        }
    }
}

/// Returns what the states say of readers.
fn slots(states: &[ReaderState]) -> Vec<(String, Slot)> {
    let readers = states.iter().filter(|state| !is_pnp(state));
    readers.map(|state| (state.name().to_string_lossy().into_owned(), slot_of(state))).collect()
}

fn slot_of(state: &ReaderState) -> Slot {
    if is_dead(state) {
        Slot::ReaderGone
    } else if state.event_state().contains(State::PRESENT) {
        Slot::Present
    } else if state.event_state().contains(State::EMPTY) {
        Slot::Empty
    } else {
        Slot::Unknown
    }
}

impl core::fmt::Debug for Lookout {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("Lookout").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn board(prefixes: &[&str]) -> (Board, Vec<Arc<Watched>>) {
        let watched: Vec<_> = prefixes.iter().map(|prefix| Watched::new(prefix).0).collect();
        let board =
            Board { watched: watched.iter().map(Arc::downgrade).collect(), ..Board::default() };
        (board, watched)
    }

    fn readers(readers: &[(&str, Slot)]) -> Sight {
        Sight::Readers(readers.iter().map(|(name, slot)| ((*name).to_owned(), *slot)).collect())
    }

    fn told(watched: &[Arc<Watched>]) -> Vec<Slot> {
        watched.iter().map(|watched| *watched.slot.borrow()).collect()
    }

    #[test]
    fn everybody_is_told_of_the_own_reader() {
        let (mut board, watched) = board(&["A 00", "A", "B", "C"]);
        board.tell(readers(&[
            ("A 01", Slot::Present),
            ("A 00", Slot::Empty),
            ("B 00", Slot::Unknown),
        ]));
        let expected = [Slot::Empty, Slot::Present, Slot::Unknown, Slot::ReaderGone];
        assert_eq!(told(&watched), expected);
        board.tell(Sight::Failed(Error::NoService));
        assert_eq!(told(&watched), [Slot::Failed(Error::NoService); 4]);
    }

    #[test]
    fn what_is_known_of_the_cable_outlives_news_of_others() {
        let (mut board, watched) = board(&["A", "B"]);
        board.tell(readers(&[("A", Slot::Present), ("B", Slot::Empty)]));
        watched[0].publish(Slot::ReaderGone);
        board.tell(readers(&[("A", Slot::Present), ("B", Slot::Present)]));
        assert_eq!(told(&watched), [Slot::ReaderGone, Slot::Present]);
        // It is plugged in again, and pcscd says as before.
        assert!(watched[0].forget(|slot| slot == Slot::ReaderGone));
        assert!(!watched[1].forget(|slot| slot == Slot::ReaderGone));
        board.sight.forget("A");
        board.tell(readers(&[("A", Slot::Present), ("B", Slot::Present)]));
        assert_eq!(told(&watched), [Slot::Present, Slot::Present]);
    }

    #[test]
    fn whoever_asks_again_hears_of_the_same_failure() {
        let (mut board, watched) = board(&["A"]);
        for _ in 0..2 {
            board.tell(Sight::Failed(Error::NoService));
            assert!(watched[0].forget(|slot| matches!(slot, Slot::Failed(_))));
        }
    }
}
