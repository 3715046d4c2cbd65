//! USB: the device framework of chapter 9 and the class codecs that payment devices use.
//!
//! [`SetupPacket`] is what a host asks on endpoint 0; the descriptors are what a device says of
//! itself. Both directions are here: a virtual device builds descriptors and reads requests, a
//! driver does the opposite. Everything on the bus is little-endian.
//!
//! Clauses are those of the Universal Serial Bus Specification, revision 2.0.

pub mod cdc;
pub mod descriptor;
mod error;
pub mod ftdi;
pub mod printer;
pub mod request;
mod setup;

pub use descriptor::{
    Configuration, ConfigurationDescriptor, DeviceDescriptor, EndpointDescriptor, Interface,
    InterfaceAssociation, InterfaceDescriptor, TransferType,
};
pub use error::UsbError;
pub use setup::{Direction, Recipient, RequestKind, SetupPacket};
