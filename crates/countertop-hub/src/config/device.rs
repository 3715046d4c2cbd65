//! The configuration of one device.

use core::fmt;
use std::collections::BTreeMap;

use countertop_device::{DeviceInfo, Identity, Selector, Settings};
use serde::{Deserialize, Deserializer, de};

/// Is the configuration of one device: at least one of `at` and `identity` says which it is.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(try_from = "Table")]
#[non_exhaustive]
pub struct DeviceConfig {
    /// The driver's name.
    pub driver: String,
    /// Which device, by its address. Beside an identity it only chooses between several addresses
    /// of that device, such as `usb:` and `usblp:`.
    pub at: Option<Selector>,
    /// Which device, by what stays the same over replug and reboot: its identity, or its place.
    pub identity: Option<Identity>,
    /// The driver's settings.
    pub settings: Settings,
}

impl DeviceConfig {
    /// Creates the configuration of the device at an address, with the driver's default settings.
    pub fn new(driver: impl Into<String>, at: Selector) -> Self {
        Self { driver: driver.into(), at: Some(at), identity: None, settings: Settings::new() }
    }

    /// Creates the configuration of the device with an identity, or at a place, wherever it appears.
    pub fn by_identity(driver: impl Into<String>, identity: Identity) -> Self {
        Self {
            driver: driver.into(),
            at: None,
            identity: Some(identity),
            settings: Settings::new(),
        }
    }

    /// Adds a setting.
    #[must_use]
    pub fn with(mut self, key: &str, value: impl fmt::Display) -> Self {
        self.settings = self.settings.with(key, value);
        self
    }

    /// Tells whether this is the configuration of a device that its driver lists as `info`.
    #[must_use]
    pub fn means(&self, info: &DeviceInfo) -> bool {
        let is_one_of = |identity: &Identity| {
            [&info.identity, &info.place].into_iter().flatten().any(|its| its == identity)
        };
        self.driver == info.driver
            && match &self.identity {
                Some(identity) => is_one_of(identity),
                None => self.at.as_ref() == Some(&info.selector),
            }
    }

    /// Returns what names the device in messages: its address, else its identity.
    #[must_use]
    pub fn name(&self) -> String {
        let identity = || self.identity.as_ref().map(Identity::to_string);
        self.at.as_ref().map(Selector::to_string).or_else(identity).unwrap_or_default()
    }
}

#[derive(Deserialize)]
struct Table {
    driver: String,
    at: Option<Selector>,
    #[serde(default, deserialize_with = "identity")]
    identity: Option<Identity>,
    #[serde(flatten, deserialize_with = "scalars")]
    settings: Settings,
}

impl TryFrom<Table> for DeviceConfig {
    type Error = &'static str;

    fn try_from(table: Table) -> Result<Self, &'static str> {
        let Table { driver, at, identity, settings } = table;
        if at.is_none() && identity.is_none() {
            return Err(
                "`at` or `identity` has to say which device; `countertop devices` lists them",
            );
        }
        Ok(Self { driver, at, identity, settings })
    }
}

fn identity<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Identity>, D::Error> {
    let text = String::deserialize(deserializer)?;
    if text.parse::<Selector>().is_ok() {
        return Err(de::Error::custom(format!("`{text}` is a selector: write it as `at`")));
    }
    if text.is_empty() {
        return Err(de::Error::custom("the identity is empty; `countertop devices` shows them"));
    }
    Ok(Some(Identity(text)))
}

fn scalars<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Settings, D::Error> {
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
