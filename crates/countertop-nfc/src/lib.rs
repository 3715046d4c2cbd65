//! Contactless readers: NFC modules over the system's libnfc, and what is read from tags.
//!
//! The driver is behind the feature `libnfc`, because it needs the C library. It opens what a
//! selector `nfc:CONNSTRING` names, such as `nfc:pn532_uart:/dev/ttyUSB0:115200`. [`type2`] reads
//! NDEF messages from type 2 tags through any session, whichever driver it comes from.

#[cfg(feature = "libnfc")]
pub mod libnfc;
pub mod type2;

#[cfg(feature = "libnfc")]
pub use libnfc::LibnfcDriver;
