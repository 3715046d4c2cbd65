//! Keyboard wedges, on evdev.

mod bench;
mod pulled;
mod seen;
mod works;

use std::time::Duration;

use crate::lab_test::LabTest;

/// A key takes its time under emulation.
const LIMIT: Duration = Duration::from_secs(180);

const SCANNER: &str = "keyboard-wedge scanner 05e0:1200";
const READER: &str = "keyboard-wedge stripe reader 0801:0001";
const OVER_UHID: &str = "evdev over uhid";
const OVER_USB: &str = "evdev over usbhid";
const OVER_UINPUT: &str = "evdev over uinput";

/// A test of our driver on a scanner.
const fn row(name: &'static str, kernel_driver: &'static str) -> LabTest {
    LabTest {
        name,
        device: SCANNER,
        kernel_driver,
        driver: "wedge-scanner",
        pulled: "-",
        short: false,
        limit: LIMIT,
        run: || Box::pin(works::scans_over_uhid()),
    }
}

/// The tests of this area.
pub(crate) const TESTS: &[LabTest] = &[
    LabTest { short: true, ..row("scans_over_uhid", OVER_UHID) },
    LabTest { run: || Box::pin(works::scans_over_usb()), ..row("scans_over_usb", OVER_USB) },
    LabTest {
        run: || Box::pin(works::scans_over_uinput()),
        ..row("scans_over_uinput", OVER_UINPUT)
    },
    LabTest {
        run: || Box::pin(works::layouts_and_numbers()),
        ..row("layouts_and_numbers", OVER_UINPUT)
    },
    LabTest {
        run: || Box::pin(works::a_person_types_no_code()),
        ..row("a_person_types_no_code", OVER_UINPUT)
    },
    LabTest { run: || Box::pin(works::lost_keys()), ..row("lost_keys", OVER_UINPUT) },
    LabTest {
        device: READER,
        driver: "wedge-stripe",
        run: || Box::pin(works::swipes()),
        ..row("swipes", OVER_UHID)
    },
    LabTest {
        run: || Box::pin(seen::nobody_else_sees_a_code()),
        ..row("nobody_else_sees_a_code", OVER_UHID)
    },
    LabTest {
        run: || Box::pin(seen::second_grab_is_busy()),
        ..row("second_grab_is_busy", OVER_UINPUT)
    },
    LabTest {
        run: || Box::pin(seen::held_keys_are_waited_for()),
        ..row("held_keys_are_waited_for", OVER_UINPUT)
    },
    LabTest {
        pulled: "while a caller waits",
        run: || Box::pin(pulled::while_waiting()),
        ..row("pulled_while_waiting", "evdev over usbhid, over uhid, over uinput")
    },
    LabTest {
        pulled: "in the middle of a code",
        run: || Box::pin(pulled::in_a_code()),
        ..row("pulled_in_a_code", "evdev over usbhid, over uhid, over uinput")
    },
    LabTest {
        device: READER,
        driver: "wedge-stripe",
        pulled: "in the middle of a swipe",
        run: || Box::pin(pulled::in_a_swipe()),
        ..row("pulled_in_a_swipe", OVER_UHID)
    },
];
