//! The kernel's own events, with their time.

use std::process::Stdio;
use std::time::Duration;

use tokio::io::{AsyncBufReadExt as _, BufReader, Lines};
use tokio::process::{Child, ChildStdout, Command};

use crate::lab_test::TestResult;

/// Returns the time as the kernel's events count it.
pub(crate) fn now() -> Duration {
    let now = rustix::time::clock_gettime(rustix::time::ClockId::Monotonic);
    let (seconds, nanos) = (u64::try_from(now.tv_sec), u32::try_from(now.tv_nsec));
    Duration::new(seconds.unwrap_or_default(), nanos.unwrap_or_default())
}

/// Is the stream of the kernel's events of one subsystem.
pub(crate) struct Events {
    lines: Lines<BufReader<ChildStdout>>,
    _monitor: Child,
}

impl Events {
    /// Listens from now on.
    pub(crate) async fn of(subsystem: &str) -> TestResult<Self> {
        let mut command = Command::new("stdbuf");
        command.args(["-oL", "udevadm", "monitor", "--kernel", "--subsystem-match", subsystem]);
        let mut monitor = command.stdout(Stdio::piped()).kill_on_drop(true).spawn()?;
        let output = monitor.stdout.take().ok_or("udevadm has no output")?;
        let mut events = Self { lines: BufReader::new(output).lines(), _monitor: monitor };
        // It listens once it has said what it prints.
        while !events.line().await?.starts_with("KERNEL - ") {}
        Ok(events)
    }

    async fn line(&mut self) -> TestResult<String> {
        Ok(self.lines.next_line().await?.ok_or("udevadm monitor ended")?)
    }

    /// Waits for the next removal and returns when it was, as `KERNEL[12.345678] remove …` says.
    pub(crate) async fn removal(&mut self) -> TestResult<Duration> {
        loop {
            let line = self.line().await?;
            let event = line.strip_prefix("KERNEL[").and_then(|rest| rest.split_once("] remove"));
            if let Some((seconds, _)) = event {
                return Ok(Duration::from_secs_f64(seconds.parse()?));
            }
        }
    }
}
