//! Events that devices and the hub report.

use serde::{Deserialize, Serialize};

use crate::{Attention, DeviceInfo};

/// Is something that happened to a device (UnifiedPOS: status update event).
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum DeviceEvent {
    /// A device can be used.
    Arrived(DeviceInfo),
    /// A device is gone.
    Departed(DeviceInfo),
    /// A person has to do something at the device.
    AttentionNeeded(DeviceInfo, #[serde(skip)] Attention),
    /// What [`DeviceEvent::AttentionNeeded`] asked for was done.
    AttentionCleared(DeviceInfo),
}

/// Is an event with its place in the order of events, so that a late subscriber can replay.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SequencedEvent<E> {
    /// Counts from 1 without gaps.
    pub sequence: u64,
    /// What happened.
    pub event: E,
}
