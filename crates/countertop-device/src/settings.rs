//! Settings of a device as the configuration gives them.

use core::fmt;
use core::str::FromStr;
use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// Holds a device's settings: names with scalar values, as text.
///
/// Durations are given in milliseconds in keys that end in `_ms`.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Settings(BTreeMap<String, String>);

impl Settings {
    /// Creates settings without an entry: every driver then uses its defaults.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds or replaces an entry.
    #[must_use]
    pub fn with(mut self, key: impl Into<String>, value: impl fmt::Display) -> Self {
        self.0.insert(key.into(), value.to_string());
        self
    }

    /// Returns the text of an entry.
    #[must_use]
    pub fn text(&self, key: &str) -> Option<&str> {
        self.0.get(key).map(String::as_str)
    }

    /// Returns an entry in the type asked for, or `default` when there is none.
    ///
    /// # Errors
    ///
    /// When there is an entry that does not parse.
    pub fn get_or<T: FromStr>(&self, key: &str, default: T) -> Result<T, SettingError> {
        let Some(text) = self.text(key) else { return Ok(default) };
        text.parse().map_err(|_| SettingError { key: key.into(), value: text.into() })
    }

    /// Returns the names of all entries, in order.
    pub fn keys(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }
}

impl FromIterator<(String, String)> for Settings {
    fn from_iter<I: IntoIterator<Item = (String, String)>>(entries: I) -> Self {
        Self(entries.into_iter().collect())
    }
}

/// Says which setting cannot be understood.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("setting `{key}` cannot be `{value}`")]
pub struct SettingError {
    /// The setting's name.
    pub key: String,
    /// The value that does not parse.
    pub value: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn typed_with_default() {
        let settings = Settings::new().with("baud", 9600);
        assert_eq!(settings.get_or("baud", 115_200u32), Ok(9600));
        assert_eq!(settings.get_or("timeout_ms", 500u64), Ok(500));
        let error = settings.get_or::<bool>("baud", true).unwrap_err();
        assert_eq!(error.to_string(), "setting `baud` cannot be `9600`");
    }
}
