//! What the slots of a program share.

use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use countertop_device::{Attention, DeviceEvent, DeviceInfo, Listing, PowerState};
use tokio::sync::watch;

use crate::attached::{Attached, Difference};
use crate::condition::Conditions;
use crate::monitor::Monitor;
use crate::{Claims, Devices, DevicesConfig, EventLog, HubEvent, Registry, Role, StatisticsBook};

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
    claims: Claims,
    events: EventLog<HubEvent>,
    statistics: StatisticsBook,
    attached: Mutex<Attached>,
    conditions: Mutex<Conditions>,
    /// Counts what may have made a device usable; a slot that waits for its device looks again.
    changes: watch::Sender<u64>,
    watchers: AtomicUsize,
}

impl Hub {
    /// Creates a hub with the claims of this computer. Performs no I/O.
    #[must_use]
    pub fn new(registry: Registry, config: DevicesConfig) -> Self {
        Self::with_claims(registry, config, Claims::default())
    }

    /// Creates a hub with claims of its own. Performs no I/O.
    #[must_use]
    pub fn with_claims(registry: Registry, config: DevicesConfig, claims: Claims) -> Self {
        Self(Arc::new(Shared {
            registry,
            config,
            claims,
            events: EventLog::new(KEPT_EVENTS),
            statistics: StatisticsBook::default(),
            attached: Mutex::default(),
            conditions: Mutex::default(),
            changes: watch::Sender::new(0),
            watchers: AtomicUsize::new(0),
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

    /// Returns the statistics of the devices.
    #[must_use]
    pub fn statistics(&self) -> &StatisticsBook {
        &self.0.statistics
    }

    /// Returns the claims on devices.
    #[must_use]
    pub fn claims(&self) -> &Claims {
        &self.0.claims
    }

    /// Returns the power state of a role's device, as far as it was seen (UnifiedPOS: `PowerState`).
    /// Performs no I/O.
    #[must_use]
    pub fn power_state(&self, role: Role) -> PowerState {
        lock(&self.0.conditions).power(role)
    }

    /// Returns what a person has to do at a role's device, as far as it was seen. Performs no I/O.
    #[must_use]
    pub fn attention(&self, role: Role) -> Option<Attention> {
        lock(&self.0.conditions).attention(role)
    }

    /// Returns what was attached when it was last looked, with the roles: after the events so far,
    /// while `watch` runs.
    #[must_use]
    pub fn attached(&self) -> Vec<(Listing, Option<Role>)> {
        let attached = lock(&self.0.attached);
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

    /// Keeps an opened device's monitor in sight, so that it hears when the device leaves.
    pub(crate) fn opened(&self, role: Role, monitor: &Arc<Monitor>) {
        lock(&self.0.conditions).opened(role, monitor);
    }

    /// Notes a power state. `info` says of which device, where that is known.
    pub(crate) fn set_power(&self, role: Role, info: Option<&DeviceInfo>, state: PowerState) {
        let changed = lock(&self.0.conditions).set_power(role, info, state);
        if let Some(info) = changed {
            self.emit(Some(role), DeviceEvent::PowerChanged(info, state));
        }
    }

    /// Notes what a person has to do at a device, or that there is nothing.
    pub(crate) fn set_attention(&self, role: Role, info: &DeviceInfo, new: Option<Attention>) {
        let old = lock(&self.0.conditions).set_attention(role, new);
        match new {
            _ if old == new => {}
            Some(new) => self.emit(Some(role), DeviceEvent::AttentionNeeded(info.clone(), new)),
            None => self.emit(Some(role), DeviceEvent::AttentionCleared(info.clone())),
        }
    }

    /// Takes a driver's new list, tells of the differences, and wakes the slots that wait when something
    /// arrived.
    pub(crate) fn update(&self, driver: &'static str, now: Vec<Listing>, left: &[PathBuf]) {
        let differences = lock(&self.0.attached).update(driver, now, left);
        for difference in &differences {
            match difference {
                Difference::Arrived(info) => self.arrived(info),
                Difference::Departed(info) => self.departed(info),
            }
        }
        // Who waits would find a device that comes in that moment before its arrival is told.
        if differences.iter().any(|it| matches!(it, Difference::Arrived(_))) {
            self.wake();
        }
    }

    fn arrived(&self, info: &DeviceInfo) {
        let role = self.role_of(info);
        self.emit(role, DeviceEvent::Arrived(info.clone()));
        if let Some(role) = role
            && self.power_state(role) == PowerState::Off
        {
            // Whether it is ready shows when it is opened.
            self.set_power(role, Some(info), PowerState::Unknown);
        }
    }

    fn departed(&self, info: &DeviceInfo) {
        let role = self.role_of(info);
        self.emit(role, DeviceEvent::Departed(info.clone()));
        let Some(role) = role else { return };
        lock(&self.0.conditions).departed(role, info);
        // A device has several addresses, such as one for each kernel driver: one may go alone.
        if !self.is_attached(role) {
            self.set_power(role, Some(info), PowerState::Off);
        }
    }

    /// Tells whether the device of a role was in the lists when they were last made.
    #[must_use]
    pub fn is_attached(&self, role: Role) -> bool {
        let config = self.0.config.get(role);
        let attached = lock(&self.0.attached);
        config.is_some_and(|config| attached.iter().any(|it| config.means(&it.info)))
    }

    /// Lets every device be opened anew: after sleep nothing is sure.
    pub(crate) fn forget_opened(&self) {
        lock(&self.0.conditions).forget_opened();
    }

    /// Lets the slots that wait for their device look again.
    pub(crate) fn wake(&self) {
        self.0.changes.send_modify(|count| *count += 1);
    }

    pub(crate) fn changes(&self) -> watch::Receiver<u64> {
        self.0.changes.subscribe()
    }

    /// Tells whether somebody watches what is attached.
    pub(crate) fn is_watched(&self) -> bool {
        self.0.watchers.load(Ordering::Acquire) > 0
    }

    /// Notes that somebody watches, until the guard is dropped.
    pub(crate) fn watched(&self) -> impl Drop {
        struct Guard(Hub);
        impl Drop for Guard {
            fn drop(&mut self) {
                self.0.0.watchers.fetch_sub(1, Ordering::AcqRel);
                // Who waits for an event waits in vain now.
                self.0.wake();
            }
        }
        self.0.watchers.fetch_add(1, Ordering::AcqRel);
        Guard(self.clone())
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
