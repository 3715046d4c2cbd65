//! That the lab itself stands: modules, udev, users, QEMU's hardware, and that failures are told.

use std::fs;
use std::process::Output;
use std::time::Duration;

use evdev::uinput::VirtualDevice;
use evdev::{AttributeSet, KeyCode};
use tokio::fs::OpenOptions;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::process::Command;
use tokio::time::timeout;

use super::broken;
use crate::kernel::{self, LONG, UsbSerial, User};
use crate::lab_test::{LabTest, MINUTE, TestResult, check};

/// The tests of this area.
pub(crate) const TESTS: &[LabTest] = &[
    LabTest {
        name: "modules_load",
        device: "-",
        kernel_driver: "usblp, cdc_acm, ftdi_sio, usbhid, uhid, uinput, vhci_hcd",
        driver: "-",
        pulled: "-",
        short: true,
        limit: MINUTE,
        run: || Box::pin(modules_load()),
    },
    LabTest {
        name: "gadgets_load",
        device: "-",
        kernel_driver: "dummy_hcd",
        driver: "-",
        pulled: "-",
        short: false,
        limit: MINUTE,
        run: || Box::pin(gadgets_load()),
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
        name: "udev_names_a_keyboard",
        device: "keyboard (uinput)",
        kernel_driver: "uinput, evdev",
        driver: "-",
        pulled: "closed, idle",
        short: true,
        limit: MINUTE,
        run: || Box::pin(udev_names_a_keyboard()),
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
    LabTest {
        name: "failures_are_told",
        device: "-",
        kernel_driver: "-",
        driver: "-",
        pulled: "-",
        short: false,
        limit: Duration::from_secs(120),
        run: || Box::pin(failures_are_told()),
    },
];

const MODULES: &[&str] =
    &["usblp", "cdc_acm", "ftdi_sio", "uhid", "uinput", "vhci_hcd", "usbhid", "evdev"];

async fn modules_load() -> TestResult {
    kernel::modprobe(MODULES).await?;
    for path in ["/dev/uhid", "/dev/uinput", "/sys/devices/platform/vhci_hcd.0/attach"] {
        kernel::wait_node(path).await?;
    }
    kernel::wait_node("/sys/class/hidraw").await
}

async fn gadgets_load() -> TestResult {
    kernel::modprobe_if_any("dummy_hcd").await?;
    kernel::wait_node("/sys/class/udc/dummy_udc.0").await
}

async fn users_and_groups() -> TestResult {
    for (user, member) in [(User::Inside, true), (User::Outside, false)] {
        let output = kernel::run_as(user, "id", &["-Gn"]).await?;
        let groups = String::from_utf8_lossy(&output.stdout).into_owned();
        let found = groups.split_whitespace().any(|group| group == "countertop");
        check!(found == member, "{user:?} is in {groups:?}");
        check!(kernel::can_open(user, "/dev/null").await?, "{user:?} cannot open /dev/null");
        check!(!kernel::can_open(user, "/dev/kmsg").await?, "{user:?} can open /dev/kmsg");
    }
    Ok(())
}

async fn udev_names_a_keyboard() -> TestResult {
    kernel::modprobe(&["uinput", "evdev"]).await?;
    let keys = AttributeSet::from_iter([KeyCode::KEY_A, KeyCode::KEY_ENTER]);
    let builder = VirtualDevice::builder()?.name("Lab keyboard");
    let mut keyboard = builder.with_keys(&keys)?.build()?;
    let node =
        keyboard.enumerate_dev_nodes_blocking()?.next().ok_or("there is no event node")??;
    kernel::wait_node(&node).await?;
    kernel::settle().await?;
    let name = node.display().to_string();
    let facts = kernel::run("udevadm", &["info", "--query=property", "--name", &name]).await?;
    check!(facts.contains("ID_INPUT_KEY=1"), "udev does not know what {name} is: {facts}");
    check!(!kernel::can_open(User::Outside, &name).await?, "everybody can open {name}");
    drop(keyboard);
    kernel::wait_gone(&node).await
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

/// What the table has to say of each test that is broken.
const VERDICTS: &[(&str, &str)] = &[
    ("errs", "FAILED: not so"),
    ("panics", "FAILED: all is lost"),
    ("hangs", "FAILED: killed after 5 s"),
    ("blocks", "FAILED: killed after 5 s"),
    ("skips_silently", "FAILED: skipped without a reason"),
    ("skips", "skipped: no such hardware"),
    ("kills_itself", "FAILED: signal: 9"),
    ("leaves_a_process", "passed"),
    ("leaves_a_device", "FAILED: left behind: /sys/kernel/config/usb_gadget/left"),
];

async fn failures_are_told() -> TestResult {
    let told = lab(&["--broken"]).await;
    fs::remove_dir(broken::LEFT_DEVICE)?;
    let told = told?;
    let table = String::from_utf8_lossy(&told.stdout).into_owned();
    check!(told.status.code() == Some(1), "broken tests end with {}", told.status);
    check!(VERDICTS.len() == broken::TESTS.len(), "a broken test is not judged");
    for (name, verdict) in VERDICTS {
        let row = format!("| broken::{name} ");
        let row = table.lines().find(|line| line.starts_with(&row));
        let row = row.ok_or_else(|| format!("no row for {name}: {table}"))?;
        check!(row.contains(&format!("| {verdict}")), "{row}");
    }
    check!(table.ends_with("1 passed, 7 failed, 1 skipped\n\n"), "{table}");
    check!(!sleeps(broken::LEFT_PROCESS), "a process that a test left is still there");
    let none = lab(&["no_such_test"]).await?;
    check!(none.status.code() == Some(1), "no test at all ends with {}", none.status);
    Ok(())
}

async fn lab(arguments: &[&str]) -> TestResult<Output> {
    let mut command = Command::new(std::env::current_exe()?);
    command.args(["--report", "/run/tmp/broken.md"]).args(arguments);
    Ok(command.kill_on_drop(true).output().await?)
}

fn sleeps(seconds: &str) -> bool {
    let processes = fs::read_dir("/proc").into_iter().flatten().flatten();
    let mut lines = processes.filter_map(|process| fs::read(process.path().join("cmdline")).ok());
    lines.any(|line| line == format!("sleep\0{seconds}\0").as_bytes())
}
