//! Settings of this driver.

use core::time::Duration;

use countertop_device::{DeviceError, DeviceErrorKind, Selector, SettingError, Settings};
use countertop_wire::scanner::{ScanFormat, Suffix};

/// Speed of the line when the settings name none.
const BAUD: u32 = 9600;

#[derive(Debug, Clone)]
pub(super) struct Options {
    pub(super) format: ScanFormat,
    pub(super) gap: Duration,
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
        let gap = Duration::from_millis(settings.get_or("gap_ms", 200)?);
        Ok(Self { format: format(settings)?, gap })
    }
}

/// Returns what `prefix`, `suffix` and `aim` say of the codes.
pub(crate) fn format(settings: &Settings) -> Result<ScanFormat, SettingError> {
    let suffix = match settings.text("suffix") {
        None | Some("line") => Suffix::LineEnd,
        Some("none") => Suffix::Silence,
        Some(_) => Suffix::Bytes(bytes(settings, "suffix")?),
    };
    Ok(ScanFormat {
        prefix: bytes(settings, "prefix")?,
        suffix,
        aim: settings.get_or("aim", true)?,
    })
}

/// Returns the bytes of an entry: its text, or what follows `hex:`.
fn bytes(settings: &Settings, key: &str) -> Result<Vec<u8>, SettingError> {
    let Some(text) = settings.text(key) else { return Ok(Vec::new()) };
    let bytes = match text.strip_prefix("hex:") {
        Some(hex) => parse_hex(hex.as_bytes()).unwrap_or_default(),
        None => text.as_bytes().to_vec(),
    };
    if bytes.is_empty() {
        return Err(SettingError { key: key.into(), value: text.into() });
    }
    Ok(bytes)
}

fn parse_hex(hex: &[u8]) -> Option<Vec<u8>> {
    let (pairs, rest) = hex.as_chunks::<2>();
    let digit = |character: u8| u8::try_from(char::from(character).to_digit(16)?).ok();
    let byte = |[high, low]: &[u8; 2]| Some(digit(*high)? << 4 | digit(*low)?);
    rest.is_empty().then(|| pairs.iter().map(byte).collect())?
}

/// Returns `settings` with the default speed of serial scanners.
pub(super) fn with_default_speed(settings: &Settings) -> Settings {
    match settings.text("baud") {
        Some(_) => settings.clone(),
        None => settings.clone().with("baud", BAUD),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn format(key: &str, value: &str) -> Result<ScanFormat, SettingError> {
        Options::parse(&Settings::new().with(key, value)).map(|options| options.format)
    }

    #[test]
    fn suffixes() {
        for (text, suffix) in [
            ("line", Suffix::LineEnd),
            ("none", Suffix::Silence),
            ("##", Suffix::Bytes(b"##".to_vec())),
            ("hex:0d0A", Suffix::Bytes(vec![0x0d, 0x0a])),
        ] {
            assert_eq!(format("suffix", text).unwrap().suffix, suffix);
        }
        assert_eq!(format("prefix", "hex:02").unwrap().prefix, [2]);
    }

    #[test]
    fn bad_settings_name_the_key() {
        for (key, value) in
            [("suffix", "hex:0"), ("suffix", "hex:"), ("prefix", "hex:xy"), ("aim", "maybe")]
        {
            assert_eq!(format(key, value).unwrap_err().key, key);
        }
        let settings = Settings::new().with("gap_ms", "long");
        let error = Options::from_settings(&settings, &Selector::Virtual("s".into())).unwrap_err();
        assert_eq!(error.kind(), DeviceErrorKind::InvalidInput);
    }
}
