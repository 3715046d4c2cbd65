//! Scanners among the HID devices.

use std::fs;
use std::path::Path;

use countertop_device::{DeviceError, DeviceErrorKind, Identity, Selector, UsbModel};
use countertop_transport::hidraw::{self, HidrawDevice};
use countertop_wire::hid_pos::ScanLayout;

use super::models::MODELS;

/// Lists the HID devices whose report descriptor, as the kernel shows it, is a scanner's.
pub(super) fn scanners() -> Result<Vec<HidrawDevice>, DeviceError> {
    let mut devices = hidraw::list()?;
    devices.retain(|device| is_scanner(Path::new("/sys/class/hidraw"), device));
    Ok(devices)
}

/// Asks the kernel's list at `class`, not the device.
fn is_scanner(class: &Path, device: &HidrawDevice) -> bool {
    let name = Path::new(&device.node).file_name().unwrap_or_default();
    let descriptor = fs::read(class.join(name).join("device/report_descriptor"));
    descriptor.is_ok_and(|descriptor| ScanLayout::of(&descriptor).is_ok())
}

/// Returns what people call a device.
pub(super) fn model_of(device: &HidrawDevice) -> &str {
    UsbModel::find(MODELS, device.vendor, device.product).map_or(&device.name, |model| model.name)
}

/// Finds the scanner that a selector names: `hidraw:` a node or a link to one, `usb:` the first scanner
/// of vendor, product and serial number.
pub(super) fn find(selector: &Selector) -> Result<HidrawDevice, DeviceError> {
    let fail = |kind| DeviceError::new(kind, selector.to_string(), "open");
    let found = match selector {
        Selector::Hidraw(path) => {
            let node = fs::canonicalize(path)
                .map_err(|error| DeviceError::from_io(error, selector.to_string(), "open"))?;
            hidraw::list()?.into_iter().find(|device| Path::new(&device.node) == node)
        }
        Selector::Usb { vendor, product, serial } => {
            let of = |serial: &String| Identity::from_serial_number(*vendor, *product, serial);
            let serial = serial.as_ref().map(of);
            scanners()?.into_iter().find(|device| {
                let model = (device.vendor, device.product) == (*vendor, *product);
                model && (serial.is_none() || device.identity == serial)
            })
        }
        _ => {
            let help = "select it by hidraw:/dev/hidraw… or usb:VID:PID";
            return Err(fail(DeviceErrorKind::InvalidInput).with_help(help));
        }
    };
    found.ok_or_else(|| fail(DeviceErrorKind::NotFound))
}
