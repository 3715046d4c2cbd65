//! Errors of this driver.

use countertop_device::{DeviceError, DeviceErrorKind};
use countertop_transport::hid::HidLine;
use countertop_wire::msr605x::PacketError;

/// Says why a device or a report is none of this reader's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(super) enum Msr605xError {
    /// Its reports have other lengths.
    #[error("the device has no reports of 64 bytes in and out")]
    OtherReports,
    /// A command cannot be packed.
    #[error(transparent)]
    Packet(#[from] PacketError),
}

pub(super) fn no_reader(line: &HidLine) -> DeviceError {
    line.error(DeviceErrorKind::InvalidInput, "open")
        .with_source(Msr605xError::OtherReports)
        .with_help("an insert reader of MagTek has the same USB numbers and is not supported")
}

pub(super) fn no_command(line: &HidLine, action: &'static str, why: PacketError) -> DeviceError {
    line.error(DeviceErrorKind::InvalidInput, action).with_source(Msr605xError::from(why))
}
