//! Kernel modules and udev's queue.

use super::run;
use crate::lab_test::{Skipped, TestResult};

/// Loads these modules, whatever a blacklist says.
pub(crate) async fn modprobe(modules: &[&str]) -> TestResult {
    run("modprobe", &[&["--all"], modules].concat()).await.map(drop)
}

/// Loads a module that not every distribution's kernel has.
///
/// # Errors
///
/// `Skipped` where there is none.
pub(crate) async fn modprobe_if_any(module: &str) -> TestResult {
    if run("modprobe", &["--show-depends", module]).await.is_err() {
        return Err(Skipped(format!("this kernel has no module {module}")).into());
    }
    modprobe(&[module]).await
}

/// Removes a module.
pub(crate) async fn remove_module(module: &str) -> TestResult {
    run("modprobe", &["--remove", module]).await.map(drop)
}

/// Waits until udev has handled all that happened so far. udevd (systemd 252) has been seen to hang up on one
/// who asks (`Broken pipe`), once in some thousand times: it is asked again.
pub(crate) async fn settle() -> TestResult {
    let ask = || run("udevadm", &["settle", "--timeout=30"]);
    match ask().await {
        Err(error) if error.to_string().contains("Broken pipe") => ask().await.map(drop),
        asked => asked.map(drop),
    }
}
