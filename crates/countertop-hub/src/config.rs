//! The configuration of devices, and errors that name file, line and key.

use core::fmt;
use std::collections::BTreeMap;

use countertop_device::{Selector, Settings};
use serde::Deserialize;
use serde::de::DeserializeOwned;

use crate::Role;

/// Says which device plays which role.
///
/// ```toml
/// [devices.receipt-printer]
/// driver = "escpos"
/// at = "tcp:192.168.1.20:9100"
/// columns = 48
/// ```
///
/// What follows `driver` and `at` are settings of the driver.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(try_from = "BTreeMap<String, DeviceConfig>")]
pub struct DevicesConfig(BTreeMap<Role, DeviceConfig>);

/// Is the configuration of one device.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct DeviceConfig {
    /// The driver's name.
    pub driver: String,
    /// Which device.
    pub at: Selector,
    /// The driver's settings.
    #[serde(flatten, deserialize_with = "scalars")]
    pub settings: Settings,
}

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

impl DeviceConfig {
    /// Creates the configuration of a device with the driver's default settings.
    pub fn new(driver: impl Into<String>, at: Selector) -> Self {
        Self { driver: driver.into(), at, settings: Settings::new() }
    }

    /// Adds a setting.
    #[must_use]
    pub fn with(mut self, key: &str, value: impl fmt::Display) -> Self {
        self.settings = self.settings.with(key, value);
        self
    }
}

fn scalars<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Settings, D::Error> {
    BTreeMap::<String, Scalar>::deserialize(deserializer)
        .map(|map| map.into_iter().map(|(key, value)| (key, value.to_string())).collect())
}

#[derive(Deserialize)]
#[serde(untagged, expecting = "a text, a whole number, true or false")]
enum Scalar {
    Boolean(bool),
    Integer(i64),
    Text(String),
}

impl fmt::Display for Scalar {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Boolean(value) => value.fmt(f),
            Self::Integer(value) => value.fmt(f),
            Self::Text(value) => f.write_str(value),
        }
    }
}

/// Says where a configuration file is wrong.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{file}: line {line}: {key}: {message}")]
pub struct ConfigError {
    /// The file's name.
    pub file: String,
    /// The line, from 1.
    pub line: usize,
    /// The key, as a dotted path; `(file)` when the text is no TOML at all.
    pub key: String,
    /// What is wrong with it.
    pub message: String,
}

/// Parses a TOML configuration into any type; an error names file, line and key.
///
/// # Errors
///
/// When the text is no TOML, or a key does not fit `T`.
pub fn parse_config<T: DeserializeOwned>(file: &str, text: &str) -> Result<T, ConfigError> {
    let error = |key: String, error: &toml::de::Error| ConfigError {
        file: file.into(),
        line: error.span().map_or(1, |span| line_of(text, span.start)),
        key,
        message: first_line(error.message()),
    };
    let deserializer =
        toml::Deserializer::parse(text).map_err(|cause| error("(file)".into(), &cause))?;
    serde_path_to_error::deserialize(deserializer)
        .map_err(|cause| error(cause.path().to_string(), cause.inner()))
}

fn line_of(text: &str, offset: usize) -> usize {
    1 + text.bytes().take(offset).filter(|byte| *byte == b'\n').count()
}

fn first_line(message: &str) -> String {
    message.lines().next().unwrap_or("cannot be read").to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct File {
        #[serde(default)]
        devices: DevicesConfig,
    }

    fn parse(text: &str) -> Result<File, ConfigError> {
        parse_config("countertop.toml", text)
    }

    #[test]
    fn settings_follow_driver_and_selector() {
        let file = parse(
            "[devices.receipt-printer]\ndriver = \"escpos\"\nat = \"tcp:printer:9100\"\n\
             columns = 48\nchinese = true\nflow = \"none\"\n",
        )
        .unwrap();
        let printer = file.devices.get(Role::ReceiptPrinter).unwrap();
        assert_eq!(printer.at.to_string(), "tcp:printer:9100");
        assert_eq!(printer.settings.text("columns"), Some("48"));
        assert_eq!(printer.settings.text("chinese"), Some("true"));
    }

    #[test]
    fn errors_name_file_line_and_key() {
        for (text, shown) in [
            (
                "[devices.chip]\ndriver = \"pcsc\"\nat = \"usb\"\n",
                "countertop.toml: line 3: devices.chip.at: `usb` is no selector",
            ),
            (
                "\n[devices.toaster]\ndriver = \"x\"\nat = \"virtual:x\"\n",
                "countertop.toml: line 2: devices: there is no role `toaster`; the roles are ",
            ),
            ("a = [\n", "countertop.toml: line 1: (file): "),
            ("[device]\n", "countertop.toml: line 1: device: unknown field `device`"),
            (
                "[devices.chip]\ndriver = 4\n",
                "countertop.toml: line 2: devices.chip.driver: invalid type: integer `4`",
            ),
        ] {
            let error = parse(text).unwrap_err().to_string();
            assert!(error.starts_with(shown), "{text}\n{error}");
        }
    }
}
