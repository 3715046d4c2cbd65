//! Serial lines through the crate serialport (by tokio-serial).

use core::str::FromStr;
use core::time::Duration;

use countertop_device::{DeviceError, DeviceErrorKind, SettingError, Settings};
use tokio_serial::{ErrorKind, SerialPortBuilderExt as _};

use crate::BoxLink;

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

/// Is the flow control of a serial line: `none`, `xonxoff` or `rtscts`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum FlowControl {
    /// None.
    None,
    /// XON and XOFF characters.
    XonXoff,
    /// The RTS and CTS lines.
    RtsCts,
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
        Ok(Self {
            baud: settings.get_or("baud", default.baud)?,
            data_bits: one_of(settings, "data_bits", default.data_bits, &[7, 8])?,
            parity: settings.get_or("parity", default.parity)?,
            stop_bits: one_of(settings, "stop_bits", default.stop_bits, &[1, 2])?,
            flow: settings.get_or("flow", default.flow)?,
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
            _ => Err(()),
        }
    }
}

pub(crate) fn open(path: &str, settings: &SerialSettings) -> Result<BoxLink, DeviceError> {
    let builder = tokio_serial::new(path, settings.baud)
        .data_bits(match settings.data_bits {
            7 => tokio_serial::DataBits::Seven,
            _ => tokio_serial::DataBits::Eight,
        })
        .parity(match settings.parity {
            Parity::None => tokio_serial::Parity::None,
            Parity::Odd => tokio_serial::Parity::Odd,
            Parity::Even => tokio_serial::Parity::Even,
        })
        .stop_bits(match settings.stop_bits {
            2 => tokio_serial::StopBits::Two,
            _ => tokio_serial::StopBits::One,
        })
        .flow_control(match settings.flow {
            FlowControl::None => tokio_serial::FlowControl::None,
            FlowControl::XonXoff => tokio_serial::FlowControl::Software,
            FlowControl::RtsCts => tokio_serial::FlowControl::Hardware,
        })
        .timeout(Duration::from_secs(1));
    match builder.open_native_async() {
        Ok(stream) => Ok(Box::new(stream)),
        Err(error) => Err(open_error(path, error)),
    }
}

fn open_error(path: &str, error: tokio_serial::Error) -> DeviceError {
    let kind = match error.kind() {
        // The crate answers ENODEV, and EBUSY for a line that another program holds.
        ErrorKind::NoDevice if error.description.contains("busy") => DeviceErrorKind::Busy,
        ErrorKind::NoDevice => DeviceErrorKind::NotFound,
        ErrorKind::InvalidInput => DeviceErrorKind::InvalidInput,
        ErrorKind::Io(kind) => DeviceErrorKind::from(kind),
        ErrorKind::Unknown => DeviceErrorKind::Other,
    };
    DeviceError::new(kind, format!("serial:{path}"), "open").with_source(error)
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
}
