//! Suspend to memory.

use std::fs;
use std::io;
use std::time::Duration;

use rustix::time::{ClockId, clock_gettime};

use crate::lab_test::{TestResult, check};

/// Suspends the guest for that many seconds, and returns when it is awake again.
///
/// It goes as far as it can without cutting the power: tasks frozen, devices suspended, processors off,
/// clocks stopped (Linux, Documentation/power/basic-pm-debugging.rst, test mode `core`).
///
/// # Errors
///
/// In a guest that does not live in memory: it would lose its files. While a USB/IP device is attached:
/// vhci_hcd refuses then.
pub(crate) async fn suspend(seconds: u8) -> TestResult {
    let mounts = fs::read_to_string("/proc/mounts")?;
    let in_memory = !mounts.lines().any(|line| line.contains(" 9p "));
    check!(in_memory, "only a guest in memory wakes up again: `lab --suspend` under `boot -r`");
    fs::write("/sys/power/pm_test", "core")?;
    fs::write("/sys/module/suspend/parameters/pm_test_delay", seconds.to_string())?;
    let asleep = || fs::write("/sys/power/state", "mem");
    Ok(tokio::task::spawn_blocking(asleep).await?.map_err(refused)?)
}

fn refused(error: io::Error) -> String {
    format!("the kernel refuses to suspend, as vhci_hcd does while a device is attached: {error}")
}

/// Returns how long the guest has slept since its start.
pub(crate) fn slept() -> Duration {
    let [with, without] = [ClockId::Boottime, ClockId::Monotonic].map(|clock| {
        let now = clock_gettime(clock);
        Duration::new(now.tv_sec.unsigned_abs(), u32::try_from(now.tv_nsec).unwrap_or(0))
    });
    with.saturating_sub(without)
}
