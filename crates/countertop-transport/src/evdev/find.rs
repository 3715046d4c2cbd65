//! From selectors to nodes.

use std::fs;
use std::path::Path;

use countertop_device::{DeviceError, DeviceErrorKind, Identity, Selector, UsbModel};

use super::{EvdevDevice, list};

/// Finds the input device that a selector names: `evdev:` a node or a link to one, `usb:` the first of
/// vendor, product and serial number that has what `wanted` asks for, since a USB device may be several
/// input devices.
///
/// # Errors
///
/// [`NotFound`](DeviceErrorKind::NotFound) when there is none,
/// [`InvalidInput`](DeviceErrorKind::InvalidInput) for a selector of another kind.
pub fn find(
    selector: &Selector,
    wanted: impl Fn(&EvdevDevice) -> bool,
) -> Result<EvdevDevice, DeviceError> {
    let fail = |kind| DeviceError::new(kind, selector.to_string(), "open");
    let is_named: Box<dyn Fn(&EvdevDevice) -> bool> = match selector {
        Selector::Evdev(path) => {
            let node = fs::canonicalize(path)
                .map_err(|error| DeviceError::from_io(error, selector.to_string(), "open"))?;
            Box::new(move |device| Path::new(&device.node) == node)
        }
        Selector::Usb { vendor, product, serial } => {
            let of = |serial: &String| Identity::from_serial_number(*vendor, *product, serial);
            let serial = serial.as_ref().map(of);
            Box::new(move |device| {
                let model = (device.vendor, device.product) == (*vendor, *product);
                model && (serial.is_none() || device.identity == serial) && wanted(device)
            })
        }
        _ => {
            let help = "select it by evdev:/dev/input/event… or usb:VID:PID";
            return Err(fail(DeviceErrorKind::InvalidInput).with_help(help));
        }
    };
    let found = list()?.into_iter().find(|device| is_named(device));
    found.ok_or_else(|| fail(DeviceErrorKind::NotFound))
}

/// Lists the devices of a driver's table that have what `wanted` asks for, with the table's names.
///
/// # Errors
///
/// When the kernel's list cannot be read.
pub fn list_models(
    models: &'static [UsbModel],
    wanted: impl Fn(&EvdevDevice) -> bool,
) -> Result<Vec<(EvdevDevice, &'static str)>, DeviceError> {
    let known = |device: EvdevDevice| {
        let model = UsbModel::find(models, device.vendor, device.product)?;
        wanted(&device).then_some((device, model.name))
    };
    Ok(list()?.into_iter().filter_map(known).collect())
}
