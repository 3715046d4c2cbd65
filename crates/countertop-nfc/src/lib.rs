//! Contactless readers: NFC modules by our own driver or over the system's libnfc, and what is read
//! from and written to tags.
//!
//! | driver | feature | opens | needs |
//! |---|---|---|---|
//! | `pn532` | `pn532` | `serial:/dev/ttyUSB0`, `tcp:HOST:PORT` | nothing |
//! | `libnfc` | `libnfc` | `nfc:CONNSTRING`, `usb:VID:PID` | the C library |
//!
//! For a PN532 on a serial line take `pn532`: it sees a card sooner, a search that nobody waits for
//! any more ends at once, and a command may be longer than 262 bytes. `libnfc` drives what is on USB,
//! I²C and SPI.
//!
//! [`tag`] reads and writes tags of every type through any session, whichever driver it comes from.

#[cfg(any(feature = "libnfc", feature = "pn532"))]
mod field;
#[cfg(feature = "libnfc")]
pub mod libnfc;
#[cfg(feature = "pn532")]
pub mod pn532;
#[cfg(any(feature = "libnfc", feature = "pn532"))]
mod reader;
pub mod tag;

#[cfg(feature = "libnfc")]
pub use libnfc::LibnfcDriver;
#[cfg(feature = "pn532")]
pub use pn532::Pn532Driver;
#[cfg(any(feature = "libnfc", feature = "pn532"))]
pub use reader::NfcReader;
