use core::str::FromStr;

use countertop_device::{SettingError, Settings};

/// Holds the settings of a serial line.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct SerialSettings {
    /// Bits a second, key `baud`.
    pub baud: u32,
    /// Data bits, 7 or 8, key `data_bits`.
    pub data_bits: u8,
    /// Parity, key `parity`.
    pub parity: Parity,
    /// Stop bits, 1 or 2, key `stop_bits`.
    pub stop_bits: u8,
    /// Flow control, key `flow`.
    pub flow: FlowControl,
    /// Level of DTR, key `dtr`: `on` or `off`. Without it DTR is on, as opening sets it; a device
    /// sees that even when it is off.
    pub dtr: Option<bool>,
    /// Level of RTS, key `rts`: `on` or `off`. Without it RTS is on. Not with RTS/CTS flow control,
    /// which moves it.
    pub rts: Option<bool>,
}

/// Is the parity of a serial line: `none`, `odd` or `even`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Parity {
    /// No parity bit.
    None,
    /// Odd number of ones.
    Odd,
    /// Even number of ones.
    Even,
}

/// Is the flow control of a serial line: `none`, `xonxoff`, `rtscts` or `dtrdsr`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum FlowControl {
    /// None.
    None,
    /// XON and XOFF characters.
    XonXoff,
    /// The RTS and CTS lines.
    RtsCts,
    /// The device's DTR, which is DSR here: receipt printers have it so by default. The kernel knows
    /// nothing of it, so bytes go out few at a time while DSR is on. Where the cable leads the
    /// device's DTR to CTS, [`RtsCts`](Self::RtsCts) is what works without that.
    DtrDsr,
}

impl Default for SerialSettings {
    /// Returns 115,200 bits a second, 8N1, no flow control.
    fn default() -> Self {
        Self {
            baud: 115_200,
            data_bits: 8,
            parity: Parity::None,
            stop_bits: 1,
            flow: FlowControl::None,
            dtr: None,
            rts: None,
        }
    }
}

impl SerialSettings {
    /// Reads the settings from a device's entries; what is not given is as in
    /// [`default`](Self::default).
    ///
    /// # Errors
    ///
    /// When an entry does not parse.
    pub fn from_settings(settings: &Settings) -> Result<Self, SettingError> {
        let default = Self::default();
        let flow = settings.get_or("flow", default.flow)?;
        let rts = level(settings, "rts")?;
        if let (FlowControl::RtsCts, Some(level)) = (flow, rts) {
            let value = if level { "on" } else { "off" };
            return Err(SettingError { key: "rts".into(), value: value.into() });
        }
        Ok(Self {
            baud: settings.get_or("baud", default.baud)?,
            data_bits: one_of(settings, "data_bits", default.data_bits, &[7, 8])?,
            parity: settings.get_or("parity", default.parity)?,
            stop_bits: one_of(settings, "stop_bits", default.stop_bits, &[1, 2])?,
            flow,
            dtr: level(settings, "dtr")?,
            rts,
        })
    }
}

fn one_of(settings: &Settings, key: &str, default: u8, valid: &[u8]) -> Result<u8, SettingError> {
    let value = settings.get_or(key, default)?;
    if valid.contains(&value) {
        return Ok(value);
    }
    Err(SettingError { key: key.into(), value: value.to_string() })
}

/// Is the level of a line, as settings write it, or that of the kernel.
struct Level(Option<bool>);

fn level(settings: &Settings, key: &str) -> Result<Option<bool>, SettingError> {
    settings.get_or(key, Level(None)).map(|Level(level)| level)
}

impl FromStr for Level {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        match text {
            "on" => Ok(Self(Some(true))),
            "off" => Ok(Self(Some(false))),
            _ => Err(()),
        }
    }
}

impl FromStr for Parity {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        match text {
            "none" => Ok(Self::None),
            "odd" => Ok(Self::Odd),
            "even" => Ok(Self::Even),
            _ => Err(()),
        }
    }
}

impl FromStr for FlowControl {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        match text {
            "none" => Ok(Self::None),
            "xonxoff" => Ok(Self::XonXoff),
            "rtscts" => Ok(Self::RtsCts),
            "dtrdsr" => Ok(Self::DtrDsr),
            _ => Err(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settings_have_defaults_and_bounds() {
        let settings = Settings::new().with("baud", 9600).with("parity", "even");
        let serial = SerialSettings::from_settings(&settings).unwrap();
        assert_eq!((serial.baud, serial.parity, serial.data_bits), (9600, Parity::Even, 8));
        for (key, value) in [("data_bits", "9"), ("stop_bits", "0"), ("flow", "hardware")] {
            let settings = Settings::new().with(key, value);
            assert_eq!(SerialSettings::from_settings(&settings).unwrap_err().key, key);
        }
    }

    #[test]
    fn lines_are_on_off_or_left() {
        let settings = Settings::new().with("dtr", "off").with("rts", "on");
        let serial = SerialSettings::from_settings(&settings).unwrap();
        assert_eq!((serial.dtr, serial.rts), (Some(false), Some(true)));
        assert_eq!(SerialSettings::default().dtr, None);
        for settings in [
            Settings::new().with("rts", "true"),
            Settings::new().with("rts", "off").with("flow", "rtscts"),
        ] {
            assert_eq!(SerialSettings::from_settings(&settings).unwrap_err().key, "rts");
        }
    }
}
