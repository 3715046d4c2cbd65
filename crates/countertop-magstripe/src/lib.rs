//! Drivers for magnetic-stripe readers.
