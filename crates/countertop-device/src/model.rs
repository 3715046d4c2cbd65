//! The models that a driver knows.

use serde::Serialize;

/// Is a model that a driver knows by its vendor and product, a row of the driver's table.
///
/// From these tables come the listing of what is attached and the udev rules.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[non_exhaustive]
pub struct UsbModel {
    /// Vendor (idVendor).
    pub vendor: u16,
    /// Product (idProduct).
    pub product: u16,
    /// Maker and model, for people.
    pub name: &'static str,
    /// The node of the kernel by which the driver reaches it.
    pub node: NodeKind,
    /// The kernel module that would take the device before the driver can, and must be kept away
    /// for good, such as `pn533_usb`.
    pub rival: Option<&'static str>,
}

/// Is a kind of device node.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum NodeKind {
    /// Keys and pens: `/dev/input/event*`.
    Evdev,
    /// Raw HID reports: `/dev/hidraw*`.
    Hidraw,
    /// A serial line of an adapter: `/dev/ttyUSB*`, `/dev/ttyACM*`.
    Serial,
    /// The whole device through libusb: `/dev/bus/usb/*/*`.
    Usb,
    /// A printer of the kernel's usblp: `/dev/usb/lp*`.
    Usblp,
}

impl UsbModel {
    /// Creates a row of a driver's table.
    #[must_use]
    pub const fn new(vendor: u16, product: u16, name: &'static str, node: NodeKind) -> Self {
        Self { vendor, product, name, node, rival: None }
    }

    /// Names the kernel module that must be kept away from this model.
    #[must_use]
    pub const fn with_rival(mut self, module: &'static str) -> Self {
        self.rival = Some(module);
        self
    }

    /// Finds the row of a vendor and product in a driver's table.
    #[must_use]
    pub fn find(table: &'static [Self], vendor: u16, product: u16) -> Option<&'static Self> {
        table.iter().find(|model| (model.vendor, model.product) == (vendor, product))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_found_by_vendor_and_product() {
        const TABLE: &[UsbModel] = &[
            UsbModel::new(0x0801, 0x0002, "MagTek", NodeKind::Hidraw),
            UsbModel::new(0x04e6, 0x5591, "SCM", NodeKind::Usb).with_rival("pn533_usb"),
        ];
        assert_eq!(UsbModel::find(TABLE, 0x04e6, 0x5591), Some(&TABLE[1]));
        assert_eq!(UsbModel::find(TABLE, 0x04e6, 0x0002), None);
        assert_eq!(TABLE[1].rival, Some("pn533_usb"));
    }
}
