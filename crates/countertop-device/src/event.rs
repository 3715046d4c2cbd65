//! Events that devices and the hub report.

use serde::{Deserialize, Serialize};

use crate::{Attention, DeviceInfo, PowerState};

/// Is something that happened to a device (UnifiedPOS: status update event).
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum DeviceEvent {
    /// A device can be used.
    Arrived(DeviceInfo),
    /// A device is gone.
    Departed(DeviceInfo),
    /// The computer woke up; devices may have lost their power while it slept.
    Resumed,
    /// This program took a device for itself (UnifiedPOS: `claim`).
    Claimed(DeviceInfo),
    /// This program let a device go (UnifiedPOS: `release`).
    Released(DeviceInfo),
    /// A device's power state is another one now.
    PowerChanged(DeviceInfo, PowerState),
    /// A person has to do something at the device.
    AttentionNeeded(DeviceInfo, Attention),
    /// What [`DeviceEvent::AttentionNeeded`] asked for was done.
    AttentionCleared(DeviceInfo),
}

impl DeviceEvent {
    /// Returns the device that it happened to; `None` when it happened to all.
    #[must_use]
    pub fn info(&self) -> Option<&DeviceInfo> {
        match self {
            Self::Arrived(info)
            | Self::Departed(info)
            | Self::Claimed(info)
            | Self::Released(info)
            | Self::PowerChanged(info, _)
            | Self::AttentionNeeded(info, _)
            | Self::AttentionCleared(info) => Some(info),
            Self::Resumed => None,
        }
    }
}

/// Is an event with its place in the order of events, so that a late subscriber can replay.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SequencedEvent<E> {
    /// Counts from 1 without gaps.
    pub sequence: u64,
    /// What happened.
    pub event: E,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn events_are_told_apart_in_json() {
        let info = DeviceInfo::new("virtual:printer".parse().unwrap(), "escpos", "Printer");
        let json = |event: &DeviceEvent| serde_json::to_value(event).unwrap();
        assert_eq!(json(&DeviceEvent::Resumed), "resumed");
        let event = DeviceEvent::PowerChanged(info.clone(), PowerState::OffOffline);
        assert_eq!(json(&event)["power-changed"][1], "off-offline");
        assert_eq!(event.info(), Some(&info));
        let event = DeviceEvent::AttentionNeeded(info, Attention::PaperOut);
        assert_eq!(json(&event)["attention-needed"][1], "paper-out");
    }
}
