//! How long after the kernel's event a caller hears of it.

use std::path::PathBuf;
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use super::LONG;
use crate::lab_test::TestResult;

/// Notes when the kernel has taken a device's folder away.
#[derive(Debug)]
pub(crate) struct Vanishing {
    started: Instant,
    thread: JoinHandle<Option<Instant>>,
}

impl Vanishing {
    /// Starts to look at the folder, each millisecond; the plug is to be pulled right behind that.
    pub(crate) fn of(folder: PathBuf) -> Self {
        let started = Instant::now();
        let thread = thread::spawn(move || {
            while folder.exists() {
                if started.elapsed() > LONG {
                    return None;
                }
                thread::sleep(Duration::from_millis(1));
            }
            Some(Instant::now())
        });
        Self { started, thread }
    }

    /// Writes how long it took from the plug to the kernel, and from the kernel to the caller, who
    /// heard of it now. Returns the latter; nothing when the caller was faster.
    pub(crate) fn report(self, caller: &str) -> TestResult<Duration> {
        let heard = Instant::now();
        let gone = self.thread.join().map_err(|_| "the stopwatch broke")?;
        let gone = gone.ok_or("the kernel did not take the device away")?;
        let late = heard.saturating_duration_since(gone);
        let plug = gone.saturating_duration_since(self.started);
        println!("{caller}: the kernel {plug:.1?} after the plug, the caller {late:.1?} later");
        Ok(late)
    }
}
