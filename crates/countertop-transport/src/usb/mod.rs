//! USB devices: what is plugged in, and printers through libusb and the crate rusb.
//!
//! Listing reads what the kernel shows in `/sys`, the same by which other nodes are told apart; not a
//! byte goes to a device. With the feature `usb`, `open_printer` claims a printer's interface and makes a link of it.
//!
//! # The kernel's driver
//!
//! The kernel's usblp holds printers. It is detached while a printer is open, and `/dev/usb/lp*` is
//! away meanwhile; dropping the link gives the printer back, also when the program panics or returns
//! from `main`. A program that is killed (SIGKILL), or that ends by `std::process::exit` with a
//! printer open, cannot do so: the kernel frees the interface, but leaves it without a driver. Printing
//! through libusb goes on to work; `/dev/usb/lp*` comes back when the printer is plugged in again, or
//! with `echo 1-2.3:1.0 | sudo tee /sys/bus/usb/drivers_probe`, where `1-2.3:1.0` is the port and the
//! interface.
//!
//! # Threads
//!
//! Each link has one thread for each direction and, as libusb has it, one that hears of devices that
//! come and go. While nothing moves they sleep: reads have no deadline and are ended by letting the
//! interface go, upon which the kernel ends its transfers. A write that the device does not take is
//! ended and begun again every 200 ms, by which it is known how many bytes were taken.

#[cfg(feature = "usb")]
mod claim;
#[cfg(feature = "usb")]
mod class_request;
#[cfg(feature = "usb")]
mod error;
#[cfg(feature = "usb")]
mod interface;
#[cfg(feature = "usb")]
mod link;
mod list;
#[cfg(feature = "usb")]
mod open;
#[cfg(feature = "usb")]
mod pipe;
#[cfg(feature = "usb")]
mod select;
#[cfg(feature = "usb")]
mod state;
#[cfg(feature = "usb")]
mod threads;

#[cfg(feature = "usb")]
#[cfg(test)]
mod tests;

#[cfg(feature = "usb")]
pub use link::UsbLink;
pub use list::{UsbDevice, UsbInterface, list, list_in};
#[cfg(feature = "usb")]
pub use open::open_printer;
