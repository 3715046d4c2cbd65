//! Payment peripherals, the terminal on top of them, and their virtual twins.
//!
//! This crate re-exports the parts; its features choose them. A program that needs one driver can
//! depend on that driver's crate alone.
//!
//! | feature | gives | needs |
//! |---|---|---|
//! | `magstripe` (default) | stripe readers | – |
//! | `input` (default) | scanners, PIN pads, signature pads | – |
//! | `printer` (default) | receipt printers and cash drawers | – |
//! | `usb` (default) | printers through libusb | – (libusb is built along where it is missing) |
//! | `chip` | chip card readers | libpcsclite |
//! | `nfc` | NFC modules | libnfc; libclang to build |
//! | `terminal` | operating flow, host, EMV | – (SQLite is built in) |
//! | `virtual` | virtual devices and acquirer | – |

mod drivers;
pub mod udev;

pub use countertop_device as device;
pub use countertop_hub as hub;

#[cfg(feature = "terminal")]
pub use countertop_acquirer as acquirer;
#[cfg(feature = "chip")]
pub use countertop_chip as chip;
#[cfg(feature = "terminal")]
pub use countertop_emv as emv;
#[cfg(feature = "input")]
pub use countertop_input as input;
#[cfg(feature = "magstripe")]
pub use countertop_magstripe as magstripe;
#[cfg(feature = "nfc")]
pub use countertop_nfc as nfc;
#[cfg(feature = "printer")]
pub use countertop_printer as printer;
#[cfg(feature = "terminal")]
pub use countertop_terminal as terminal;
#[cfg(feature = "virtual")]
pub use countertop_virtual as virtual_devices;

pub use drivers::registry;
