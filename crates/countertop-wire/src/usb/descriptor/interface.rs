use super::super::UsbError;
use super::super::error::descriptor;
use super::{EndpointDescriptor, INTERFACE, INTERFACE_ASSOCIATION};

/// Is an interface descriptor (clause 9.6.5, table 9-12).
///
/// Its bNumEndpoints is counted when an [`Interface`] is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct InterfaceDescriptor {
    /// bInterfaceNumber.
    pub number: u8,
    /// bAlternateSetting.
    pub alternate_setting: u8,
    /// bInterfaceClass.
    pub class: u8,
    /// bInterfaceSubClass.
    pub subclass: u8,
    /// bInterfaceProtocol.
    pub protocol: u8,
    /// iInterface; 0 for none.
    pub string: u8,
}

/// Is an interface with what belongs to it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Interface {
    /// Stands in front of the interface where it begins a group that one driver serves.
    pub association: Option<InterfaceAssociation>,
    /// The interface.
    pub descriptor: InterfaceDescriptor,
    /// Class descriptors, one after another, between interface and endpoints: HID, CDC, CCID.
    pub class_descriptors: Vec<u8>,
    /// The endpoints.
    pub endpoints: Vec<EndpointDescriptor>,
}

/// Is an interface association: interfaces that make one function (Engineering Change Notice
/// "Interface Association Descriptors", 2003).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct InterfaceAssociation {
    /// bFirstInterface.
    pub first: u8,
    /// bInterfaceCount.
    pub count: u8,
    /// bFunctionClass.
    pub class: u8,
    /// bFunctionSubClass.
    pub subclass: u8,
    /// bFunctionProtocol.
    pub protocol: u8,
    /// iFunction; 0 for none.
    pub string: u8,
}

impl InterfaceDescriptor {
    /// Bytes of an interface descriptor.
    pub const LENGTH: usize = 9;

    /// Reads a descriptor from the start of `bytes`; returns it with its bNumEndpoints.
    ///
    /// # Errors
    ///
    /// When the bytes end too early or are another descriptor.
    pub fn parse(bytes: &[u8]) -> Result<(Self, u8), UsbError> {
        let fields: [u8; Self::LENGTH] = descriptor(bytes, INTERFACE, "interface descriptor")?;
        let [_, _, number, alternate_setting, endpoints, class, subclass, protocol, string] =
            fields;
        Ok((Self { number, alternate_setting, class, subclass, protocol, string }, endpoints))
    }

    /// Returns the descriptor's bytes.
    #[must_use]
    pub const fn to_bytes(self, endpoints: u8) -> [u8; Self::LENGTH] {
        let Self { number, alternate_setting, class, subclass, protocol, string } = self;
        [9, INTERFACE, number, alternate_setting, endpoints, class, subclass, protocol, string]
    }
}

impl Interface {
    /// Creates interface `number` with its class, subclass and protocol, setting 0, and nothing
    /// else.
    #[must_use]
    pub const fn new(number: u8, class: u8, subclass: u8, protocol: u8) -> Self {
        let descriptor = InterfaceDescriptor {
            number,
            alternate_setting: 0,
            class,
            subclass,
            protocol,
            string: 0,
        };
        Self { association: None, descriptor, class_descriptors: Vec::new(), endpoints: Vec::new() }
    }

    /// Returns it as another alternate setting of its number.
    #[must_use]
    pub fn alternate(mut self, setting: u8) -> Self {
        self.descriptor.alternate_setting = setting;
        self
    }

    /// Returns it with an association in front.
    #[must_use]
    pub fn association(mut self, association: InterfaceAssociation) -> Self {
        self.association = Some(association);
        self
    }

    /// Returns it with one more class descriptor, which is given whole.
    #[must_use]
    pub fn class_descriptor(mut self, bytes: &[u8]) -> Self {
        self.class_descriptors.extend_from_slice(bytes);
        self
    }

    /// Returns it with one more endpoint.
    #[must_use]
    pub fn endpoint(mut self, endpoint: EndpointDescriptor) -> Self {
        self.endpoints.push(endpoint);
        self
    }

    /// Appends all its descriptors.
    pub(super) fn write(&self, bytes: &mut Vec<u8>) {
        if let Some(association) = self.association {
            bytes.extend(association.to_bytes());
        }
        // There are 30 endpoint addresses: an interface with more cannot be addressed anyway.
        let count = u8::try_from(self.endpoints.len()).unwrap_or(u8::MAX);
        bytes.extend(self.descriptor.to_bytes(count));
        bytes.extend_from_slice(&self.class_descriptors);
        bytes.extend(self.endpoints.iter().flat_map(|endpoint| endpoint.to_bytes()));
    }
}

impl InterfaceAssociation {
    /// Bytes of an interface association.
    pub const LENGTH: usize = 8;

    /// Reads a descriptor from the start of `bytes`.
    ///
    /// # Errors
    ///
    /// When the bytes end too early or are another descriptor.
    pub fn parse(bytes: &[u8]) -> Result<Self, UsbError> {
        let fields: [u8; Self::LENGTH] =
            descriptor(bytes, INTERFACE_ASSOCIATION, "interface association")?;
        let [_, _, first, count, class, subclass, protocol, string] = fields;
        Ok(Self { first, count, class, subclass, protocol, string })
    }

    /// Returns the descriptor's bytes.
    #[must_use]
    pub const fn to_bytes(self) -> [u8; Self::LENGTH] {
        let Self { first, count, class, subclass, protocol, string } = self;
        [8, INTERFACE_ASSOCIATION, first, count, class, subclass, protocol, string]
    }
}
