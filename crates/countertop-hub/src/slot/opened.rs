//! A device that is open.

use std::sync::Arc;

use countertop_device::{DeviceEvent, DeviceInfo};

use crate::kind::Kind;
use crate::monitor::Monitor;
use crate::{Claim, Hub, Role};

/// Is an opened device with all that belongs to it, let go in this order on drop.
pub(super) struct Opened<T> {
    device: T,
    monitor: Arc<Monitor>,
    held: Option<Held>,
}

/// Is a device that this program took for itself.
pub(super) struct Held {
    claim: Option<Claim>,
    hub: Hub,
    role: Role,
    info: DeviceInfo,
}

impl<T> Opened<T> {
    /// Takes a device that the slot opened itself, under its claim's name.
    pub(super) fn new(kind: Kind<T>, device: T, name: &str, held: Held) -> Self {
        let monitor = Monitor::new(&held.hub, held.role, held.info.clone(), name);
        Self::watched(kind, device, monitor, Some(held))
    }

    /// Takes a device that somebody else opened.
    pub(super) fn given(hub: &Hub, role: Role, kind: Kind<T>, device: T, info: DeviceInfo) -> Self {
        let name =
            info.identity.as_ref().map_or_else(|| info.selector.to_string(), |it| it.0.clone());
        Self::watched(kind, device, Monitor::new(hub, role, info, &name), None)
    }

    fn watched(kind: Kind<T>, device: T, monitor: Monitor, held: Option<Held>) -> Self {
        let monitor = Arc::new(monitor);
        monitor.keep_in_sight();
        Self { device: (kind.watch)(device, &monitor), monitor, held }
    }

    pub(super) fn device(&mut self) -> &mut T {
        &mut self.device
    }

    pub(super) fn claim(&mut self) -> Option<&mut Claim> {
        self.held.as_mut()?.claim.as_mut()
    }

    /// Tells whether the device left, or the computer slept, since it was opened.
    pub(super) fn is_stale(&self) -> bool {
        self.monitor.is_stale()
    }
}

impl Held {
    pub(super) fn new(claim: Option<Claim>, hub: &Hub, role: Role, info: DeviceInfo) -> Self {
        hub.emit(Some(role), DeviceEvent::Claimed(info.clone()));
        Self { claim, hub: hub.clone(), role, info }
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        self.claim = None;
        self.hub.emit(Some(self.role), DeviceEvent::Released(self.info.clone()));
    }
}
