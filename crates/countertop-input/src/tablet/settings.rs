//! Settings of this driver.

use core::str::FromStr;
use core::time::Duration;

use countertop_device::{SettingError, Settings};
use countertop_wire::pen::code;

/// Says what ends a signature.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Finish {
    /// The pen is up for so long.
    Idle(Duration),
    /// A button.
    Button(u16),
}

/// Is a button of the pen, or beside the writing area.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Button(pub(super) u16);

impl FromStr for Button {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        match text {
            "stylus" => return Ok(Self(code::BTN_STYLUS)),
            "stylus2" => return Ok(Self(code::BTN_STYLUS2)),
            _ => {}
        }
        let number = text.strip_prefix("pad").and_then(|number| number.parse::<u16>().ok());
        let number = number.filter(|number| *number < 10).ok_or(())?;
        Ok(Self(code::BTN_0 + number))
    }
}

#[derive(Debug, Clone, Copy)]
pub(super) struct TabletSettings {
    pub(super) finish: Finish,
    /// Key `cancel_button`.
    pub(super) cancel: u16,
    /// Keys `picture_width` and `picture_height`.
    pub(super) picture: (u32, u32),
    /// Key `pen_width`.
    pub(super) pen_width: u8,
    /// Key `min_dots`.
    pub(super) min_dots: u32,
}

impl TabletSettings {
    pub(super) fn from_settings(settings: &Settings) -> Result<Self, SettingError> {
        let idle = Duration::from_millis(settings.get_or("idle_ms", 1500)?);
        let finish = match settings.text("finish") {
            None | Some("idle") => Finish::Idle(idle),
            Some(_) => Finish::Button(settings.get_or("finish", Button(code::BTN_STYLUS))?.0),
        };
        Ok(Self {
            finish,
            cancel: settings.get_or("cancel_button", Button(code::BTN_STYLUS2))?.0,
            picture: (side(settings, "picture_width", 240)?, side(settings, "picture_height", 80)?),
            pen_width: settings.get_or("pen_width", 1)?,
            min_dots: settings.get_or("min_dots", 30)?,
        })
    }
}

/// Returns a side of the picture, which must be one that a picture can have.
fn side(settings: &Settings, key: &str, default: u32) -> Result<u32, SettingError> {
    let side = settings.get_or(key, default)?;
    if (1..=1024).contains(&side) {
        return Ok(side);
    }
    Err(SettingError { key: key.into(), value: side.to_string() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn buttons_have_names() {
        for (text, code) in
            [("stylus", 0x14b), ("stylus2", 0x14c), ("pad0", 0x100), ("pad9", 0x109)]
        {
            assert_eq!(text.parse(), Ok(Button(code)));
        }
        let settings = Settings::new().with("finish", "pad3");
        let finish = TabletSettings::from_settings(&settings).unwrap().finish;
        assert_eq!(finish, Finish::Button(0x103));
    }

    #[test]
    fn bad_values_name_their_key() {
        for (key, value) in [
            ("finish", "pad10"),
            ("cancel_button", "escape"),
            ("idle_ms", "soon"),
            ("picture_width", "0"),
            ("picture_height", "5000"),
            ("pen_width", "thick"),
            ("min_dots", "few"),
        ] {
            let settings = Settings::new().with(key, value);
            assert_eq!(TabletSettings::from_settings(&settings).unwrap_err().key, key);
        }
    }
}
