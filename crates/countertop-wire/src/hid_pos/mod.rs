//! Reports of scanners in HID POS mode: "HID Point of Sale Usage Tables", version 1.02, section 5, usage
//! page 0x8C.
//!
//! A scanner sends a code in one or more input reports, each with a part of it, and with a flag that
//! says whether more follow. Makers lay their reports out in different ways: with AIM identifier
//! (Honeywell, Zebra, Datalogic) or without (Newland and relatives), with or without a count of bytes.
//! [`ScanLayout`] finds out by the report descriptor; [`ScanAssembler`] puts the parts together.

mod assembler;
mod descriptors;
mod layout;

pub use assembler::{PosScan, ScanAssembler};
pub use descriptors::{plain_descriptor, scanner_descriptor};
pub use layout::{LayoutError, PartError, ScanLayout, ScanPart};

#[cfg(test)]
mod tests;
