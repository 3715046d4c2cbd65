use super::super::UsbError;
use super::super::error::descriptor;
use super::{DEVICE, DEVICE_QUALIFIER};

/// Is a device descriptor (clause 9.6.1, table 9-8).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct DeviceDescriptor {
    /// bcdUSB: `0x0200` for 2.0.
    pub usb_release: u16,
    /// bDeviceClass; 0 where each interface has its own.
    pub class: u8,
    /// bDeviceSubClass.
    pub subclass: u8,
    /// bDeviceProtocol.
    pub protocol: u8,
    /// bMaxPacketSize0: 8, 16, 32 or 64.
    pub max_packet_size: u8,
    /// idVendor.
    pub vendor: u16,
    /// idProduct.
    pub product: u16,
    /// bcdDevice.
    pub device_release: u16,
    /// iManufacturer; 0 for none.
    pub manufacturer: u8,
    /// iProduct; 0 for none.
    pub product_string: u8,
    /// iSerialNumber; 0 for none.
    pub serial_number: u8,
    /// bNumConfigurations.
    pub configurations: u8,
}

impl DeviceDescriptor {
    /// Bytes of a device descriptor.
    pub const LENGTH: usize = 18;

    /// Creates the descriptor of a USB 2.0 device with one configuration, the class in its
    /// interfaces, release 1.00 and no strings.
    #[must_use]
    pub const fn new(vendor: u16, product: u16) -> Self {
        Self {
            usb_release: 0x0200,
            class: 0,
            subclass: 0,
            protocol: 0,
            max_packet_size: 64,
            vendor,
            product,
            device_release: 0x0100,
            manufacturer: 0,
            product_string: 0,
            serial_number: 0,
            configurations: 1,
        }
    }

    /// Reads a descriptor from the start of `bytes`.
    ///
    /// # Errors
    ///
    /// When the bytes end too early or are another descriptor.
    pub fn parse(bytes: &[u8]) -> Result<Self, UsbError> {
        let fields: [u8; Self::LENGTH] = descriptor(bytes, DEVICE, "device descriptor")?;
        let [_, _, u0, u1, class, subclass, protocol, max_packet_size, rest @ ..] = fields;
        let [v0, v1, p0, p1, d0, d1, manufacturer, product, serial_number, configurations] = rest;
        Ok(Self {
            usb_release: u16::from_le_bytes([u0, u1]),
            class,
            subclass,
            protocol,
            max_packet_size,
            vendor: u16::from_le_bytes([v0, v1]),
            product: u16::from_le_bytes([p0, p1]),
            device_release: u16::from_le_bytes([d0, d1]),
            manufacturer,
            product_string: product,
            serial_number,
            configurations,
        })
    }

    /// Returns the descriptor's bytes.
    #[must_use]
    pub const fn to_bytes(self) -> [u8; Self::LENGTH] {
        let [u0, u1] = self.usb_release.to_le_bytes();
        let [v0, v1] = self.vendor.to_le_bytes();
        let [p0, p1] = self.product.to_le_bytes();
        let [d0, d1] = self.device_release.to_le_bytes();
        [
            18,
            DEVICE,
            u0,
            u1,
            self.class,
            self.subclass,
            self.protocol,
            self.max_packet_size,
            v0,
            v1,
            p0,
            p1,
            d0,
            d1,
            self.manufacturer,
            self.product_string,
            self.serial_number,
            self.configurations,
        ]
    }

    /// Returns the device qualifier: this device at the other speed (clause 9.6.2).
    #[must_use]
    pub const fn qualifier(self) -> [u8; 10] {
        let [u0, u1] = self.usb_release.to_le_bytes();
        let Self { class, subclass, protocol, max_packet_size, configurations, .. } = self;
        [
            10,
            DEVICE_QUALIFIER,
            u0,
            u1,
            class,
            subclass,
            protocol,
            max_packet_size,
            configurations,
            0,
        ]
    }
}
