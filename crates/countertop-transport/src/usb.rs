//! The seam for USB: what is plugged in, by descriptor, through the crate rusb.
//!
//! Listing reads the descriptors that the kernel has cached; not a byte goes to a device.

use countertop_device::{DeviceError, DeviceErrorKind, Identity, Selector};

/// Is a USB device that is plugged in.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct UsbDevice {
    /// Selects this device by vendor and product.
    pub selector: Selector,
    /// Its place in the topology: bus and ports, such as `usb-1-2.3`.
    pub identity: Identity,
    /// Class, subclass and protocol of each interface: a printer has `(7, 1, 1)` or `(7, 1, 2)`.
    pub interfaces: Vec<(u8, u8, u8)>,
}

/// Lists the USB devices that are plugged in.
///
/// # Errors
///
/// When libusb cannot read the bus.
pub fn list() -> Result<Vec<UsbDevice>, DeviceError> {
    let devices = rusb::devices().map_err(|error| {
        DeviceError::new(DeviceErrorKind::Other, "usb", "list").with_source(error)
    })?;
    Ok(devices.iter().filter_map(|device| describe(&device)).collect())
}

/// Returns `None` for a device that went away while it was being read.
fn describe(device: &rusb::Device<rusb::GlobalContext>) -> Option<UsbDevice> {
    let descriptor = device.device_descriptor().ok()?;
    let ports = device.port_numbers().ok()?;
    let ports: Vec<String> = ports.iter().map(u8::to_string).collect();
    Some(UsbDevice {
        selector: Selector::Usb {
            vendor: descriptor.vendor_id(),
            product: descriptor.product_id(),
            serial: None,
        },
        identity: Identity(format!("usb-{}-{}", device.bus_number(), ports.join("."))),
        interfaces: interfaces(device),
    })
}

fn interfaces(device: &rusb::Device<rusb::GlobalContext>) -> Vec<(u8, u8, u8)> {
    // A device that is not configured has no interfaces to show.
    let Ok(config) = device.active_config_descriptor() else { return Vec::new() };
    config
        .interfaces()
        .flat_map(|interface| interface.descriptors())
        .map(|it| (it.class_code(), it.sub_class_code(), it.protocol_code()))
        .collect()
}

#[cfg(test)]
mod tests {
    #[test]
    fn listing_needs_no_device() {
        // A machine without a USB bus answers an error, never a panic; one with a bus a list.
        if let Ok(devices) = super::list() {
            for device in devices {
                assert!(device.selector.to_string().starts_with("usb:"));
            }
        }
    }
}
