//! What libusb's errors mean, in the operating system's terms.

use std::io;

use countertop_device::{DeviceError, DeviceErrorKind};

/// ENODEV: the device was pulled.
pub(super) const GONE: i32 = 19;
/// EIO: the transfer broke; so it does in the moment in which the device is pulled.
const BROKEN: i32 = 5;

/// Returns the operating system's number of an error.
pub(super) fn number(error: &io::Error) -> i32 {
    error.raw_os_error().unwrap_or(BROKEN)
}

/// Translates an error of a transfer.
pub(super) fn of_transfer(error: rusb::Error) -> io::Error {
    io::Error::from_raw_os_error(match error {
        rusb::Error::NoDevice | rusb::Error::NotFound => GONE,
        // EPIPE, EOVERFLOW, ETIMEDOUT, ENOMEM.
        rusb::Error::Pipe => 32,
        rusb::Error::Overflow => 75,
        rusb::Error::Timeout => 110,
        rusb::Error::NoMem => 12,
        _ => BROKEN,
    })
}

/// Translates an error of opening and claiming.
pub(super) fn of_call(error: rusb::Error, device: &str, action: &'static str) -> DeviceError {
    DeviceError::new(kind(error), device, action).with_source(error)
}

fn kind(error: rusb::Error) -> DeviceErrorKind {
    match error {
        rusb::Error::Access => DeviceErrorKind::PermissionDenied,
        rusb::Error::Busy => DeviceErrorKind::Busy,
        // Whatever else breaks was there a moment ago: the listing has just shown it.
        rusb::Error::NoDevice | rusb::Error::NotFound | rusb::Error::Io => {
            DeviceErrorKind::Disconnected
        }
        rusb::Error::Timeout => DeviceErrorKind::TimedOut,
        rusb::Error::Pipe => DeviceErrorKind::Protocol,
        _ => DeviceErrorKind::Other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pulled_device_is_disconnected_in_every_call() {
        let error = of_transfer(rusb::Error::NoDevice);
        assert_eq!(number(&error), GONE);
        let error = of_call(rusb::Error::NoDevice, "usb:04b8:0e15", "open");
        assert_eq!(error.kind(), DeviceErrorKind::Disconnected);
        assert_eq!(kind(rusb::Error::Access), DeviceErrorKind::PermissionDenied);
    }
}
