//! Mixed traffic on several devices at once, and cables pulled at random.

mod chip;
mod contactless;
mod pulls;
mod station;

mod printer;
mod stripe;

use std::time::Duration;

use crate::lab_test::LabTest;

/// The tests of this area.
pub(crate) const TESTS: &[LabTest] = &[LabTest {
    name: "pulled_at_a_hundred_random_instants",
    device: "printer 04b8:0e15, stripe 0801:0002, CCID 08e6:3437, PN532 on FT232R",
    kernel_driver: "usblp, usbhid, ftdi_sio; pcscd and libccid, libnfc",
    driver: "escpos, magtek-hid, pcsc, libnfc",
    pulled: "any of them, at 100 random instants in mixed traffic",
    short: false,
    limit: Duration::from_secs(560),
    run: || Box::pin(pulls::at_random(25)),
}];
