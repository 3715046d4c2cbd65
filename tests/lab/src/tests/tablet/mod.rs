//! Pen tablets as signature pads, on evdev.

mod bench;
mod pulled;
mod works;

use crate::lab_test::{LabTest, MINUTE};

/// A test of our driver on a tablet.
const fn row(name: &'static str) -> LabTest {
    LabTest {
        name,
        device: "pen tablet 056a:0374",
        kernel_driver: "evdev over uinput",
        driver: "tablet-signpad",
        pulled: "-",
        short: false,
        limit: MINUTE,
        run: || Box::pin(works::signs()),
    }
}

/// The tests of this area.
pub(crate) const TESTS: &[LabTest] = &[
    LabTest { short: true, ..row("signs") },
    LabTest {
        run: || Box::pin(works::finished_and_cancelled_by_button()),
        ..row("finished_and_cancelled_by_button")
    },
    LabTest { run: || Box::pin(works::nobody_else_sees_it()), ..row("nobody_else_sees_it") },
    LabTest {
        pulled: "while a caller waits, and in the middle of a stroke",
        run: || Box::pin(pulled::at_each_stage()),
        ..row("pulled_at_each_stage")
    },
];
