//! The serial protocol of stripe readers.
