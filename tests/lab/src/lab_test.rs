//! What a test of the lab is.

use std::error::Error;
use std::fmt;
use std::pin::Pin;
use std::time::Duration;

/// Is what a test and its helpers return; `?` takes every error.
pub(crate) type TestResult<T = ()> = Result<T, Box<dyn Error + Send + Sync>>;

/// Is a running test.
pub(crate) type Run = Pin<Box<dyn Future<Output = TestResult>>>;

/// Is enough for most tests under emulation, with room for a busy machine.
pub(crate) const MINUTE: Duration = Duration::from_secs(60);

/// Describes one test: a row of the table, and how to run it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct LabTest {
    /// What it shows, in snake case, unique in its area.
    pub(crate) name: &'static str,
    /// The device, as a person would call it: `USB receipt printer 04b8:0e15`.
    pub(crate) device: &'static str,
    /// The kernel driver between it and us: `usblp`, or `-`.
    pub(crate) kernel_driver: &'static str,
    /// Our driver or transport: `escpos over usb`, or `-`.
    pub(crate) driver: &'static str,
    /// What is pulled and when: `cable, in the middle of a print job`, or `-`.
    pub(crate) pulled: &'static str,
    /// Whether `make lab-short` runs it. Those are few: a minute for all together.
    pub(crate) short: bool,
    /// After this it is killed, and has failed.
    pub(crate) limit: Duration,
    /// Runs it.
    pub(crate) run: fn() -> Run,
}

/// Is the error of a test that cannot run here; the reason goes into the table.
#[derive(Debug)]
pub(crate) struct Skipped(pub(crate) String);

impl fmt::Display for Skipped {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "skipped: {}", self.0)
    }
}

impl Error for Skipped {}

/// Fails with the message unless the condition holds.
macro_rules! check {
    ($condition:expr, $($message:tt)+) => {
        if !$condition {
            return Err(format!($($message)+).into());
        }
    };
}
pub(crate) use check;
