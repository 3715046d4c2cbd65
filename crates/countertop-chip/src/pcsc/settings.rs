//! The deadlines of a reader.

use core::time::Duration;

use countertop_device::{SettingError, Settings};

/// Holds how long each exchange may take.
#[derive(Debug, Clone, Copy)]
pub(super) struct Deadlines {
    /// For finding the reader and powering the card.
    pub(super) connect: Duration,
    /// For one command.
    pub(super) transmit: Duration,
    /// For a person to insert a card, when asked by a health check.
    pub(super) insertion: Duration,
}

impl Deadlines {
    /// Reads the keys that end in `_timeout_ms`.
    pub(super) fn from_settings(settings: &Settings) -> Result<Self, SettingError> {
        let duration = |key, default| settings.get_or(key, default).map(Duration::from_millis);
        Ok(Self {
            connect: duration("connect_timeout_ms", 5_000)?,
            transmit: duration("transmit_timeout_ms", 10_000)?,
            insertion: duration("insertion_timeout_ms", 30_000)?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn takes_milliseconds() {
        let settings = Settings::new().with("transmit_timeout_ms", 250);
        let deadlines = Deadlines::from_settings(&settings).unwrap();
        assert_eq!(deadlines.transmit, Duration::from_millis(250));
        assert_eq!(deadlines.connect, Duration::from_secs(5));
        let error = Deadlines::from_settings(&Settings::new().with("connect_timeout_ms", "soon"));
        assert!(error.unwrap_err().to_string().contains("connect_timeout_ms"));
    }
}
