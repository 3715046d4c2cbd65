//! Serial lines: ModemManager, names that changed, holders, locks.

use std::fs;
use std::path::Path;

use super::bench::{Kept, adapter, config, doctor, idle, is_cured};
use crate::kernel;
use crate::lab_test::{TestResult, check};

/// A process of that name stands for ModemManager. Where udev has the tag nothing is wrong.
pub(super) async fn modem_manager() -> TestResult {
    const RULES: &str = "/etc/udev/rules.d/70-countertop.rules";
    const TAG: &str = "ID_MM_DEVICE_IGNORE=1";
    let _kept = [Kept::new(RULES), Kept::new("/etc/modprobe.d/countertop.conf")];
    kernel::modprobe(&["ftdi_sio"]).await?;
    let (plugged, _line) = adapter().await?;
    kernel::wait_node("/dev/ttyUSB0").await?;
    kernel::settle().await?;
    let _manager = idle("ModemManager", Path::new("/dev/null"))?;
    check!(!doctor(&[]).await?.names("modem-manager-probes"), "the tag is there");
    fs::remove_file(RULES)?;
    kernel::run("udevadm", &["control", "--reload"]).await?;
    kernel::run("udevadm", &["trigger", "--settle", "/dev/ttyUSB0"]).await?;
    let properties = kernel::run("udevadm", &["info", "/dev/ttyUSB0"]).await?;
    check!(!properties.contains(TAG), "udev has kept the tag: {properties}");
    is_cured("modem-manager-probes", &[]).await?;
    let properties = kernel::run("udevadm", &["info", "/dev/ttyUSB0"]).await?;
    check!(properties.contains(TAG), "{properties}");
    plugged.unplug().await?;
    Ok(())
}

/// The configuration names a node of before; the cure writes the name by serial number.
pub(super) async fn name_changed() -> TestResult {
    kernel::modprobe(&["ftdi_sio"]).await?;
    let (plugged, _line) = adapter().await?;
    kernel::wait_node("/dev/ttyUSB0").await?;
    kernel::settle().await?;
    let path = config("stripe", "msr605", "serial:/dev/ttyUSB7")?;
    is_cured("serial-name-changed", &["--config", &path.display().to_string()]).await?;
    let text = fs::read_to_string(path)?;
    check!(text.contains("at = \"serial:/dev/serial/by-id/usb-"), "{text}");
    plugged.unplug().await?;
    Ok(())
}

pub(super) async fn program_holds_the_line() -> TestResult {
    kernel::modprobe(&["ftdi_sio"]).await?;
    let (plugged, _line) = adapter().await?;
    kernel::wait_node("/dev/ttyUSB0").await?;
    kernel::settle().await?;
    let path = config("stripe", "msr605", "serial:/dev/ttyUSB0")?;
    let mut terminal = idle("minicom", Path::new("/dev/ttyUSB0"))?;
    is_cured("device-held", &["--config", &path.display().to_string()]).await?;
    terminal.wait().await?;
    plugged.unplug().await?;
    Ok(())
}

pub(super) async fn lock_left() -> TestResult {
    const LOCK: &str = "/run/lock/LCK..ttyUSB0";
    let _kept = Kept::new(LOCK);
    let mut ended = idle("minicom", Path::new("/dev/null"))?;
    let id = ended.id().ok_or("it has ended")?;
    fs::write(LOCK, format!("{id:10}\n"))?;
    check!(!doctor(&[]).await?.names("lock-left"), "its holder lives");
    ended.kill().await?;
    is_cured("lock-left", &[]).await?;
    check!(!fs::exists(LOCK)?, "{LOCK} is still there");
    Ok(())
}
