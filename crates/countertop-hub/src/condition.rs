//! How the devices of the roles are, as far as their own calls and the lists showed.

use std::collections::BTreeMap;
use std::sync::{Arc, Weak};

use countertop_device::{Attention, DeviceInfo, PowerState};

use crate::Role;
use crate::monitor::Monitor;

/// Remembers the condition of each role's device.
#[derive(Debug, Default)]
pub(crate) struct Conditions(BTreeMap<Role, Condition>);

#[derive(Debug, Default)]
struct Condition {
    /// Who it is, once it was seen.
    info: Option<DeviceInfo>,
    power: PowerState,
    attention: Option<Attention>,
    opened: Weak<Monitor>,
}

impl Conditions {
    pub(crate) fn power(&self, role: Role) -> PowerState {
        self.0.get(&role).map_or(PowerState::Unknown, |it| it.power)
    }

    pub(crate) fn attention(&self, role: Role) -> Option<Attention> {
        self.0.get(&role)?.attention
    }

    /// Returns the device when its state is another one than before, and it is known which it is.
    pub(crate) fn set_power(
        &mut self,
        role: Role,
        info: Option<&DeviceInfo>,
        state: PowerState,
    ) -> Option<DeviceInfo> {
        let condition = self.0.entry(role).or_default();
        if let Some(info) = info
            && condition.info.as_ref() != Some(info)
        {
            condition.info = Some(info.clone());
        }
        // What was pulled is off; that it does not answer says less.
        let state = match (condition.power, state) {
            (PowerState::Off, PowerState::OffOffline) => PowerState::Off,
            _ => state,
        };
        let before = std::mem::replace(&mut condition.power, state);
        condition.info.clone().filter(|_| before != state)
    }

    /// Returns what was to be done before.
    pub(crate) fn set_attention(
        &mut self,
        role: Role,
        new: Option<Attention>,
    ) -> Option<Attention> {
        std::mem::replace(&mut self.0.entry(role).or_default().attention, new)
    }

    pub(crate) fn opened(&mut self, role: Role, monitor: &Arc<Monitor>) {
        self.0.entry(role).or_default().opened = Arc::downgrade(monitor);
    }

    /// Notes that the address `info` of a role's device is gone.
    pub(crate) fn departed(&self, role: Role, info: &DeviceInfo) {
        let opened = self.0.get(&role).and_then(|it| it.opened.upgrade());
        if let Some(monitor) = opened
            && monitor.info().selector == info.selector
        {
            monitor.set_stale();
        }
    }

    pub(crate) fn forget_opened(&self) {
        for monitor in self.0.values().filter_map(|it| it.opened.upgrade()) {
            monitor.set_stale();
        }
    }
}
