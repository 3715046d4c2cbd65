//! Watches which readers there are.

use core::fmt;
use core::time::Duration;
use std::io;
use std::sync::{Arc, mpsc};
use std::thread;

use async_trait::async_trait;
use countertop_device::{DeviceError, DeviceErrorKind, ListWatch};
use pcsc::{Context, Error, PNP_NOTIFICATION, ReaderState, State};
use tokio::sync::watch;

use super::hold::Hold;
use super::names;
use super::service::{self, Bell};

/// pcscd before 2.3 does not tell of a reader that comes between the list and the wait for the next
/// one: the first wait behind a change is so long, then the list is read once more.
const SETTLED: Duration = Duration::from_secs(1);

/// Watches the readers of pcscd, and pcscd itself. The thread ends when this is dropped.
///
/// It sleeps between changes: in the service while there is one, in the folder of its socket while
/// there is none.
pub(super) struct PcscListWatch {
    changes: watch::Receiver<u64>,
    shared: Arc<Shared>,
    ended: mpsc::Receiver<()>,
}

struct Shared {
    hold: Hold,
    bell: Bell,
    changes: watch::Sender<u64>,
}

impl PcscListWatch {
    /// Starts to watch.
    pub(super) fn start() -> io::Result<Self> {
        let (sender, changes) = watch::channel(0);
        let shared =
            Arc::new(Shared { hold: Hold::default(), bell: Bell::new()?, changes: sender });
        let (end, ended) = mpsc::channel();
        let thread = Arc::clone(&shared);
        thread::Builder::new().name("pcsc-list".into()).spawn(move || {
            if let Err(error) = thread.run() {
                tracing::warn!(%error, "the return of the service pcscd cannot be watched");
            }
            // Nobody waits for the end unless the watch is being dropped.
            drop(end);
        })?;
        Ok(Self { changes, shared, ended })
    }
}

#[async_trait]
impl ListWatch for PcscListWatch {
    async fn changed(&mut self) -> Result<(), DeviceError> {
        let ended = |_| DeviceError::new(DeviceErrorKind::Other, super::NAME, "watch readers");
        self.changes.changed().await.map_err(ended)
    }
}

impl Drop for PcscListWatch {
    fn drop(&mut self) {
        self.shared.hold.stop();
        self.shared.bell.ring();
        self.shared.hold.end(&self.ended);
    }
}

impl Shared {
    fn run(&self) -> io::Result<()> {
        while !self.hold.stopped() {
            let Some(context) = service::wait(&self.bell)? else { return Ok(()) };
            self.hold.hold(Some(context.clone()));
            // The service is back, or what was there before the watch began is not known.
            self.tell();
            let lost = self.watch(&context);
            self.hold.hold(None);
            if let Err(error) = lost {
                tracing::debug!(%error, "the service pcscd is gone");
                self.tell();
            }
        }
        Ok(())
    }

    /// Watches until the service is lost, or the watch is over.
    fn watch(&self, context: &Context) -> Result<(), Error> {
        let mut known = names::list(context)?;
        let mut settled = false;
        while !self.hold.stopped() {
            let mut states = [ReaderState::new(PNP_NOTIFICATION(), State::UNAWARE)];
            let limit = if settled { None } else { Some(SETTLED) };
            match context.get_status_change(limit, &mut states) {
                Ok(()) => settled = false,
                Err(Error::Timeout) => settled = true,
                Err(Error::Cancelled) => {}
                Err(error) => return Err(error),
            }
            let now = names::list(context)?;
            // A reader that was replugged has the same name, and the event alone tells of it.
            if !settled || now != known {
                settled = false;
                known = now;
                self.tell();
            }
        }
        Ok(())
    }

    fn tell(&self) {
        self.changes.send_modify(|changes| *changes += 1);
    }
}

impl fmt::Debug for PcscListWatch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PcscListWatch").finish_non_exhaustive()
    }
}
