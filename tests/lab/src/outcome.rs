//! How a test that runs in a process of its own tells its parent what came out.

use std::process::{ExitCode, ExitStatus};

use tokio::runtime::Builder;

use crate::cage;
use crate::lab_test::{Skipped, TestResult};
use crate::registry::{self, Entry};

const SKIPPED: u8 = 77;

const WORKERS: usize = 4;

/// What came out of a test.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Outcome {
    Passed,
    /// With the reason, which is never empty.
    Skipped(String),
    /// With the first line of why.
    Failed(String),
}

/// Runs one test in this process.
pub(crate) fn run_here(name: &str) -> ExitCode {
    let Some(entry) = registry::named(name) else {
        eprintln!("error: there is no test {name}");
        return ExitCode::FAILURE;
    };
    match attempt(entry) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) if error.is::<Skipped>() => {
            eprintln!("{error}");
            ExitCode::from(SKIPPED)
        }
        Err(error) => {
            eprintln!("error: {}", with_sources(error.as_ref()));
            ExitCode::FAILURE
        }
    }
}

fn attempt(entry: Entry) -> TestResult {
    cage::enter(entry)?;
    tracing_subscriber::fmt().with_writer(std::io::stderr).with_ansi(false).init();
    // On one processor too: a test may block in a driver's list, which waits for the test's own device.
    let runtime = Builder::new_multi_thread().worker_threads(WORKERS).enable_all().build()?;
    let result = runtime.block_on((entry.test.run)());
    // A thread that still waits in the kernel must not keep the process alive.
    runtime.shutdown_background();
    result
}

fn with_sources(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut next = error.source();
    while let Some(source) = next {
        text = format!("{text}: {source}");
        next = source.source();
    }
    text
}

impl Outcome {
    /// Reads what came out of how the process ended and what it wrote.
    pub(crate) fn of(status: ExitStatus, log: &str) -> Self {
        match status.code() {
            Some(0) => Self::Passed,
            Some(code) if code == i32::from(SKIPPED) => Self::skipped(log),
            _ => Self::Failed(reason(log).unwrap_or_else(|| status.to_string())),
        }
    }

    fn skipped(log: &str) -> Self {
        let reason = log.lines().rev().find_map(|line| line.strip_prefix("skipped: "));
        match reason.map(str::trim) {
            Some(reason) if !reason.is_empty() => Self::Skipped(reason.to_owned()),
            _ => Self::Failed("skipped without a reason".to_owned()),
        }
    }
}

/// The error's line, or what a panic says on the line after its place.
fn reason(log: &str) -> Option<String> {
    let lines: Vec<_> = log.lines().collect();
    let error = lines.iter().rev().find_map(|line| line.strip_prefix("error: "));
    let panic = || {
        let place = lines.iter().rposition(|line| line.contains(" panicked at "))?;
        lines.get(place + 1).copied()
    };
    error.or_else(panic).map(str::to_owned)
}

#[cfg(test)]
mod checks {
    use std::os::unix::process::ExitStatusExt;

    use super::*;

    fn exited(code: i32, log: &str) -> Outcome {
        Outcome::of(ExitStatus::from_raw(code << 8), log)
    }

    #[test]
    fn reads_the_reason_of_each_ending() {
        assert_eq!(exited(0, "error: in the log of a test that passed"), Outcome::Passed);
        assert_eq!(exited(1, "a\nerror: b\nc"), Outcome::Failed("b".to_owned()));
        let panic = "thread 'main' panicked at src/x.rs:1:2:\nnot so\nnote: backtrace";
        assert_eq!(exited(101, panic), Outcome::Failed("not so".to_owned()));
        assert_eq!(exited(77, "skipped: no kvm"), Outcome::Skipped("no kvm".to_owned()));
    }

    #[test]
    fn a_skip_without_a_reason_is_a_failure() {
        for log in ["", "skipped: ", "skipped:   \n"] {
            assert!(matches!(exited(77, log), Outcome::Failed(_)), "{log:?}");
        }
    }

    #[test]
    fn a_signal_is_a_failure() {
        let killed = Outcome::of(ExitStatus::from_raw(9), "");
        assert!(matches!(&killed, Outcome::Failed(why) if why.contains("signal: 9")), "{killed:?}");
    }
}
