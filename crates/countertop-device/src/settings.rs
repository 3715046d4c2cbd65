//! Settings of a device as the configuration gives them.

use core::fmt;
use core::str::FromStr;
use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use serde::{Deserialize, Serialize};

/// Holds a device's settings: names with scalar values, as text.
///
/// Durations are given in milliseconds in keys that end in `_ms`. It remembers which entries were
/// read, also through clones, so that a misspelt one can be named after opening
/// ([`unread`](Self::unread)).
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Settings(BTreeMap<String, Entry>);

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(from = "String", into = "String")]
struct Entry {
    value: String,
    read: Arc<AtomicBool>,
}

impl Settings {
    /// Creates settings without an entry: every driver then uses its defaults.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds or replaces an entry.
    #[must_use]
    pub fn with(mut self, key: impl Into<String>, value: impl fmt::Display) -> Self {
        self.0.insert(key.into(), value.to_string().into());
        self
    }

    /// Returns the text of an entry.
    #[must_use]
    pub fn text(&self, key: &str) -> Option<&str> {
        let entry = self.0.get(key)?;
        entry.read.store(true, Ordering::Relaxed);
        Some(&entry.value)
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

    /// Returns the names of the entries that nobody has read, in order: after a driver has opened a
    /// device, those that it does not know.
    pub fn unread(&self) -> impl Iterator<Item = &str> {
        let unread = self.0.iter().filter(|(_, entry)| !entry.read.load(Ordering::Relaxed));
        unread.map(|(key, _)| key.as_str())
    }
}

impl FromIterator<(String, String)> for Settings {
    fn from_iter<I: IntoIterator<Item = (String, String)>>(entries: I) -> Self {
        Self(entries.into_iter().map(|(key, value)| (key, value.into())).collect())
    }
}

/// That an entry was read does not make it another one.
impl PartialEq for Entry {
    fn eq(&self, other: &Self) -> bool {
        self.value == other.value
    }
}

impl Eq for Entry {}

impl From<String> for Entry {
    fn from(value: String) -> Self {
        Self { value, read: Arc::default() }
    }
}

impl From<Entry> for String {
    fn from(entry: Entry) -> Self {
        entry.value
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

    #[test]
    fn what_nobody_reads_can_be_named() {
        let settings = Settings::new().with("baud", 9600).with("buad", 9600);
        let passed_on = settings.clone();
        assert_eq!(passed_on.text("baud"), Some("9600"));
        assert_eq!(settings.unread().collect::<Vec<_>>(), ["buad"]);
    }
}
