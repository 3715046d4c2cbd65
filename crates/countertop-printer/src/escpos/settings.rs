//! What the configuration says about a printer.

use core::str::FromStr;
use core::time::Duration;

use countertop_device::{PrinterCapabilities, SettingError, Settings};
use countertop_wire::escpos::{CutShape, DrawerPin, DrawerPulse};

use super::job_settings::JobSettings;

/// Holds the settings of an ESC/POS printer.
///
/// | key | default | means |
/// |---|---|---|
/// | `dots` | 384 | dots in a line: 384 for 58 mm, 576 for 80 mm |
/// | `columns` | `dots` / 12 | narrow characters in a line |
/// | `chinese` | true | whether it prints Chinese in Kanji mode |
/// | `cut` | partial | `partial`, `full`, or `none` for a printer without a cutter |
/// | `qr_module` | 6 | dots of a QR module; made smaller when the code does not fit |
/// | `confirm` | process-id | `process-id`, `status` (GS r alone), or `none` |
/// | `status_timeout_ms` | 500 | deadline of a status request |
/// | `quiet_ms` | 20 | silence on the line before a status request |
/// | `write_timeout_ms` | 10000 | how long the printer may take no byte |
/// | `process_id_timeout_ms` | 1000 | wait for the first process ID once GS r is answered |
/// | `confirm_timeout_ms` | 30000 | wait for the next confirmation of a block |
/// | `receive_buffer` | 4096 | bytes that the printer's receive buffer takes |
/// | `asb` | true | whether the printer sends its status by itself (GS a) from the first job on |
/// | `journal` | none | file in which the last job is remembered, for the next start |
/// | `drawer_pin` | 2 | connector pin of the drawer, 2 or 5 |
/// | `drawer_on_ms`, `drawer_off_ms` | 100, 400 | the drawer's pulse, up to 510 |
/// | `drawer_open_level` | low | level of the drawer's switch when open, `low` or `high` |
///
/// `confirm = status` is for printers that do not know GS ( H and print its ID as text.
#[derive(Debug, Clone)]
pub struct EscPosSettings {
    pub(crate) capabilities: PrinterCapabilities,
    pub(crate) cut: Option<CutShape>,
    pub(crate) qr_module: u8,
    pub(crate) confirmation: Confirmation,
    pub(crate) status_timeout: Duration,
    pub(crate) quiet: Duration,
    pub(crate) write_timeout: Duration,
    pub(crate) process_id_timeout: Duration,
    pub(crate) confirm_timeout: Duration,
    pub(crate) drawer_pulse: DrawerPulse,
    pub(crate) drawer_open_high: bool,
    pub(crate) job: JobSettings,
}

/// Says how a job is confirmed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Confirmation {
    /// With a process ID (GS ( H), and GS r for printers that have none.
    ProcessId,
    /// With GS r alone.
    Status,
    /// Not at all.
    None,
}

impl EscPosSettings {
    /// Reads the settings; what is missing takes its default.
    ///
    /// # Errors
    ///
    /// When a value does not parse or is out of range.
    pub fn from_settings(settings: &Settings) -> Result<Self, SettingError> {
        let Dots(dots) = settings.get_or("dots", Dots(384))?;
        let Columns(columns) = settings.get_or("columns", Columns(dots / 12))?;
        let chinese = settings.get_or("chinese", true)?;
        Ok(Self {
            capabilities: PrinterCapabilities::new(columns, dots, chinese),
            cut: settings.get_or("cut", Cutter(Some(CutShape::Partial)))?.0,
            qr_module: settings.get_or("qr_module", Module(6))?.0,
            confirmation: settings.get_or("confirm", Confirmation::ProcessId)?,
            status_timeout: milliseconds(settings, "status_timeout_ms", 500)?,
            quiet: milliseconds(settings, "quiet_ms", 20)?,
            write_timeout: milliseconds(settings, "write_timeout_ms", 10_000)?,
            process_id_timeout: milliseconds(settings, "process_id_timeout_ms", 1_000)?,
            confirm_timeout: milliseconds(settings, "confirm_timeout_ms", 30_000)?,
            drawer_pulse: DrawerPulse {
                pin: settings.get_or("drawer_pin", Pin(DrawerPin::Two))?.0,
                on: settings.get_or("drawer_on_ms", Pulse(50))?.0,
                off: settings.get_or("drawer_off_ms", Pulse(200))?.0,
            },
            drawer_open_high: settings.get_or("drawer_open_level", Level(false))?.0,
            job: JobSettings::from_settings(settings)?,
        })
    }

    /// Returns what the printer can do.
    #[must_use]
    pub fn capabilities(&self) -> &PrinterCapabilities {
        &self.capabilities
    }

    /// Returns how jobs are confirmed.
    #[must_use]
    pub fn confirmation(&self) -> Confirmation {
        self.confirmation
    }
}

fn milliseconds(settings: &Settings, key: &str, default: u64) -> Result<Duration, SettingError> {
    settings.get_or(key, default).map(Duration::from_millis)
}

impl FromStr for Confirmation {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        match text {
            "process-id" => Ok(Self::ProcessId),
            "status" => Ok(Self::Status),
            "none" => Ok(Self::None),
            _ => Err(()),
        }
    }
}

/// Defines a setting that is a number within a range, or one of some words.
macro_rules! setting {
    ($name:ident($type:ty), $text:ident => $parse:expr) => {
        struct $name($type);

        impl FromStr for $name {
            type Err = ();

            fn from_str($text: &str) -> Result<Self, ()> {
                let value: Option<$type> = $parse;
                value.map(Self).ok_or(())
            }
        }
    };
}

fn ranged<T: FromStr + PartialOrd>(text: &str, least: T, most: T) -> Option<T> {
    text.parse().ok().filter(|value| (least..=most).contains(value))
}

setting!(Dots(u16), text => ranged(text, 48, 4096));
setting!(Columns(u16), text => ranged(text, 8, 255));
setting!(Module(u8), text => ranged(text, 1, 16));
setting!(Pulse(u8), text => ranged(text, 2_u16, 510).and_then(|ms| u8::try_from(ms / 2).ok()));
setting!(Pin(DrawerPin), text => match text {
    "2" => Some(DrawerPin::Two),
    "5" => Some(DrawerPin::Five),
    _ => None,
});
setting!(Level(bool), text => match text {
    "low" => Some(false),
    "high" => Some(true),
    _ => None,
});
setting!(Cutter(Option<CutShape>), text => match text {
    "partial" => Some(Some(CutShape::Partial)),
    "full" => Some(Some(CutShape::Full)),
    "none" => Some(None),
    _ => None,
});

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn defaults_are_a_58_mm_printer() {
        let settings = EscPosSettings::from_settings(&Settings::new()).unwrap();
        assert_eq!(*settings.capabilities(), PrinterCapabilities::new(32, 384, true));
        assert_eq!(settings.confirmation(), Confirmation::ProcessId);
    }

    #[test]
    fn columns_follow_the_dots() {
        let settings = Settings::new().with("dots", 576).with("drawer_on_ms", 120);
        let settings = EscPosSettings::from_settings(&settings).unwrap();
        assert_eq!(settings.capabilities().columns, 48);
        assert_eq!(settings.drawer_pulse.on, 60);
    }

    #[test]
    fn values_out_of_range_name_their_key() {
        for (key, value) in [
            ("dots", "10"),
            ("columns", "0"),
            ("qr_module", "17"),
            ("drawer_pin", "3"),
            ("drawer_on_ms", "511"),
            ("drawer_open_level", "up"),
            ("cut", "yes"),
            ("confirm", "maybe"),
        ] {
            let settings = Settings::new().with(key, value);
            let error = EscPosSettings::from_settings(&settings).unwrap_err();
            assert_eq!(error.to_string(), format!("setting `{key}` cannot be `{value}`"));
        }
    }
}
