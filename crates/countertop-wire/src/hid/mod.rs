//! Report descriptors of HID devices: "Device Class Definition for Human Interface Devices (HID)",
//! version 1.11, section 6.2.2.
//!
//! [`DescriptorBuilder`] writes them for virtual devices; [`ReportDescriptor`] finds out where in
//! which report a usage lies, so that a driver need not know a model's layout by heart.

mod builder;
mod field;
mod item;
mod parser;

pub use builder::DescriptorBuilder;
pub use field::{Field, ReportKind, Usage};
pub use parser::{DescriptorError, ReportDescriptor};

/// Usage page of the generic desktop (HID Usage Tables 1.12, section 4).
pub const GENERIC_DESKTOP: u16 = 0x0001;
/// Usage page of keys (HID Usage Tables 1.12, section 10).
pub const KEYBOARD: u16 = 0x0007;
/// Usage page of bar code scanners (HID Point of Sale Usage Tables 1.02, section 5).
pub const BAR_CODE_SCANNER: u16 = 0x008C;
/// The first of the usage pages that vendors define for themselves.
pub const VENDOR: u16 = 0xFF00;

#[cfg(test)]
mod tests;
