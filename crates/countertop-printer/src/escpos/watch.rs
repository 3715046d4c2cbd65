//! Waiting for a printer's state to change.

use core::time::Duration;

use countertop_device::{DeviceError, DeviceErrorKind, PrinterStatus};
use tokio::sync::{Mutex, watch};
use tokio::time::timeout;

use super::commands;
use super::events::Told;
use super::transport::Session;

const ACTION: &str = "watch status";

/// Time between two questions to a printer that does not tell by itself.
const PAUSE: Duration = Duration::from_secs(1);

/// Waits for a state that was not told yet. The line is free for others meanwhile.
pub(super) async fn status_changed(session: &Mutex<Session>) -> Result<PrinterStatus, DeviceError> {
    let mut told = session.lock().await.begin_watch().await?;
    loop {
        let news = session.lock().await.news(&mut told);
        match news {
            Ok(Some(status)) => return Ok(status),
            Ok(None) => {}
            Err(gone) => {
                told = session.lock().await.watch_again(gone).await?;
                // What happened while nobody listened is news.
                continue;
            }
        }
        let tells = session.lock().await.tells_by_itself();
        if tells {
            // Its end is the session's, which the caller holds.
            drop(told.changed().await);
        } else if timeout(PAUSE, told.changed()).await.is_err() {
            session.lock().await.any_state(ACTION).await?;
        }
    }
}

impl Session {
    /// Makes sure that the printer is there and tells its state by itself, as far as it can.
    async fn begin_watch(&mut self) -> Result<watch::Receiver<Told>, DeviceError> {
        if self.seen.is_none() || self.is_lost() || !self.asb {
            self.any_state(ACTION).await?;
            self.ask_to_tell().await?;
        }
        Ok(self.told.subscribe())
    }

    /// Calls a printer again that hung up, as they do on TCP behind a time without data.
    async fn watch_again(
        &mut self,
        gone: DeviceError,
    ) -> Result<watch::Receiver<Told>, DeviceError> {
        match self.begin_watch().await {
            Ok(told) if !told.borrow().lost => Ok(told),
            _ => {
                self.seen = None;
                Err(gone)
            }
        }
    }

    async fn ask_to_tell(&mut self) -> Result<(), DeviceError> {
        if !self.settings.job.asb || self.asb || !self.answers {
            return Ok(());
        }
        self.write(&commands::automatic_status(), ACTION).await?;
        self.asb = true;
        let mut automatic = self.ear.automatic.clone();
        let first = automatic.wait_for(|automatic| automatic.count > 0);
        // One that says nothing is asked now and then.
        let _ = timeout(self.settings.status_timeout, first).await;
        Ok(())
    }

    fn tells_by_itself(&self) -> bool {
        self.asb && self.ear.automatic.borrow().count > 0
    }

    /// Returns the newest state, if it is another one than the last that this returned.
    fn news(
        &mut self,
        told: &mut watch::Receiver<Told>,
    ) -> Result<Option<PrinterStatus>, DeviceError> {
        let now = told.borrow_and_update().clone();
        if now.lost {
            return Err(self.error(DeviceErrorKind::Disconnected, ACTION));
        }
        if now.status == self.seen {
            return Ok(None);
        }
        self.seen.clone_from(&now.status);
        Ok(now.status)
    }
}
