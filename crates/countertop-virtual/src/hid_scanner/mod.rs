//! Virtual code scanners in HID POS mode.
//!
//! A [`HidScannerConfig`] makes a [`HidDevice`](crate::hid::HidDevice), to be plugged in over uhid or
//! as a USB device, and the hand that holds up codes.

mod config;
mod control;

pub use config::HidScannerConfig;
pub use control::HidScannerControl;

#[cfg(test)]
mod tests;
