//! The configuration of devices, and errors that name file, line and key.

mod assign;
mod device;
mod parse;

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::Role;

pub use assign::{Which, assign};
pub use device::DeviceConfig;
pub use parse::{ConfigError, parse_config};

/// Says which device plays which role.
///
/// ```toml
/// [devices.receipt-printer]
/// driver = "escpos"
/// identity = "04b8:0e15-s-6e0b2d9f4c3a1180"
/// columns = 48
///
/// [devices.pin-pad]
/// driver = "visa-pinpad"
/// at = "serial:/dev/ttyS0"
/// ```
///
/// What follows `driver`, `identity` and `at` are settings of the driver.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(try_from = "BTreeMap<String, DeviceConfig>")]
pub struct DevicesConfig(BTreeMap<Role, DeviceConfig>);

impl DevicesConfig {
    /// Adds or replaces the device of a role.
    #[must_use]
    pub fn with(mut self, role: Role, device: DeviceConfig) -> Self {
        self.0.insert(role, device);
        self
    }

    /// Returns the device of a role.
    #[must_use]
    pub fn get(&self, role: Role) -> Option<&DeviceConfig> {
        self.0.get(&role)
    }

    /// Tells whether no role has a device.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Returns all roles with their devices.
    pub fn iter(&self) -> impl Iterator<Item = (Role, &DeviceConfig)> {
        self.0.iter().map(|(role, device)| (*role, device))
    }
}

impl TryFrom<BTreeMap<String, DeviceConfig>> for DevicesConfig {
    type Error = String;

    // Keys come as text, so that an error inside a device's table names the role in its path.
    fn try_from(tables: BTreeMap<String, DeviceConfig>) -> Result<Self, String> {
        let role = |name: String| {
            Role::from_name(&name).ok_or_else(|| {
                format!(
                    "there is no role `{name}`; the roles are {}",
                    Role::ALL.map(Role::name).join(", ")
                )
            })
        };
        tables
            .into_iter()
            .map(|(name, device)| Ok((role(name)?, device)))
            .collect::<Result<_, _>>()
            .map(Self)
    }
}

#[cfg(test)]
mod tests;
