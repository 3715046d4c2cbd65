//! Tests that fail, each in a way of its own: the lab has to tell, contain and clean up.

use std::fs;
use std::future;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use crate::kernel;
use crate::lab_test::{LabTest, Run, Skipped, TestResult};

/// What `leaves_a_process` starts: a number of seconds that nobody else sleeps.
pub(crate) const LEFT_PROCESS: &str = "86397";

/// What `leaves_a_device` leaves.
pub(crate) const LEFT_DEVICE: &str = "/sys/kernel/config/usb_gadget/left";

const fn broken(name: &'static str, run: fn() -> Run) -> LabTest {
    let (device, limit) = ("-", Duration::from_secs(5));
    LabTest { name, device, kernel_driver: "-", driver: "-", pulled: "-", short: false, limit, run }
}

/// The tests of this area.
pub(crate) const TESTS: &[LabTest] = &[
    broken("errs", || Box::pin(async { Err("not so".into()) })),
    broken("panics", || Box::pin(async { panic!("all is lost") })),
    broken("hangs", || Box::pin(future::pending())),
    broken("blocks", || Box::pin(async { loop_forever() })),
    broken("skips_silently", || Box::pin(async { Err(Skipped(String::new()).into()) })),
    broken("skips", || Box::pin(async { Err(Skipped("no such hardware".to_owned()).into()) })),
    broken("kills_itself", || Box::pin(kills_itself())),
    broken("leaves_a_process", || Box::pin(leaves_a_process())),
    broken("leaves_a_device", || Box::pin(leaves_a_device())),
];

fn loop_forever() -> TestResult {
    loop {
        std::thread::park();
    }
}

async fn kills_itself() -> TestResult {
    kernel::run("sh", &["-c", &format!("kill -KILL {}", std::process::id())]).await.map(drop)
}

/// As a daemon: in a session of its own, and nobody's child.
async fn leaves_a_process() -> TestResult {
    let mut command = Command::new("setsid");
    command.args(["--fork", "sleep", LEFT_PROCESS]).stdin(Stdio::null()).status()?;
    Ok(())
}

async fn leaves_a_device() -> TestResult {
    kernel::modprobe(&["libcomposite"]).await?;
    if !Path::new(LEFT_DEVICE).exists() {
        fs::create_dir(LEFT_DEVICE)?;
    }
    Ok(())
}
