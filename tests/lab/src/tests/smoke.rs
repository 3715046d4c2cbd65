//! That the lab itself stands: modules, udev, users.

use tokio::fs::OpenOptions;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::time::timeout;

use crate::kernel::{self, LONG, UsbSerial};
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
    LabTest {
        name: "adapter_comes_and_goes",
        device: "USB serial adapter 0403:6001 (QEMU's)",
        kernel_driver: "ftdi_sio",
        driver: "-",
        pulled: "cable, idle, twice",
        short: false,
        limit: MINUTE,
        run: || Box::pin(adapter_comes_and_goes()),
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

async fn adapter_comes_and_goes() -> TestResult {
    let mut adapter = UsbSerial::new().await?;
    let mut far_end = UsbSerial::far_end()?;
    for round in [b'1', b'2'] {
        let node = adapter.plug().await?;
        kernel::run("stty", &["-F", &node, "9600", "raw", "-echo"]).await?;
        let mut near = OpenOptions::new().read(true).write(true).open(&node).await?;
        near.write_all(&[round]).await?;
        near.flush().await?;
        let got = timeout(LONG, far_end.read_u8()).await??;
        check!(got == round, "the far end read {got:#04x} in place of {round:#04x}");
        far_end.write_all(&[got + 1]).await?;
        far_end.flush().await?;
        let got = timeout(LONG, near.read_u8()).await??;
        check!(got == round + 1, "{node} read {got:#04x}");
        adapter.unplug().await?;
    }
    Ok(())
}
