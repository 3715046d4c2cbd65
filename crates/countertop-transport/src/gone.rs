//! How an operating system says that a device was pulled.

use std::io;

use countertop_device::{DeviceError, DeviceErrorKind};

/// EIO, ENXIO, ENODEV and ESHUTDOWN, which a pulled device answers and std has no kind for.
const GONE: [i32; 4] = [5, 6, 19, 108];

/// Creates the error of a device that was being opened or used.
pub(crate) fn io_error(error: io::Error, device: &str, action: &'static str) -> DeviceError {
    if error.raw_os_error().is_some_and(|code| GONE.contains(&code)) {
        return DeviceError::new(DeviceErrorKind::Disconnected, device, action).with_source(error);
    }
    DeviceError::from_io(error, device, action)
}
