//! That the lab itself stands: modules, udev, users.

use crate::kernel;
use crate::lab_test::{LabTest, MINUTE, TestResult, check};

/// The tests of this area.
pub(crate) const TESTS: &[LabTest] = &[
    LabTest {
        name: "modules_load",
        device: "-",
        kernel_driver: "usblp, cdc_acm, ftdi_sio, uhid, uinput, vhci_hcd, dummy_hcd",
        driver: "-",
        pulled: "-",
        short: true,
        limit: MINUTE,
        run: || Box::pin(modules_load()),
    },
    LabTest {
        name: "users_and_groups",
        device: "-",
        kernel_driver: "-",
        driver: "-",
        pulled: "-",
        short: true,
        limit: MINUTE,
        run: || Box::pin(users_and_groups()),
    },
];

const MODULES: &[&str] =
    &["usblp", "cdc_acm", "ftdi_sio", "uhid", "uinput", "vhci_hcd", "dummy_hcd", "usbhid", "evdev"];

async fn modules_load() -> TestResult {
    kernel::modprobe(MODULES).await?;
    for path in ["/dev/uhid", "/dev/uinput", "/sys/devices/platform/vhci_hcd.0/attach"] {
        kernel::wait_node(path).await?;
    }
    kernel::wait_node("/sys/class/udc/dummy_udc.0").await?;
    kernel::wait_node("/sys/class/hidraw").await
}

async fn users_and_groups() -> TestResult {
    for (user, member) in [(kernel::User::Inside, true), (kernel::User::Outside, false)] {
        let output = kernel::run_as(user, "id", &["-Gn"]).await?;
        let groups = String::from_utf8_lossy(&output.stdout).into_owned();
        check!(
            groups.split_whitespace().any(|group| group == "countertop") == member,
            "{user:?} is in {groups:?}"
        );
        check!(kernel::can_open(user, "/dev/null").await?, "{user:?} cannot open /dev/null");
        check!(!kernel::can_open(user, "/dev/kmsg").await?, "{user:?} can open /dev/kmsg");
    }
    Ok(())
}
