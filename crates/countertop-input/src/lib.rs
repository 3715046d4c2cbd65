//! Drivers for code scanners, PIN pads and signature pads.

#[cfg(feature = "hidraw")]
pub mod hid_pos;
pub mod pinpad;
pub mod scanner;
pub mod signature;
#[cfg(feature = "evdev")]
pub mod tablet;
#[cfg(feature = "evdev")]
pub mod wedge;
