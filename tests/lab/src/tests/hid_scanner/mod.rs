//! Scanners with HID reports of their own, on hidraw.

mod bench;
mod pulled;
mod works;

use crate::lab_test::{LabTest, MINUTE};

const SCANNER: &str = "HID POS scanner 067e:0809";
const PLAIN: &str = "HID POS scanner 1eab:0d10";
const OVER_UHID: &str = "hidraw over uhid";
const OVER_USB: &str = "hidraw over usbhid";

/// A test of our driver on a scanner.
const fn row(name: &'static str, kernel_driver: &'static str) -> LabTest {
    LabTest {
        name,
        device: SCANNER,
        kernel_driver,
        driver: "hid-pos-scanner",
        pulled: "-",
        short: false,
        limit: MINUTE,
        run: || Box::pin(works::scans_over_uhid()),
    }
}

/// The tests of this area.
pub(crate) const TESTS: &[LabTest] = &[
    LabTest { short: true, ..row("scans_over_uhid", OVER_UHID) },
    LabTest { run: || Box::pin(works::scans_over_usb()), ..row("scans_over_usb", OVER_USB) },
    LabTest {
        device: PLAIN,
        run: || Box::pin(works::scans_without_symbology()),
        ..row("scans_without_symbology", OVER_USB)
    },
    LabTest { run: || Box::pin(works::is_no_keyboard()), ..row("is_no_keyboard", OVER_UHID) },
    LabTest {
        pulled: "while a caller waits",
        run: || Box::pin(pulled::while_waiting()),
        ..row("pulled_while_waiting", "hidraw over usbhid, over uhid")
    },
    LabTest {
        pulled: "in the middle of a code",
        run: || Box::pin(pulled::in_a_code()),
        ..row("pulled_in_a_code", "hidraw over usbhid, over uhid")
    },
];
