//! Waiting for a device that is not there.

use core::time::Duration;

use countertop_device::{DeviceError, DeviceErrorKind, Selector};
use tokio::time::timeout;

use super::{Slot, Source};

/// How long to wait before a device is tried again of which no event tells.
const FIRST_PAUSE: Duration = Duration::from_millis(250);
const LONGEST_PAUSE: Duration = Duration::from_secs(10);

/// How long to wait for a device that arrived and is not ready: the kernel's drivers look at it as well.
const FIRST_PAUSE_AFTER_ARRIVAL: Duration = Duration::from_millis(20);

impl<T> Slot<T> {
    /// Returns the device, waiting until it is there: at once when it arrives, as the hub's watch
    /// tells; by trying again after growing pauses where no event can tell, such as of a network
    /// printer. Nothing is tried once nobody waits.
    ///
    /// # Errors
    ///
    /// What no waiting cures: a role without a device, a configuration that cannot work, a device that
    /// another program holds.
    ///
    /// # Cancel safety
    ///
    /// Cancel safe, as [`open`](Self::open).
    pub async fn open_when_present(&mut self) -> Result<&mut T, DeviceError> {
        let mut changes = self.hub.changes();
        let first = if self.hears_of_arrival() { FIRST_PAUSE_AFTER_ARRIVAL } else { FIRST_PAUSE };
        let mut pause = first;
        loop {
            changes.mark_unchanged();
            let Err(error) = self.open().await.map(|_| ()) else { break };
            if !self.waits_for(error.kind()) {
                return Err(error);
            }
            tracing::debug!(role = %self.role, %error, "device is waited for");
            // Only of what is not there an event tells; what is there and not ready is tried again.
            if error.kind() == DeviceErrorKind::NotFound && self.hears_of_arrival() {
                // The hub lives as long as its slots.
                let _ = changes.changed().await;
                pause = first;
            } else if timeout(pause, changes.changed()).await.is_err() {
                pause = (pause * 2).min(LONGEST_PAUSE);
            } else {
                pause = first;
            }
        }
        match self.opened.as_mut() {
            Some(opened) => Ok(opened.device()),
            None => Err(DeviceError::new(DeviceErrorKind::Disconnected, self.role.name(), "open")),
        }
    }

    /// Tells whether waiting may cure a failure to open.
    fn waits_for(&self, kind: DeviceErrorKind) -> bool {
        use DeviceErrorKind as Kind;
        let cured = matches!(
            kind,
            Kind::Disconnected
                | Kind::NotFound
                | Kind::PermissionDenied
                | Kind::ServiceGone
                | Kind::TimedOut
                | Kind::TakenByKernelDriver
                | Kind::Other
        );
        cured && matches!(self.source, Source::Driver(..))
    }

    fn hears_of_arrival(&self) -> bool {
        let Source::Driver(driver, config) = &self.source else { return false };
        let network = matches!(config.at, Some(Selector::Tcp { .. }));
        !network && self.hub.is_watched() && !driver.subsystems().is_empty()
    }
}
