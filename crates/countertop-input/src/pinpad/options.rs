//! Settings of this driver.

use core::str::FromStr;
use core::time::Duration;

use countertop_device::{DeviceError, DeviceErrorKind, Selector, SettingError, Settings};

/// Speed of the line when the settings name none.
const BAUD: u32 = 9600;

/// Width of the screen.
const LINE_WIDTH: usize = 16;

#[derive(Debug, Clone, Copy)]
pub(super) struct Options {
    pub(super) timing: Timing,
    pub(super) master_key: u8,
    pub(super) pin_request: PinPacket,
}

#[derive(Debug, Clone, Copy)]
pub(super) struct Timing {
    pub(super) exchange: Duration,
    pub(super) quiet: Duration,
}

/// Names the packet that asks for a PIN.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum PinPacket {
    /// `70`: the PIN pad's own prompts and limits.
    Amount,
    /// `Z62`: prompts and limits from the host.
    Custom,
}

impl FromStr for PinPacket {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text {
            "70" => Ok(Self::Amount),
            "z62" => Ok(Self::Custom),
            _ => Err(()),
        }
    }
}

impl Options {
    pub(super) fn from_settings(
        settings: &Settings,
        selector: &Selector,
    ) -> Result<Self, DeviceError> {
        Self::parse(settings).map_err(|error| {
            DeviceError::new(DeviceErrorKind::InvalidInput, selector.to_string(), "open")
                .with_source(error)
        })
    }

    fn parse(settings: &Settings) -> Result<Self, SettingError> {
        let millis = |key, default| settings.get_or(key, default).map(Duration::from_millis);
        let slot: u8 = settings.get_or("master_key", 0)?;
        if slot > 9 {
            return Err(SettingError { key: "master_key".into(), value: slot.to_string() });
        }
        Ok(Self {
            timing: Timing {
                exchange: millis("exchange_ms", 1500)?,
                quiet: millis("quiet_ms", 100)?,
            },
            master_key: slot,
            pin_request: settings.get_or("pin_request", PinPacket::Custom)?,
        })
    }
}

/// Returns `settings` with the default speed of these PIN pads.
pub(super) fn with_default_speed(settings: &Settings) -> Settings {
    match settings.text("baud") {
        Some(_) => settings.clone(),
        None => settings.clone().with("baud", BAUD),
    }
}

/// Cuts a line at the edge of the screen, as the PIN pad would.
pub(super) fn fit(line: &str) -> String {
    line.chars().take(LINE_WIDTH).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn defaults_and_bounds() {
        let options = Options::parse(&Settings::new()).unwrap();
        assert_eq!((options.master_key, options.pin_request), (0, PinPacket::Custom));
        for (key, value) in
            [("master_key", "10"), ("master_key", "x"), ("pin_request", "Z60"), ("quiet_ms", "-1")]
        {
            let settings = Settings::new().with(key, value);
            let error = Options::from_settings(&settings, &Selector::Virtual("p".into()));
            assert_eq!(error.unwrap_err().kind(), DeviceErrorKind::InvalidInput, "{key}");
        }
        let settings = Settings::new().with("pin_request", "70");
        assert_eq!(Options::parse(&settings).unwrap().pin_request, PinPacket::Amount);
    }
}
