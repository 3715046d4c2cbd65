//! Drivers for code scanners, PIN pads and signature pads.

pub mod pinpad;
pub mod scanner;
pub mod signature;
#[cfg(feature = "evdev")]
pub mod wedge;
