//! From libnfc's errors to those of a device.

use countertop_device::{DeviceError, DeviceErrorKind};
use nfc1::Error;

/// Translates an error of libnfc where it says enough by itself.
pub(super) fn from_library(error: Error, device: &str, action: &'static str) -> DeviceError {
    DeviceError::new(kind(error), device, action).with_source(error)
}

fn kind(error: Error) -> DeviceErrorKind {
    match error {
        Error::Io | Error::NoSuchDeviceFound => DeviceErrorKind::Disconnected,
        Error::NoDeviceFound => DeviceErrorKind::NotFound,
        Error::Timeout => DeviceErrorKind::TimedOut,
        Error::TargetReleased => DeviceErrorKind::CardRemoved,
        Error::InvalidArgument | Error::DeviceNotSupported | Error::NotImplemented => {
            DeviceErrorKind::InvalidInput
        }
        Error::BufferOverflow
        | Error::RfTransmissionError
        | Error::MifareAuthFailed
        | Error::Chip => DeviceErrorKind::Protocol,
        Error::Malloc
        | Error::Undefined(_)
        | Error::UndefinedModulationType
        | Error::OperationAborted
        | Error::Soft => DeviceErrorKind::Other,
    }
}
