//! Computers that sleep and wake up. These tests run in a guest that lives in memory.

use std::time::Duration;

use crate::kernel::{self, UsbSerial};
use crate::lab_test::{LabTest, MINUTE, TestResult, check};

/// The tests of this area.
pub(crate) const TESTS: &[LabTest] = &[
    LabTest {
        name: "the_hub_notices",
        device: "HID stripe reader 0801:0002",
        kernel_driver: "uhid, hidraw, timerfd",
        driver: "magtek-hid, the hub's clock",
        pulled: "suspended, while open, twice",
        short: false,
        limit: MINUTE,
        run: || Box::pin(super::hub::notices_sleep()),
    },
    LabTest {
        name: "clocks_and_devices_survive",
        device: "USB serial adapter 0403:6001 (QEMU's)",
        kernel_driver: "ftdi_sio",
        driver: "-",
        pulled: "suspended, idle, twice",
        short: false,
        limit: MINUTE,
        run: || Box::pin(clocks_and_devices_survive()),
    },
];

async fn clocks_and_devices_survive() -> TestResult {
    let mut adapter = UsbSerial::new().await?;
    let node = adapter.plug().await?;
    for _ in 0..2 {
        let before = kernel::slept();
        kernel::suspend(3).await?;
        let slept = kernel::slept().saturating_sub(before);
        // The guest's clock that goes on counts whole seconds.
        check!(
            slept >= Duration::from_secs(1),
            "the clocks tell of {slept:?} of sleep in place of 3 s"
        );
        kernel::wait_node(&node).await?;
    }
    kernel::run("stty", &["-F", &node, "9600", "raw", "-echo"]).await?;
    adapter.unplug().await
}
