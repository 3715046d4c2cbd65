//! Errors of this driver.

use countertop_device::{DeviceError, DeviceErrorKind};
use countertop_transport::hid::HidLine;
use countertop_wire::hid_pos::LayoutError;

/// Creates the error of a HID device that is no scanner.
pub(super) fn no_scanner(line: &HidLine, why: LayoutError) -> DeviceError {
    line.error(DeviceErrorKind::InvalidInput, "open").with_source(why).with_help(
        "set the scanner to HID POS mode with the bar code of its manual, or name another node",
    )
}
