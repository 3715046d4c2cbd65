//! Errors of this driver.

use countertop_device::{DeviceError, DeviceErrorKind};
use countertop_wire::stripe::msr::Status;

use super::Carrier;

/// Says what the reader said in place of an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(super) enum Msr605Error {
    /// A status that means that the two do not understand each other.
    #[error("the reader refused the command with status {0:?}")]
    Refused(Status),
}

pub(super) fn protocol(line: &dyn Carrier, action: &'static str, status: Status) -> DeviceError {
    line.error(DeviceErrorKind::Protocol, action).with_source(Msr605Error::Refused(status))
}
