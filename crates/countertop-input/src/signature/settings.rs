//! Settings of this driver.

use core::time::Duration;

use countertop_device::{SettingError, Settings};
use countertop_wire::sign_pad::Zone;

/// Speed of the line when the settings name none.
const BAUD: u32 = 115_200;

/// Holds deadlines and what the pad is set to.
#[derive(Debug, Clone, Copy)]
pub(super) struct SignpadSettings {
    /// For a command and its answer, key `exchange_ms`.
    pub(super) exchange: Duration,
    /// For a setting and its answer, key `setting_ms`.
    pub(super) setting: Duration,
    /// Longest silence within a frame, key `gap_ms`.
    pub(super) gap: Duration,
    /// Silence after which the line counts as drained, key `quiet_ms`.
    pub(super) quiet: Duration,
    /// Keys `width`, `height`, `picture_width` and `picture_height`.
    pub(super) zone: Zone,
    /// Key `resigns`.
    pub(super) resigns: u8,
    /// Key `pen_width`.
    pub(super) pen_width: u8,
    /// Key `min_dots`.
    pub(super) min_dots: u32,
}

impl SignpadSettings {
    pub(super) fn from_settings(settings: &Settings) -> Result<Self, SettingError> {
        let millis = |key, default| settings.get_or(key, default).map(Duration::from_millis);
        Ok(Self {
            exchange: millis("exchange_ms", 2000)?,
            setting: millis("setting_ms", 1000)?,
            gap: millis("gap_ms", 500)?,
            quiet: millis("quiet_ms", 50)?,
            zone: Zone {
                width: settings.get_or("width", 480)?,
                height: settings.get_or("height", 160)?,
                picture_width: settings.get_or("picture_width", 240)?,
                picture_height: settings.get_or("picture_height", 80)?,
            },
            resigns: settings.get_or("resigns", 3)?,
            pen_width: settings.get_or("pen_width", 1)?,
            min_dots: settings.get_or("min_dots", 30)?,
        })
    }
}

/// Returns `settings` with the speed of these pads.
pub(super) fn with_default_speed(settings: &Settings) -> Settings {
    match settings.text("baud") {
        Some(_) => settings.clone(),
        None => settings.clone().with("baud", BAUD),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn has_defaults() {
        let settings = SignpadSettings::from_settings(&Settings::new()).unwrap();
        assert_eq!((settings.zone.picture_width, settings.zone.picture_height), (240, 80));
        assert_eq!(with_default_speed(&Settings::new()).text("baud"), Some("115200"));
        let slow = Settings::new().with("baud", 9600);
        assert_eq!(with_default_speed(&slow).text("baud"), Some("9600"));
    }

    #[test]
    fn bad_values_name_their_key() {
        for key in ["exchange_ms", "gap_ms", "width", "resigns", "pen_width", "min_dots"] {
            let settings = Settings::new().with(key, "many");
            let error = SignpadSettings::from_settings(&settings).unwrap_err();
            assert_eq!(error.key, key);
        }
    }
}
