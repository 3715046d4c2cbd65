//! What the slots of a program share.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use countertop_device::{DeviceEvent, DeviceInfo, Listing};
use tokio::sync::watch;

use crate::attached::{Attached, Difference};
use crate::{Devices, DevicesConfig, EventLog, HubEvent, Registry, Role};

/// Events that are kept for late subscribers.
const KEPT_EVENTS: usize = 1024;

/// Knows the drivers, the configuration, what is attached, and what happened. Clones share one hub.
///
/// Nothing runs by itself: [`devices`](Self::devices) gives the slots, and whoever wants to hear of
/// devices that come and go lets `watch` run (feature `watch`).
#[derive(Debug, Clone)]
pub struct Hub(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    registry: Registry,
    config: DevicesConfig,
    events: EventLog<HubEvent>,
    attached: Mutex<Attached>,
    /// Counts what may have made a device usable; a slot that waits for its device looks again.
    changes: watch::Sender<u64>,
}

impl Hub {
    /// Creates a hub. Performs no I/O.
    #[must_use]
    pub fn new(registry: Registry, config: DevicesConfig) -> Self {
        Self(Arc::new(Shared {
            registry,
            config,
            events: EventLog::new(KEPT_EVENTS),
            attached: Mutex::default(),
            changes: watch::Sender::new(0),
        }))
    }

    /// Returns a slot for each role of the configuration. Opens no device and performs no I/O.
    #[must_use]
    pub fn devices(&self) -> Devices {
        Devices::of(self)
    }

    /// Returns the drivers.
    #[must_use]
    pub fn registry(&self) -> &Registry {
        &self.0.registry
    }

    /// Returns the configuration.
    #[must_use]
    pub fn config(&self) -> &DevicesConfig {
        &self.0.config
    }

    /// Returns the log of events.
    #[must_use]
    pub fn events(&self) -> &EventLog<HubEvent> {
        &self.0.events
    }

    /// Returns what was attached when it was last looked, with the roles: after the events so far,
    /// while `watch` runs.
    #[must_use]
    pub fn attached(&self) -> Vec<(Listing, Option<Role>)> {
        let attached = self.lock();
        attached.iter().map(|it| (it.clone(), self.role_of(&it.info))).collect()
    }

    /// Returns the role that the configuration gives a device.
    #[must_use]
    pub fn role_of(&self, info: &DeviceInfo) -> Option<Role> {
        let mut roles = self.0.config.iter();
        roles.find(|(_, config)| config.means(info)).map(|(role, _)| role)
    }

    pub(crate) fn emit(&self, role: Option<Role>, event: DeviceEvent) {
        self.0.events.push(HubEvent::new(role, event));
    }

    /// Takes a driver's new list, tells of the differences and wakes the slots that wait.
    pub(crate) fn update(
        &self,
        driver: &'static str,
        now: Vec<Listing>,
        left: &[std::path::PathBuf],
    ) {
        let differences = self.lock().update(driver, now, left);
        for difference in &differences {
            let (info, event) = match difference {
                Difference::Arrived(info) => (info, DeviceEvent::Arrived(info.clone())),
                Difference::Departed(info) => (info, DeviceEvent::Departed(info.clone())),
            };
            self.emit(self.role_of(info), event);
        }
        if !differences.is_empty() {
            self.wake();
        }
    }

    /// Lets the slots that wait for their device look again.
    pub(crate) fn wake(&self) {
        self.0.changes.send_modify(|count| *count += 1);
    }

    fn lock(&self) -> MutexGuard<'_, Attached> {
        self.0.attached.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
