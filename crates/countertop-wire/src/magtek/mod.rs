//! HID stripe readers of MagTek.
//!
//! * "USB HID SureSwipe & USB HID Swipe Reader Technical Reference Manual", D99875191, revision 20:
//!   readers that send the card's tracks as they are (product 0x0002).
//! * "MagneSafe V5 Communication Reference Manual", 99875475, revision 10, and "eDynamo Programmer's
//!   Manual (Commands)", D998200115, revision 17, whose table 6-1 lists all usages: readers whose
//!   head encrypts when keys are loaded (products 0x0011, 0x0013, 0x0014).
//!
//! Both send one input report for each swipe and take commands as feature reports. The manuals warn
//! against relying on the offsets of a report, so [`CardLayout`] finds each field by its usage.
//!
//! What a head that encrypts sends in the clear is masked, and masked so that the check digit of the
//! account number still comes out right: it looks like a card, and is none.

mod command;
mod descriptor;
mod encode_type;
mod layout;
mod magnesafe;
mod report;

pub use command::{Command, CommandError, Property, Response, ResultCode};
pub use descriptor::{magnesafe_descriptor, swipe_reader_descriptor};
pub use encode_type::EncodeType;
pub use layout::{CardLayout, LayoutError, ReportError};
pub use magnesafe::{EncryptionStatus, MagneSafe};
pub use report::{CardReport, TrackData};

/// The vendor (idVendor).
pub const VENDOR_ID: u16 = 0x0801;

#[cfg(test)]
mod tests;
