//! Virtual HID stripe readers of MagTek: one that sends tracks as they are, and a MagneSafe V5 whose
//! head encrypts when it is told to.
//!
//! A [`MagtekConfig`] makes a [`HidDevice`](crate::hid::HidDevice), to be plugged in over uhid or as
//! a USB device, and the hand that swipes cards. Its keys are the test keys of ANSI X9.24-1, annex A,
//! so that a host can be tested with what it sends.

mod config;
mod control;
mod dukpt;
mod head;
mod mask;
mod reader;

pub use config::{MagtekConfig, MagtekModel};
pub use control::MagtekControl;

#[cfg(test)]
mod tests;
