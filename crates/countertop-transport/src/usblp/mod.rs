//! Printers through the kernel's driver usblp: `/dev/usb/lp*`.
//!
//! The node is opened by one program at a time. Nothing has to be detached and no library is needed,
//! so this is what to take where a printer just has to print. What `usb:` knows better: of a transfer
//! that breaks without the printer being pulled the kernel tells only its log, and while the printer
//! takes nothing up to 4 KiB may or may not have reached it.

mod gate;
mod list;
mod stream;

#[cfg(test)]
mod tests;

pub use list::{UsblpDevice, list, list_in};
pub use stream::{UsblpStream, open};
