//! Devices that the hub finds, watches, and claims.

mod bench;
mod claims;
mod plug;
mod sleep;
mod twins;

use std::time::Duration;

pub(super) use bench::Printer;
pub(super) use sleep::notices_sleep;

use crate::lab_test::{LabTest, MINUTE};

/// The tests of this area.
pub(crate) const TESTS: &[LabTest] = &[
    LabTest {
        name: "twins_keep_their_roles_by_place",
        device: "two USB receipt printers 04b8:0e15 without serial number",
        kernel_driver: "usblp",
        driver: "escpos over usb",
        pulled: "both, plugged in again in the other order",
        short: false,
        limit: MINUTE,
        run: || Box::pin(twins::by_place()),
    },
    LabTest {
        name: "twins_keep_their_roles_by_serial_number",
        device: "two USB receipt printers 04b8:0e15",
        kernel_driver: "usblp",
        driver: "escpos over usb",
        pulled: "both, plugged in again at each other's port",
        short: false,
        limit: MINUTE,
        run: || Box::pin(twins::by_serial_number()),
    },
    LabTest {
        name: "one_serial_number_in_two_printers_is_told",
        device: "two USB receipt printers 04b8:0e15 with one serial number",
        kernel_driver: "usblp",
        driver: "escpos over usb",
        pulled: "-",
        short: false,
        limit: MINUTE,
        run: || Box::pin(twins::one_serial_number()),
    },
    LabTest {
        name: "plugged_and_pulled",
        device: "USB receipt printer 04b8:0e15",
        kernel_driver: "usblp",
        driver: "escpos over usb, kernel's events",
        pulled: "cable, while open and idle, ten times",
        short: true,
        limit: Duration::from_secs(120),
        run: || Box::pin(plug::plugged_and_pulled()),
    },
    LabTest {
        name: "reader_plugged_and_pulled",
        device: "HID stripe reader 0801:0002",
        kernel_driver: "uhid, hid-generic, hidraw",
        driver: "magtek-hid, kernel's events",
        pulled: "while it waited for a swipe, ten times",
        short: false,
        limit: Duration::from_secs(120),
        run: || Box::pin(plug::reader_plugged_and_pulled()),
    },
    LabTest {
        name: "two_programs_and_two_users_claim_one_printer",
        device: "USB receipt printer 04b8:0e15",
        kernel_driver: "usblp",
        driver: "escpos over usb",
        pulled: "-",
        short: false,
        limit: MINUTE,
        run: || Box::pin(claims::two_programs()),
    },
];
