//! The serial protocol of PIN pads.
