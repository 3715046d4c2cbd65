//! Settings that all drivers of this crate share.

use core::time::Duration;

use countertop_device::{DeviceError, DeviceErrorKind, Selector, SettingError, Settings};

/// Speed of the line when the settings name none.
const BAUD: u32 = 9600;

/// Holds the deadlines.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Timing {
    /// For a command and its answer, key `exchange_ms`.
    pub(crate) exchange: Duration,
    /// From the first byte of a swipe to its last, key `swipe_ms`.
    pub(crate) swipe: Duration,
    /// Silence after which the line counts as drained, key `quiet_ms`.
    pub(crate) quiet: Duration,
}

impl Timing {
    pub(crate) fn from_settings(settings: &Settings) -> Result<Self, SettingError> {
        let millis = |key, default| settings.get_or(key, default).map(Duration::from_millis);
        Ok(Self {
            exchange: millis("exchange_ms", 1000)?,
            swipe: millis("swipe_ms", 2000)?,
            quiet: millis("quiet_ms", 50)?,
        })
    }
}

/// Returns `settings` with the default speed of stripe readers.
pub(crate) fn with_default_speed(settings: &Settings) -> Settings {
    match settings.text("baud") {
        Some(_) => settings.clone(),
        None => settings.clone().with("baud", BAUD),
    }
}

pub(crate) fn invalid(selector: &Selector, error: SettingError) -> DeviceError {
    DeviceError::new(DeviceErrorKind::InvalidInput, selector.to_string(), "open").with_source(error)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn speed_has_a_default() {
        assert_eq!(with_default_speed(&Settings::new()).text("baud"), Some("9600"));
        let fast = Settings::new().with("baud", 115_200);
        assert_eq!(with_default_speed(&fast).text("baud"), Some("115200"));
    }

    #[test]
    fn bad_deadlines_are_refused() {
        let settings = Settings::new().with("swipe_ms", "soon");
        let error = Timing::from_settings(&settings).unwrap_err();
        let error = invalid(&Selector::Virtual("msr".into()), error);
        assert_eq!(error.kind(), DeviceErrorKind::InvalidInput);
        assert!(error.to_string().contains("swipe_ms"), "{error}");
    }
}
