//! Rules, group, membership.

use std::fs;

use super::bench::{Kept, adapter, doctor, is_cured};
use crate::kernel::{self, User};
use crate::lab_test::{TestResult, check};

const RULES: &str = "/etc/udev/rules.d/70-countertop.rules";
const MODPROBE: &str = "/etc/modprobe.d/countertop.conf";

/// Without rules a member cannot open the adapter; after the cure it can, by name as well.
pub(super) async fn rules_missing() -> TestResult {
    let _kept = [Kept::new(RULES), Kept::new(MODPROBE)];
    fs::remove_file(RULES)?;
    kernel::run("udevadm", &["control", "--reload"]).await?;
    kernel::modprobe(&["ftdi_sio"]).await?;
    let (plugged, _line) = adapter().await?;
    kernel::wait_node("/dev/ttyUSB0").await?;
    kernel::settle().await?;
    check!(!kernel::can_open(User::Inside, "/dev/ttyUSB0").await?, "nothing was wrong");
    is_cured("udev-rules-missing", &["--user", "clerk"]).await?;
    check!(kernel::can_open(User::Inside, "/dev/ttyUSB0").await?, "a member cannot open it");
    check!(fs::exists("/dev/countertop/serial-A50285BI")?, "it has no stable name");
    plugged.unplug().await?;
    Ok(())
}

/// The rules came after the device, and udev was not told.
pub(super) async fn rules_not_applied() -> TestResult {
    let _kept = Kept::new(RULES);
    fs::remove_file(RULES)?;
    kernel::run("udevadm", &["control", "--reload"]).await?;
    kernel::modprobe(&["ftdi_sio"]).await?;
    let (plugged, _line) = adapter().await?;
    kernel::wait_node("/dev/ttyUSB0").await?;
    kernel::settle().await?;
    fs::write(RULES, kernel::run("countertop", &["udev-rules"]).await?)?;
    is_cured("udev-rules-not-applied", &["--user", "clerk"]).await?;
    check!(kernel::can_open(User::Inside, "/dev/ttyUSB0").await?, "a member cannot open it");
    plugged.unplug().await?;
    Ok(())
}

pub(super) async fn user_outside_the_group() -> TestResult {
    let _kept = [Kept::new("/etc/group"), Kept::new("/etc/gshadow")];
    is_cured("group-membership", &["--user", "stranger"]).await?;
    let output = kernel::run_as(User::Outside, "id", &["-Gn"]).await?;
    let groups = String::from_utf8_lossy(&output.stdout).into_owned();
    check!(groups.contains("countertop"), "stranger is in {groups}");
    check!(!doctor(&["--user", "clerk"]).await?.names("group-membership"), "clerk is a member");
    Ok(())
}

pub(super) async fn group_missing() -> TestResult {
    let _kept = [Kept::new("/etc/group"), Kept::new("/etc/gshadow"), Kept::new(MODPROBE)];
    let groups = fs::read_to_string("/etc/group")?;
    let without: Vec<_> = groups.lines().filter(|line| !line.starts_with("countertop:")).collect();
    fs::write("/etc/group", without.join("\n") + "\n")?;
    is_cured("group-missing", &["--user", "stranger"]).await?;
    let groups = fs::read_to_string("/etc/group")?;
    let group = groups.lines().find(|line| line.starts_with("countertop:"));
    check!(group.is_some_and(|line| line.ends_with(":stranger")), "{group:?}");
    Ok(())
}

/// What is installed already stays as it is, and nothing is left of what is taken away.
pub(super) async fn installed_and_taken_away() -> TestResult {
    let _kept = [Kept::new(RULES), Kept::new(MODPROBE)];
    let install = ["udev-rules", "--install", "--user", "clerk"];
    kernel::run("countertop", &install).await?;
    let again = kernel::run("countertop", &install).await?;
    check!(again == "udev applies the rules to what is attached\n", "a second time: {again}");
    kernel::run("countertop", &["udev-rules", "--uninstall"]).await?;
    check!(!fs::exists(RULES)? && !fs::exists(MODPROBE)?, "something is left");
    let output = kernel::run_as(User::Inside, "countertop", &install).await?;
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    check!(!output.status.success() && said.contains("put `sudo` in front"), "a user: {said}");
    Ok(())
}
