//! pcscd with libccid, started, killed and started again by a test.

use std::fs::File;
use std::process::Stdio;
use std::time::Duration;

use countertop_chip::PcscDriver;
use countertop_device::Driver as _;
use tokio::process::{Child, Command};
use tokio::time::{Instant, sleep};

use crate::kernel::LONG;
use crate::lab_test::{TestResult, check};

/// Is a running pcscd without readers of configuration files.
#[derive(Debug)]
pub(crate) struct Service {
    child: Child,
}

impl Service {
    /// Starts pcscd and waits until it answers; what it says is in `pcscd.log`.
    pub(crate) async fn start() -> TestResult<Self> {
        let nothing = std::env::temp_dir().join("no-readers");
        std::fs::create_dir_all(&nothing)?;
        let log = File::options().create(true).append(true).open("/run/lab/pcscd.log")?;
        let mut child = Command::new("/usr/sbin/pcscd")
            .args(["--foreground", "--info", "--config"])
            .arg(nothing)
            .stdin(Stdio::null())
            .stdout(log.try_clone()?)
            .stderr(log)
            .kill_on_drop(true)
            .spawn()?;
        let end = Instant::now() + LONG;
        // Its socket takes connections before it answers them.
        while tokio::task::spawn_blocking(|| PcscDriver::new().list().is_err()).await? {
            check!(child.try_wait()?.is_none(), "pcscd ended");
            check!(Instant::now() < end, "pcscd does not answer");
            sleep(Duration::from_millis(5)).await;
        }
        Ok(Self { child })
    }

    /// Kills it as `kill -9` does.
    pub(crate) async fn kill(mut self) -> TestResult {
        self.child.kill().await?;
        Ok(())
    }
}
