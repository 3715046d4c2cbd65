//! Power states of a device in UnifiedPOS's terms.

use core::fmt;

use serde::{Deserialize, Serialize};

/// Is a device's power state (UnifiedPOS, `PowerState`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PowerState {
    /// Not known: nobody has asked the device yet (`PS_UNKNOWN`).
    #[default]
    Unknown,
    /// Powered and ready (`PS_ONLINE`).
    Online,
    /// Switched off, or detached (`PS_OFF`).
    Off,
    /// Powered, but not ready or not able to answer (`PS_OFFLINE`).
    Offline,
    /// Switched off or not ready, and nothing tells which (`PS_OFF_OFFLINE`).
    OffOffline,
}

impl fmt::Display for PowerState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Unknown => "unknown",
            Self::Online => "online",
            Self::Off => "off",
            Self::Offline => "offline",
            Self::OffOffline => "off or offline",
        })
    }
}
