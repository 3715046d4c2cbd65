use std::io;

use countertop_wire::usb::{
    Configuration, DeviceDescriptor, EndpointDescriptor, Interface, descriptor,
};

/// Is the speed of a device.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Speed {
    /// 1.5 Mbit/s: packets of 8 bytes, no bulk endpoints.
    Low,
    /// 12 Mbit/s: bulk packets of at most 64 bytes.
    Full,
    /// 480 Mbit/s: bulk packets of 512 bytes.
    High,
}

impl Speed {
    /// Returns the number by which Linux knows the speed.
    pub(super) const fn number(self) -> u32 {
        match self {
            Self::Low => 1,
            Self::Full => 2,
            Self::High => 3,
        }
    }
}

/// Is all that a device says of itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UsbDescriptors {
    device: DeviceDescriptor,
    configuration: Configuration,
    strings: Vec<String>,
    speed: Speed,
}

impl UsbDescriptors {
    /// Creates a full-speed device, release 1.00, without strings and interfaces, that draws at most
    /// 100 mA from the bus.
    #[must_use]
    pub fn new(vendor: u16, product: u16) -> Self {
        Self {
            device: DeviceDescriptor::new(vendor, product),
            configuration: Configuration::default(),
            strings: Vec::new(),
            speed: Speed::Full,
        }
    }

    /// Sets the speed, and with low speed 8 bytes for endpoint 0.
    #[must_use]
    pub fn speed(mut self, speed: Speed) -> Self {
        self.speed = speed;
        self.device.max_packet_size = if speed == Speed::Low { 8 } else { 64 };
        self
    }

    /// Sets class, subclass and protocol of the device as a whole.
    #[must_use]
    pub fn class(mut self, class: u8, subclass: u8, protocol: u8) -> Self {
        self.device.class = class;
        self.device.subclass = subclass;
        self.device.protocol = protocol;
        self
    }

    /// Sets the release of the device, bcdDevice.
    #[must_use]
    pub fn release(mut self, release: u16) -> Self {
        self.device.device_release = release;
        self
    }

    /// Sets the manufacturer's name.
    #[must_use]
    pub fn manufacturer(mut self, text: &str) -> Self {
        self.device.manufacturer = self.add_string(text);
        self
    }

    /// Sets the product's name.
    #[must_use]
    pub fn product(mut self, text: &str) -> Self {
        self.device.product_string = self.add_string(text);
        self
    }

    /// Sets the serial number; without it the device has none.
    #[must_use]
    pub fn serial_number(mut self, text: &str) -> Self {
        self.device.serial_number = self.add_string(text);
        self
    }

    /// Adds a string and returns its index, for use in other descriptors.
    pub fn add_string(&mut self, text: &str) -> u8 {
        self.strings.push(text.to_owned());
        u8::try_from(self.strings.len()).unwrap_or(u8::MAX)
    }

    /// Sets bmAttributes and the current in milliamperes that the device draws at the most.
    #[must_use]
    pub fn power(mut self, attributes: u8, milliamperes: u16) -> Self {
        self.configuration.attributes = attributes | 0x80;
        self.configuration.max_power = u8::try_from(milliamperes / 2).unwrap_or(u8::MAX);
        self
    }

    /// Adds an interface, or an alternate setting of one.
    #[must_use]
    pub fn interface(mut self, interface: Interface) -> Self {
        self.configuration.interfaces.push(interface);
        self
    }

    /// Returns the device descriptor.
    #[must_use]
    pub fn device(&self) -> &DeviceDescriptor {
        &self.device
    }

    /// Returns the configuration.
    #[must_use]
    pub fn configuration(&self) -> &Configuration {
        &self.configuration
    }

    /// Returns the speed.
    #[must_use]
    pub fn bus_speed(&self) -> Speed {
        self.speed
    }

    pub(super) fn endpoints(&self) -> impl Iterator<Item = EndpointDescriptor> + '_ {
        self.configuration.interfaces.iter().flat_map(|interface| interface.endpoints.clone())
    }

    /// Tells whether an interface has such an alternate setting.
    pub(super) fn has_setting(&self, interface: u8, setting: u8) -> bool {
        self.configuration.interfaces.iter().any(|candidate| {
            let descriptor = candidate.descriptor;
            descriptor.number == interface && descriptor.alternate_setting == setting
        })
    }

    /// Checks that every descriptor can be written.
    pub(super) fn check(&self) -> io::Result<()> {
        let invalid = |error| io::Error::new(io::ErrorKind::InvalidInput, error);
        self.configuration.to_bytes().map_err(invalid)?;
        for text in &self.strings {
            descriptor::string(text).map_err(invalid)?;
        }
        Ok(())
    }

    /// Returns the descriptor of a type and index; `None` where the device has none.
    pub(super) fn get(&self, kind: u8, index: u8) -> Option<Vec<u8>> {
        match (kind, index) {
            (descriptor::DEVICE, 0) => Some(self.device.to_bytes().to_vec()),
            (descriptor::CONFIGURATION, 0) => self.configuration.to_bytes().ok(),
            (descriptor::STRING, 0) if !self.strings.is_empty() => {
                Some(descriptor::languages().to_vec())
            }
            (descriptor::STRING, 1..) => {
                let text = self.strings.get(usize::from(index - 1))?;
                descriptor::string(text).ok()
            }
            (descriptor::DEVICE_QUALIFIER, 0) if self.speed == Speed::High => {
                Some(self.device.qualifier().to_vec())
            }
            _ => None,
        }
    }
}
