//! HID devices made in software, whatever carries them.
//!
//! A [`HidDevice`] is what it says of itself ([`HidDescriptors`]), what it answers ([`HidFunction`])
//! and what it sends by itself ([`HidInput`]). The kernel takes it over `/dev/uhid`
//! ([`plug`](HidDevice::plug)), as from a bus without cables, or as a USB device
//! ([`into_usb`](HidDevice::into_usb)), with all that a host controller asks of it.

mod descriptors;
mod device;
mod function;
mod input;
mod usb;

pub use descriptors::{BootProtocol, HidDescriptors};
pub use device::HidDevice;
pub use function::{HidAnswer, HidFunction};
pub use input::HidInput;

pub(crate) use input::{InputReport, InputReports};

#[cfg(test)]
mod tests;
