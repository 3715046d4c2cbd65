use super::super::UsbError;
use super::super::error::descriptor;
use super::{
    CONFIGURATION, ENDPOINT, EndpointDescriptor, INTERFACE, INTERFACE_ASSOCIATION, Interface,
    InterfaceAssociation, InterfaceDescriptor, RawDescriptors,
};

/// Is the header of a configuration (clause 9.6.3, table 9-10).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct ConfigurationDescriptor {
    /// wTotalLength: this header and all that follows it.
    pub total_length: u16,
    /// bNumInterfaces.
    pub interfaces: u8,
    /// bConfigurationValue.
    pub value: u8,
    /// iConfiguration; 0 for none.
    pub string: u8,
    /// bmAttributes: bit 7 always, bit 6 self-powered, bit 5 remote wake-up.
    pub attributes: u8,
    /// bMaxPower, in units of 2 mA.
    pub max_power: u8,
}

impl ConfigurationDescriptor {
    /// Bytes of the header.
    pub const LENGTH: usize = 9;

    /// Reads a header from the start of `bytes`.
    ///
    /// # Errors
    ///
    /// When the bytes end too early or are another descriptor.
    pub fn parse(bytes: &[u8]) -> Result<Self, UsbError> {
        let what = "configuration descriptor";
        let fields: [u8; Self::LENGTH] = descriptor(bytes, CONFIGURATION, what)?;
        let [_, _, t0, t1, interfaces, value, string, attributes, max_power] = fields;
        let total_length = u16::from_le_bytes([t0, t1]);
        Ok(Self { total_length, interfaces, value, string, attributes, max_power })
    }

    /// Returns the header's bytes.
    #[must_use]
    pub const fn to_bytes(self) -> [u8; Self::LENGTH] {
        let [t0, t1] = self.total_length.to_le_bytes();
        let Self { interfaces, value, string, attributes, max_power, .. } = self;
        [9, CONFIGURATION, t0, t1, interfaces, value, string, attributes, max_power]
    }
}

/// Is a configuration with all its interfaces, as GET_DESCRIPTOR answers it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Configuration {
    /// bConfigurationValue.
    pub value: u8,
    /// iConfiguration; 0 for none.
    pub string: u8,
    /// bmAttributes.
    pub attributes: u8,
    /// bMaxPower, in units of 2 mA.
    pub max_power: u8,
    /// The interfaces and their alternate settings, in order.
    pub interfaces: Vec<Interface>,
}

impl Default for Configuration {
    /// Returns configuration 1 of a device that draws at most 100 mA from the bus, empty.
    fn default() -> Self {
        Self { value: 1, string: 0, attributes: 0x80, max_power: 50, interfaces: Vec::new() }
    }
}

impl Configuration {
    /// Returns all descriptors of the configuration, one after another.
    ///
    /// # Errors
    ///
    /// [`TooLong`](UsbError::TooLong) when they do not fit into 65 535 bytes.
    pub fn to_bytes(&self) -> Result<Vec<u8>, UsbError> {
        let mut bytes = vec![0; ConfigurationDescriptor::LENGTH];
        for interface in &self.interfaces {
            interface.write(&mut bytes);
        }
        let length = bytes.len();
        let header = ConfigurationDescriptor {
            total_length: u16::try_from(length).map_err(|_| UsbError::TooLong(length))?,
            interfaces: self.count(),
            value: self.value,
            string: self.string,
            attributes: self.attributes,
            max_power: self.max_power,
        };
        bytes.splice(..ConfigurationDescriptor::LENGTH, header.to_bytes());
        Ok(bytes)
    }

    /// Returns how many interfaces there are; alternate settings count once.
    fn count(&self) -> u8 {
        let mut numbers: Vec<u8> = self.interfaces.iter().map(|i| i.descriptor.number).collect();
        numbers.sort_unstable();
        numbers.dedup();
        u8::try_from(numbers.len()).unwrap_or(u8::MAX)
    }

    /// Reads a configuration with all its descriptors; bytes after its total length are left alone.
    ///
    /// # Errors
    ///
    /// When a descriptor is cut off, too short, or stands where it cannot.
    pub fn parse(bytes: &[u8]) -> Result<Self, UsbError> {
        let header = ConfigurationDescriptor::parse(bytes)?;
        let rest = bytes.get(ConfigurationDescriptor::LENGTH..usize::from(header.total_length));
        let what = "configuration";
        let rest = rest.ok_or(UsbError::Truncated { what, length: bytes.len() })?;
        let ConfigurationDescriptor { value, string, attributes, max_power, .. } = header;
        Ok(Self { value, string, attributes, max_power, interfaces: interfaces(rest)? })
    }
}

fn interfaces(bytes: &[u8]) -> Result<Vec<Interface>, UsbError> {
    let mut interfaces: Vec<Interface> = Vec::new();
    let mut association = None;
    for raw in RawDescriptors::new(bytes) {
        let raw = raw?;
        match (raw.kind, interfaces.last_mut()) {
            (INTERFACE, _) => {
                let (descriptor, _) = InterfaceDescriptor::parse(raw.bytes)?;
                let association = association.take();
                let (class_descriptors, endpoints) = (Vec::new(), Vec::new());
                interfaces.push(Interface {
                    association,
                    descriptor,
                    class_descriptors,
                    endpoints,
                });
            }
            (INTERFACE_ASSOCIATION, _) => {
                association = Some(InterfaceAssociation::parse(raw.bytes)?);
            }
            (ENDPOINT, Some(interface)) => {
                interface.endpoints.push(EndpointDescriptor::parse(raw.bytes)?);
            }
            (_, Some(interface)) => interface.class_descriptors.extend_from_slice(raw.bytes),
            (kind, None) => return Err(UsbError::OutsideInterface(kind)),
        }
    }
    Ok(interfaces)
}
