//! Stripe readers with HID reports and feature reports, on hidraw.

mod bench;
mod msr605x;
mod pulled;
mod strangers;
mod works;

use std::time::Duration;

use crate::lab_test::{LabTest, MINUTE};

const SWIPE_READER: &str = "HID stripe reader 0801:0002";
const MSR605X: &str = "HID stripe reader 0801:0003";
const MAGNESAFE: &str = "HID stripe reader 0801:0011";
const OVER_UHID: &str = "hidraw over uhid";
const OVER_USB: &str = "hidraw over usbhid";

/// A test of our driver on a swipe reader.
const fn row(name: &'static str, kernel_driver: &'static str) -> LabTest {
    LabTest {
        name,
        device: SWIPE_READER,
        kernel_driver,
        driver: "magtek-hid",
        pulled: "-",
        short: false,
        limit: MINUTE,
        run: || Box::pin(works::swipes_over_usb()),
    }
}

/// The tests of this area.
pub(crate) const TESTS: &[LabTest] = &[
    LabTest {
        run: || Box::pin(works::swipes_over_uhid()),
        short: true,
        ..row("swipes_over_uhid", OVER_UHID)
    },
    LabTest { run: || Box::pin(works::swipes_over_usb()), ..row("swipes_over_usb", OVER_USB) },
    LabTest {
        run: || Box::pin(works::commands_refused_and_unanswered()),
        ..row("commands_refused_and_unanswered", OVER_USB)
    },
    LabTest {
        device: MAGNESAFE,
        run: || Box::pin(works::encrypted_head()),
        ..row("encrypted_head", OVER_USB)
    },
    LabTest {
        driver: "-",
        run: || Box::pin(strangers::only_the_group_may_open()),
        ..row("only_the_group_may_open", OVER_USB)
    },
    LabTest {
        driver: "Debian's python3-hid",
        run: || Box::pin(strangers::read_by_hidapi()),
        ..row("read_by_hidapi", OVER_USB)
    },
    LabTest {
        pulled: "before it is opened",
        run: || Box::pin(pulled::before_open()),
        ..row("pulled_before_open", OVER_USB)
    },
    LabTest {
        pulled: "while a caller waits",
        run: || Box::pin(pulled::while_waiting()),
        ..row("pulled_while_waiting", OVER_USB)
    },
    LabTest {
        pulled: "while a caller waits",
        run: || Box::pin(pulled::while_waiting_over_uhid()),
        ..row("pulled_while_waiting_over_uhid", OVER_UHID)
    },
    LabTest {
        pulled: "in the middle of a command",
        run: || Box::pin(pulled::in_a_command()),
        ..row("pulled_in_a_command", OVER_USB)
    },
    LabTest {
        pulled: "in the middle of a command",
        run: || Box::pin(pulled::in_a_command_over_uhid()),
        ..row("pulled_in_a_command_over_uhid", OVER_UHID)
    },
    LabTest {
        pulled: "between two swipes",
        run: || Box::pin(pulled::between_swipes()),
        ..row("pulled_between_swipes", OVER_USB)
    },
    LabTest {
        pulled: "at 100 random instants of mixed traffic",
        limit: Duration::from_secs(240),
        run: || Box::pin(pulled::at_random()),
        ..row("pulled_at_random", "hidraw over usbhid, over uhid")
    },
    LabTest {
        device: MSR605X,
        driver: "msr605x",
        pulled: "while a caller waits",
        run: || Box::pin(msr605x::swiped_and_pulled()),
        ..row("msr605x_swiped_and_pulled", OVER_USB)
    },
];
