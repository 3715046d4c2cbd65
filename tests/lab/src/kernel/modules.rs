//! Kernel modules and udev's queue.

use super::run;
use crate::lab_test::TestResult;

/// Loads these modules, whatever a blacklist says.
pub(crate) async fn modprobe(modules: &[&str]) -> TestResult {
    run("modprobe", &[&["--all"], modules].concat()).await.map(drop)
}

/// Removes a module.
pub(crate) async fn remove_module(module: &str) -> TestResult {
    run("modprobe", &["--remove", module]).await.map(drop)
}

/// Waits until udev has handled all that happened so far.
pub(crate) async fn settle() -> TestResult {
    run("udevadm", &["settle", "--timeout=30"]).await.map(drop)
}
