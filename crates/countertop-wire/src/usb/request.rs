//! Codes of the standard requests and their features (clause 9.4, tables 9-4 and 9-6).

/// Reads the status of a device, interface or endpoint.
pub const GET_STATUS: u8 = 0x00;
/// Clears a feature.
pub const CLEAR_FEATURE: u8 = 0x01;
/// Sets a feature.
pub const SET_FEATURE: u8 = 0x03;
/// Gives the device its address.
pub const SET_ADDRESS: u8 = 0x05;
/// Reads a descriptor.
pub const GET_DESCRIPTOR: u8 = 0x06;
/// Changes a descriptor.
pub const SET_DESCRIPTOR: u8 = 0x07;
/// Reads the value of the configuration in use.
pub const GET_CONFIGURATION: u8 = 0x08;
/// Takes a configuration into use.
pub const SET_CONFIGURATION: u8 = 0x09;
/// Reads an interface's alternate setting.
pub const GET_INTERFACE: u8 = 0x0a;
/// Selects an interface's alternate setting.
pub const SET_INTERFACE: u8 = 0x0b;
/// Sets and reports an endpoint's synchronisation frame.
pub const SYNCH_FRAME: u8 = 0x0c;

/// Is the feature of an endpoint that stalls.
pub const ENDPOINT_HALT: u16 = 0;
/// Is the feature of a device that may wake its host.
pub const DEVICE_REMOTE_WAKEUP: u16 = 1;

/// Is the bit of a device's status that says it has a power supply of its own (clause 9.4.5).
pub const STATUS_SELF_POWERED: u8 = 0x01;
/// Is the bit of a device's status that says it may wake its host.
pub const STATUS_REMOTE_WAKEUP: u8 = 0x02;
