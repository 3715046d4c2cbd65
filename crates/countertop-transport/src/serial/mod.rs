//! Serial lines through the crate serialport (by tokio-serial).

mod gate;
mod settings;
mod stream;

use core::time::Duration;

use countertop_device::{DeviceError, DeviceErrorKind};
use tokio_serial::{ErrorKind, SerialPort as _, SerialPortBuilderExt as _, SerialStream};

use crate::BoxLink;
pub use settings::{FlowControl, Parity, SerialSettings};
use stream::SerialLine;

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
            FlowControl::None | FlowControl::DtrDsr => tokio_serial::FlowControl::None,
            FlowControl::XonXoff => tokio_serial::FlowControl::Software,
            FlowControl::RtsCts => tokio_serial::FlowControl::Hardware,
        })
        .timeout(Duration::from_secs(1));
    let opened = builder.open_native_async().and_then(|stream| set_lines(stream, settings));
    match opened {
        Ok(mut stream) if settings.flow == FlowControl::DtrDsr => {
            stream.read_data_set_ready().map_err(|error| no_dsr(path, error))?;
            Ok(Box::new(SerialLine::new(stream).with_gate(settings.baud)))
        }
        Ok(stream) => Ok(Box::new(SerialLine::new(stream))),
        Err(error) => Err(open_error(path, error)),
    }
}

/// Sets the modem lines that the settings name; the kernel has set both while opening.
fn set_lines(
    mut stream: SerialStream,
    settings: &SerialSettings,
) -> Result<SerialStream, tokio_serial::Error> {
    if let Some(level) = settings.dtr {
        stream.write_data_terminal_ready(level)?;
    }
    if let Some(level) = settings.rts {
        stream.write_request_to_send(level)?;
    }
    Ok(stream)
}

/// What the crate says of ENODEV, ENXIO and EIO, for which it has no kind: the device was pulled
/// while it was being opened.
const GONE: [&str; 3] = ["No such device", "No such device or address", "I/O error"];

fn no_dsr(path: &str, error: tokio_serial::Error) -> DeviceError {
    DeviceError::new(DeviceErrorKind::InvalidInput, format!("serial:{path}"), "read DSR")
        .with_source(error)
        .with_help("this line has no DSR: choose another flow control")
}

fn open_error(path: &str, error: tokio_serial::Error) -> DeviceError {
    let kind = match error.kind() {
        // The crate answers ENODEV, and EBUSY for a line that another program holds.
        ErrorKind::NoDevice if error.description.contains("busy") => DeviceErrorKind::Busy,
        ErrorKind::NoDevice => DeviceErrorKind::NotFound,
        ErrorKind::InvalidInput => DeviceErrorKind::InvalidInput,
        ErrorKind::Io(kind) => DeviceErrorKind::from(kind),
        ErrorKind::Unknown if GONE.contains(&error.description.as_str()) => {
            DeviceErrorKind::Disconnected
        }
        ErrorKind::Unknown => DeviceErrorKind::Other,
    };
    DeviceError::new(kind, format!("serial:{path}"), "open").with_source(error)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_pulled_while_it_is_opened_is_disconnected() {
        let kind = |kind, text: &str| {
            open_error("/dev/ttyUSB0", tokio_serial::Error::new(kind, text)).kind()
        };
        let gone = kind(ErrorKind::Unknown, "No such device");
        assert_eq!(gone, DeviceErrorKind::Disconnected);
        assert_eq!(kind(ErrorKind::Unknown, "Text file busy"), DeviceErrorKind::Other);
        let busy = kind(ErrorKind::NoDevice, "Device or resource busy");
        assert_eq!(busy, DeviceErrorKind::Busy);
    }
}
