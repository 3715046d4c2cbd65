//! What the configuration says about a printer.

use core::fmt;
use core::str::FromStr;
use core::time::Duration;
use std::sync::Arc;

use countertop_device::document::Font;
use countertop_device::{PrinterCapabilities, SettingError, Settings};
use countertop_wire::escpos::{CharacterSets, CutShape, DrawerPin, DrawerPulse, WideSet};

use crate::profile::{CutForm, Profile, Profiles};

use super::job_settings::JobSettings;

/// Holds the settings of an ESC/POS printer.
///
/// | key | default | means |
/// |---|---|---|
/// | `profile` | generic-58mm | the printer's model, see [`Profiles`] |
/// | `profile_file` | none | a file with more profiles, or others of known names |
/// | `dots` | the profile's, 384 | dots in a line: 384 for 58 mm, 576 for 80 mm |
/// | `columns` | the profile's, or `dots` / 12 where those are given | narrow characters in a line |
/// | `chinese` | the profile's, true | whether it prints Chinese in Kanji mode |
/// | `cut` | the profile's, partial | `partial`, `full`, or `none` for a printer without a cutter |
/// | `qr_module` | 6 | dots of a QR module; made smaller when the code does not fit |
/// | `confirm` | process-id where the profile has it | `process-id`, `status` (GS r alone), or `none` |
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
/// What is set takes precedence over what the profile says; without a profile the printer is one of
/// 58 mm paper with Chinese, as most of those with a portable terminal are.
///
/// `confirm = status` is for printers that do not know GS ( H and print its ID as text.
#[derive(Debug, Clone)]
pub struct EscPosSettings {
    pub(crate) capabilities: PrinterCapabilities,
    pub(crate) profile: Arc<Profile>,
    pub(crate) sets: Arc<CharacterSets>,
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
        let profile = profile(settings)?;
        let chinese =
            matches!(profile.kanji(), Some(WideSet::Gb18030 | WideSet::Gb2312 | WideSet::Big5));
        let columns = profile.columns(Font::A).unwrap_or_default();
        let by_id =
            if profile.has_process_id() { Confirmation::ProcessId } else { Confirmation::Status };
        Ok(Self {
            capabilities: PrinterCapabilities::new(columns, profile.dots(), chinese),
            cut: settings.get_or("cut", Cutter(profile.cut().first().copied().map(shape)))?.0,
            qr_module: settings.get_or("qr_module", Module(6))?.0,
            confirmation: settings.get_or("confirm", by_id)?,
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
            job: job(settings, &profile)?,
            sets: profile.character_sets().into(),
            profile: profile.into(),
        })
    }

    /// Returns what the printer can do.
    #[must_use]
    pub fn capabilities(&self) -> &PrinterCapabilities {
        &self.capabilities
    }

    /// Returns the printer's profile, with what is set in its place.
    #[must_use]
    pub fn profile(&self) -> &Profile {
        &self.profile
    }

    /// Returns how jobs are confirmed.
    #[must_use]
    pub fn confirmation(&self) -> Confirmation {
        self.confirmation
    }
}

/// Returns the profile that is named, with its dots, columns and Kanji as they are set.
fn profile(settings: &Settings) -> Result<Profile, SettingError> {
    let name = settings.text("profile").unwrap_or("generic-58mm");
    let found = match settings.text("profile_file") {
        None => Profiles::builtin().get(name).cloned(),
        Some(path) => read_profiles(path)?.get(name).cloned(),
    };
    let unknown = || SettingError { key: "profile".into(), value: name.into() };
    let mut profile = Profile::clone(&*found.ok_or_else(unknown)?);
    let columns = profile.columns(Font::A).unwrap_or_default();
    let Dots(dots) = settings.get_or("dots", Dots(profile.dots()))?;
    let columns = if dots == profile.dots() { columns } else { dots / 12 };
    let Columns(columns) = settings.get_or("columns", Columns(columns))?;
    profile.set_width(dots, columns);
    let chinese = settings.get_or("chinese", profile.kanji().is_some())?;
    profile.set_kanji(chinese);
    Ok(profile)
}

/// Returns how jobs are sent; what is not set is as the profile says.
fn job(settings: &Settings, profile: &Profile) -> Result<JobSettings, SettingError> {
    let mut job = JobSettings::from_settings(settings)?;
    if settings.text("receive_buffer").is_none() {
        job.receive_buffer = profile.buffer();
    }
    if settings.text("asb").is_none() {
        job.asb = profile.has_automatic_status();
    }
    Ok(job)
}

fn read_profiles(path: &str) -> Result<Profiles, SettingError> {
    let error = |what: &dyn fmt::Display| SettingError {
        key: "profile_file".into(),
        value: format!("{path}: {what}"),
    };
    let text = std::fs::read_to_string(path).map_err(|reason| error(&reason))?;
    Profiles::builtin().clone().with_file(&text).map_err(|reason| error(&reason))
}

fn shape(form: CutForm) -> CutShape {
    match form {
        CutForm::Full => CutShape::Full,
        CutForm::Partial => CutShape::Partial,
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
    fn a_profile_says_what_the_printer_can_do() {
        let settings = Settings::new().with("profile", "TM-T88VI");
        let of = |settings: &Settings| EscPosSettings::from_settings(settings).unwrap();
        assert_eq!(*of(&settings).capabilities(), PrinterCapabilities::new(42, 512, false));
        assert_eq!(of(&settings).cut, Some(CutShape::Partial));
        let set = settings.with("chinese", true).with("columns", 40).with("cut", "none");
        assert_eq!(*of(&set).capabilities(), PrinterCapabilities::new(40, 512, true));
        assert_eq!(of(&set).profile().kanji(), Some(WideSet::Gb18030));
        assert_eq!(of(&set).profile().columns(Font::B), Some(53));
        assert_eq!(of(&set).cut, None);
        let other = of(&Settings::new().with("profile", "ZJ-5870"));
        assert_eq!((other.confirmation(), other.cut), (Confirmation::Status, None));
    }

    #[test]
    fn a_file_of_profiles_is_read() {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(&file, "[profile.till]\ninherits = \"TM-T88VI\"\ndots = 500\n").unwrap();
        let path = file.path().display();
        let settings = Settings::new().with("profile", "till").with("profile_file", path);
        assert_eq!(EscPosSettings::from_settings(&settings).unwrap().capabilities().dots, 500);
        std::fs::write(&file, "[profile.till]\ndotz = 500\n").unwrap();
        let error = EscPosSettings::from_settings(&settings).unwrap_err().to_string();
        assert!(error.contains("line 2") && error.contains("dotz"), "{error}");
    }

    #[test]
    fn values_out_of_range_name_their_key() {
        for (key, value) in [
            ("profile", "TM-T89"),
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
