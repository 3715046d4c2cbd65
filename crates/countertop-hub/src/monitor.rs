//! What the hub sees of a device while it is used: power, attention, counts.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use countertop_device::{Attention, DeviceError, DeviceErrorKind, DeviceInfo, PowerState};

use crate::statistics::Counters;
use crate::{Hub, Role, Statistic};

/// Watches one opened device by the results of its own calls; it causes none.
#[derive(Debug)]
pub(crate) struct Monitor {
    hub: Hub,
    role: Role,
    info: DeviceInfo,
    counters: Arc<Counters>,
    /// Online and without need of attention: nothing to tell when a call goes well.
    well: AtomicBool,
    /// Whether the device left, or slept, since it was opened.
    stale: AtomicBool,
}

impl Monitor {
    /// Creates the monitor of a device that was just opened under the name of its claim.
    pub(crate) fn new(hub: &Hub, role: Role, info: DeviceInfo, claim: &str) -> Self {
        let counters = hub.statistics().of(claim);
        counters.power_on();
        let (well, stale) = (AtomicBool::new(false), AtomicBool::new(false));
        let monitor = Self { hub: hub.clone(), role, info, counters, well, stale };
        monitor.power(PowerState::Online);
        monitor
    }

    /// Lets the hub tell this monitor when the device leaves.
    pub(crate) fn keep_in_sight(self: &Arc<Self>) {
        self.hub.opened(self.role, self);
    }

    pub(crate) fn info(&self) -> &DeviceInfo {
        &self.info
    }

    pub(crate) fn counters(&self) -> &Counters {
        &self.counters
    }

    /// Notes that the device left or slept: it has to be opened anew.
    pub(crate) fn set_stale(&self) {
        self.stale.store(true, Ordering::Release);
    }

    pub(crate) fn is_stale(&self) -> bool {
        self.stale.load(Ordering::Acquire)
    }

    /// Notes the result of an exchange with the device.
    pub(crate) fn exchanged<T>(&self, result: &Result<T, DeviceError>) {
        match result {
            Ok(_) if self.well.load(Ordering::Relaxed) => {}
            Ok(_) => self.power(PowerState::Online),
            Err(error) => self.failed(error),
        }
    }

    /// Notes the result of the work that the device is for: when it goes well, nobody has to do
    /// anything any more.
    pub(crate) fn worked<T>(&self, result: &Result<T, DeviceError>) {
        self.exchanged(result);
        if result.is_ok() && !self.well.swap(true, Ordering::Relaxed) {
            self.hub.set_attention(self.role, &self.info, None);
        }
    }

    /// Notes what a person has to do, if anything.
    pub(crate) fn attention(&self, attention: Option<Attention>) {
        if attention.is_some() || !self.well.load(Ordering::Relaxed) {
            self.well.store(attention.is_none(), Ordering::Relaxed);
            self.hub.set_attention(self.role, &self.info, attention);
        }
    }

    /// Notes a failure.
    pub(crate) fn failed(&self, error: &DeviceError) {
        use DeviceErrorKind as Kind;
        if matches!(error.kind(), Kind::Disconnected | Kind::Protocol | Kind::TimedOut) {
            self.counters.count(Statistic::CommunicationErrorCount);
        }
        if let Kind::NeedsAttention(attention) = error.kind() {
            self.attention(Some(attention));
        }
        if let Some(state) = power_after(error.kind()) {
            self.power(state);
        }
    }

    fn power(&self, state: PowerState) {
        if state != PowerState::Online {
            self.well.store(false, Ordering::Relaxed);
        }
        self.hub.set_power(self.role, Some(&self.info), state);
    }
}

impl Drop for Monitor {
    fn drop(&mut self) {
        self.counters.power_off();
    }
}

/// Returns the power state that a failure tells of, if it does.
pub(crate) fn power_after(kind: DeviceErrorKind) -> Option<PowerState> {
    use DeviceErrorKind as Kind;
    match kind {
        Kind::NeedsAttention(Attention::Offline) => Some(PowerState::Offline),
        Kind::NeedsAttention(_) | Kind::CardRemoved => Some(PowerState::Online),
        // Nothing tells a device without power from one that does not listen.
        Kind::Disconnected | Kind::NotFound | Kind::ServiceGone | Kind::TimedOut => {
            Some(PowerState::OffOffline)
        }
        _ => None,
    }
}
