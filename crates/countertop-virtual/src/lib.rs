//! Virtual payment devices and an acquirer that speak the real wire protocols.
//!
//! A virtual device here is one that a stranger's driver believes: it speaks bytes on a pty, a TCP
//! port or vpcd, not function calls. Each is a state machine over a byte stream, and each has a
//! handle with which a test or a person acts on it: swipes a card, loads paper, types a PIN.

pub mod acquirer;
pub mod card;
pub mod ccid;
pub mod contactless_reader;
pub mod gadget;
pub mod hid;
pub mod hid_scanner;
pub mod magtek;
pub mod msr605x;
mod node;
pub mod pinpad;
pub mod pn532;
pub mod printer;
pub mod pty;
pub mod scanner;
pub mod signature;
pub mod stripe;
pub mod tablet;
pub mod uhid;
#[cfg(feature = "uinput")]
pub mod uinput;
pub mod usb;
pub mod vpcd;
pub mod wedge;
