//! Settings of this driver.

use core::time::Duration;

use countertop_device::{DeviceError, DeviceErrorKind, Selector, SettingError, Settings};
use countertop_wire::keyboard::Layout;
use countertop_wire::scanner::ScanFormat;

use crate::scanner::options::format;

#[derive(Debug, Clone)]
pub(super) struct Options {
    pub(super) layout: Layout,
    pub(super) format: ScanFormat,
    pub(super) gap: Duration,
    pub(super) min_length: usize,
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
        Ok(Self {
            layout: settings.get_or("layout", Layout::American)?,
            format: format(settings)?,
            gap: Duration::from_millis(settings.get_or("gap_ms", 60)?),
            min_length: settings.get_or("min_length", 3)?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bad_settings_name_the_key() {
        for (key, value) in
            [("layout", "qwerty"), ("gap_ms", "short"), ("min_length", "-1"), ("suffix", "hex:0")]
        {
            let error = Options::parse(&Settings::new().with(key, value)).unwrap_err();
            assert_eq!(error.key, key);
        }
        let options = Options::parse(&Settings::new().with("layout", "de")).unwrap();
        assert_eq!((options.layout, options.min_length), (Layout::German, 3));
    }
}
