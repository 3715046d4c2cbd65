//! Readers and cards as events.

mod event;
mod picture;

use core::fmt;
use core::time::Duration;
use std::io;
use std::sync::{Arc, mpsc};
use std::thread;

use countertop_device::{DeviceError, DeviceErrorKind, SequencedEvent};
use pcsc::{Context, Error, ReaderState, Scope, State};
use tokio::sync::mpsc as events;

pub use event::ReaderEvent;
use picture::{Picture, Seen};

use super::hold::Hold;
use super::names;
use super::service::{self, Bell};
use super::states::{is_dead, is_pnp, prepare};

/// pcscd before 2.3 does not tell of a reader that comes between the list and the wait for the next
/// one: the first wait behind a change is so long, then the list is read once more.
const SETTLED: Duration = Duration::from_secs(1);

/// Tells of every reader that comes and goes, and of every card in them, over restarts of the service.
///
/// One thread watches all readers and sleeps for as long as nothing happens; nothing is polled. What is
/// there at the start is told first. No event is lost, and their numbers have no gaps.
///
/// ```no_run
/// use countertop_chip::{PcscMonitor, ReaderEvent};
///
/// # async fn watch() -> Result<(), Box<dyn std::error::Error>> {
/// let mut monitor = PcscMonitor::start()?;
/// loop {
///     if let ReaderEvent::CardInserted { reader, .. } = monitor.next().await?.event {
///         println!("a card is in {reader}");
///     }
/// }
/// # }
/// ```
pub struct PcscMonitor {
    events: events::UnboundedReceiver<SequencedEvent<ReaderEvent>>,
    shared: Arc<Shared>,
    ended: mpsc::Receiver<()>,
}

struct Shared {
    hold: Hold,
    bell: Bell,
}

impl PcscMonitor {
    /// Starts to watch. The service need not run.
    ///
    /// # Errors
    ///
    /// When the operating system gives no thread.
    pub fn start() -> Result<Self, DeviceError> {
        Self::spawn().map_err(|error| DeviceError::from_io(error, super::NAME, "watch readers"))
    }

    fn spawn() -> io::Result<Self> {
        let shared = Arc::new(Shared { hold: Hold::default(), bell: Bell::new()? });
        let (sender, events) = events::unbounded_channel();
        let (end, ended) = mpsc::channel();
        let mut watching = Watching {
            shared: Arc::clone(&shared),
            told: Told { events: sender, sequence: 0 },
            picture: Picture::default(),
        };
        thread::Builder::new().name("pcsc-monitor".into()).spawn(move || {
            if let Err(error) = watching.run() {
                tracing::warn!(%error, "the return of the service pcscd cannot be watched");
            }
            // Nobody waits for the end unless the monitor is being dropped.
            drop(end);
        })?;
        Ok(Self { events, shared, ended })
    }

    /// Waits for the next event.
    ///
    /// # Errors
    ///
    /// When watching is not possible any more. A service that went away is an event.
    ///
    /// # Cancel safety
    ///
    /// Cancel safe: no event is lost.
    pub async fn next(&mut self) -> Result<SequencedEvent<ReaderEvent>, DeviceError> {
        let ended = || DeviceError::new(DeviceErrorKind::Other, super::NAME, "watch readers");
        self.events.recv().await.ok_or_else(ended)
    }
}

impl Drop for PcscMonitor {
    fn drop(&mut self) {
        self.shared.hold.stop();
        self.shared.bell.ring();
        self.shared.hold.end(&self.ended);
    }
}

impl fmt::Debug for PcscMonitor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PcscMonitor").finish_non_exhaustive()
    }
}

/// Numbers the events.
struct Told {
    events: events::UnboundedSender<SequencedEvent<ReaderEvent>>,
    sequence: u64,
}

impl Told {
    fn tell(&mut self, event: ReaderEvent) {
        self.sequence += 1;
        // Nobody listens when the monitor is being dropped.
        let _ = self.events.send(SequencedEvent { sequence: self.sequence, event });
    }
}

/// Is the state of the thread.
struct Watching {
    shared: Arc<Shared>,
    told: Told,
    picture: Picture,
}

impl Watching {
    fn run(&mut self) -> io::Result<()> {
        let mut runs = true;
        while !self.shared.hold.stopped() {
            let context = match Context::establish(Scope::User) {
                Ok(context) => context,
                Err(_) => {
                    if core::mem::take(&mut runs) {
                        self.told.tell(ReaderEvent::ServiceGone);
                    }
                    let Some(context) = service::wait(&self.shared.bell)? else { return Ok(()) };
                    context
                }
            };
            if !core::mem::replace(&mut runs, true) {
                self.told.tell(ReaderEvent::ServiceBack);
            }
            self.shared.hold.hold(Some(context.clone()));
            let lost = self.watch(&context);
            self.shared.hold.hold(None);
            if let Err(error) = lost {
                tracing::debug!(%error, "the service pcscd is gone");
                self.update(Vec::new());
                self.told.tell(ReaderEvent::ServiceGone);
                runs = false;
            }
        }
        Ok(())
    }

    /// Watches until the service is lost, or the monitor is dropped.
    fn watch(&mut self, context: &Context) -> Result<(), Error> {
        let mut states = Vec::new();
        let mut settled = false;
        while !self.shared.hold.stopped() {
            prepare(&names::list(context)?, &mut states);
            let limit = if settled { None } else { Some(SETTLED) };
            let waited = context.get_status_change(limit, &mut states);
            settled = waited == Err(Error::Timeout);
            match waited {
                Ok(()) => self.update(seen(&states)),
                // A reader that left between the list and the call shows in the next list.
                Err(Error::Cancelled | Error::Timeout | Error::UnknownReader) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }

    fn update(&mut self, now: Vec<Seen>) {
        for event in self.picture.update(now) {
            self.told.tell(event);
        }
    }
}

/// Returns what the states say of readers that are there.
fn seen(states: &[ReaderState]) -> Vec<Seen> {
    let readers = states.iter().filter(|state| !is_pnp(state) && !is_dead(state));
    let see = |state: &ReaderState| Seen {
        reader: state.name().to_string_lossy().into_owned(),
        card: state.event_state().contains(State::PRESENT).then(|| state.atr().to_vec()),
        count: state.event_count(),
    };
    readers.map(see).collect()
}
