//! Descriptors: what a device says of itself (clauses 9.5 and 9.6).

mod configuration;
mod device;
mod endpoint;
mod interface;
mod string;
#[cfg(test)]
mod tests;
mod walk;

pub use configuration::{Configuration, ConfigurationDescriptor};
pub use device::DeviceDescriptor;
pub use endpoint::{EndpointDescriptor, TransferType};
pub use interface::{Interface, InterfaceAssociation, InterfaceDescriptor};
pub use string::{ENGLISH_UNITED_STATES, languages, parse_languages, parse_string, string};
pub use walk::{RawDescriptor, RawDescriptors};

/// Is the type of a device descriptor (table 9-5).
pub const DEVICE: u8 = 0x01;
/// Is the type of a configuration descriptor.
pub const CONFIGURATION: u8 = 0x02;
/// Is the type of a string descriptor.
pub const STRING: u8 = 0x03;
/// Is the type of an interface descriptor.
pub const INTERFACE: u8 = 0x04;
/// Is the type of an endpoint descriptor.
pub const ENDPOINT: u8 = 0x05;
/// Is the type of a device qualifier: the device at the other of full and high speed.
pub const DEVICE_QUALIFIER: u8 = 0x06;
/// Is the type of an interface association (Engineering Change Notice of 2003).
pub const INTERFACE_ASSOCIATION: u8 = 0x0b;
/// Is the type of a binary device object store, which devices of bcdUSB 2.01 and above have.
pub const BINARY_OBJECT_STORE: u8 = 0x0f;
