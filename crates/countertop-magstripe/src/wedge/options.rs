//! Settings of this driver.

use core::time::Duration;

use countertop_device::{SettingError, Settings};
use countertop_wire::keyboard::Layout;
use countertop_wire::scanner::Suffix;

#[derive(Debug, Clone)]
pub(super) struct Options {
    pub(super) layout: Layout,
    pub(super) suffix: Suffix,
    pub(super) gap: Duration,
    pub(super) min_length: usize,
}

impl Options {
    pub(super) fn from_settings(settings: &Settings) -> Result<Self, SettingError> {
        let suffix = match settings.text("suffix") {
            None | Some("line") => Suffix::LineEnd,
            Some("none") => Suffix::Silence,
            Some(other) => return Err(SettingError { key: "suffix".into(), value: other.into() }),
        };
        Ok(Self {
            layout: settings.get_or("layout", Layout::American)?,
            suffix,
            gap: Duration::from_millis(settings.get_or("gap_ms", 60)?),
            min_length: settings.get_or("min_length", 8)?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bad_settings_name_the_key() {
        for (key, value) in
            [("layout", "xx"), ("suffix", "hex:09"), ("gap_ms", "-"), ("min_length", "few")]
        {
            let settings = Settings::new().with(key, value);
            assert_eq!(Options::from_settings(&settings).unwrap_err().key, key);
        }
        let options = Options::from_settings(&Settings::new().with("suffix", "none")).unwrap();
        assert_eq!((options.suffix, options.layout), (Suffix::Silence, Layout::American));
    }
}
