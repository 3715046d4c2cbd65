//! The MSR605X: the protocol of the serial MSR605 ([`stripe::msr`](crate::stripe::msr)) in HID reports.
//!
//! No manual describes the reports. What is here was learnt from programs that drive the reader: the
//! library "WIP MSR605X" in Python, and hidmsr (`hidmsr/commands.py`, and `reverse/hids_dump.txt` with
//! the reader's capabilities). A message travels in packets of 64 bytes: a header, up to 63 bytes of
//! the message, padding. Both programs send packets as feature reports; there is an output report of
//! the same length, which others write. Answers come as input reports.

mod descriptor;
mod message;
mod packet;

pub use descriptor::{is_msr605x, report_descriptor};
pub use message::{MessageDecoder, encode_message};
pub use packet::{MAX_PAYLOAD, PACKET_LEN, Packet, PacketError};

/// The vendor (idVendor), which is MagTek's.
pub const VENDOR_ID: u16 = 0x0801;
/// The product (idProduct). An insert reader of MagTek has it too (usb.ids): [`is_msr605x`] tells them
/// apart.
pub const PRODUCT_ID: u16 = 0x0003;

#[cfg(test)]
mod tests;
