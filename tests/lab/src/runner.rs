//! Runs the tests one after the other, each in a process of its own.

use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::Path;
use std::process::{ExitStatus, Stdio};
use std::time::{Duration, Instant};

use tokio::process::{Child, Command};
use tokio::time::timeout;

use crate::claims::Claims;
use crate::leftovers::Devices;
use crate::outcome::Outcome;
use crate::registry::Entry;
use crate::report::Report;
use crate::{cage, kernel};

const LOGS: &str = "/run/lab/tests";

const KERNEL_LINES: usize = 40;

/// How long the kernel may take to remove what a test that ended had brought.
const REMOVAL: Duration = Duration::from_secs(5);

/// Runs these tests, with a line for each, and keeps the table up to date: of a guest that hangs
/// something is left. Where guests share their tests, it runs those that it takes.
///
/// # Errors
///
/// Those of writing the table, and of taking a test.
#[tokio::main]
pub(crate) async fn run(
    entries: &[Entry],
    shared: Option<&Claims>,
    verbose: bool,
    table: &Path,
) -> io::Result<Report> {
    let mut report = Report::default();
    for entry in entries {
        let ours = shared.map_or(Ok(true), |it| it.take(&entry.full_name()))?;
        if !ours {
            continue;
        }
        let start = Instant::now();
        let outcome = run_one(*entry, verbose).await;
        let took = start.elapsed();
        tell(*entry, &outcome, took);
        report.add(*entry, outcome, took);
        fs::write(table, report.to_string())?;
    }
    Ok(report)
}

async fn run_one(entry: Entry, verbose: bool) -> Outcome {
    match watched(entry, verbose).await {
        Ok(outcome) => outcome,
        Err(error) => Outcome::Failed(format!("the lab itself: {error}")),
    }
}

async fn watched(entry: Entry, verbose: bool) -> io::Result<Outcome> {
    let before = Devices::now();
    cage::make(entry)?;
    kernel::log(&format!("test {}", entry.full_name()))?;
    let mut child = start(entry, verbose)?;
    let ended = timeout(entry.test.limit, child.wait()).await;
    cage::clear(entry).await?;
    let outcome = match ended {
        Ok(status) => judge(status?, entry),
        Err(_) => Outcome::Failed(format!("killed after {} s", entry.test.limit.as_secs())),
    };
    let left = before.gone_to(REMOVAL).await;
    Ok(match outcome {
        Outcome::Passed if !left.is_empty() => {
            Outcome::Failed(format!("left behind: {}", left.join(", ")))
        }
        outcome => outcome,
    })
}

fn log_path(entry: Entry) -> String {
    format!("{LOGS}/{}.{}.log", entry.area, entry.test.name)
}

fn start(entry: Entry, verbose: bool) -> io::Result<Child> {
    let mut command = Command::new(std::env::current_exe()?);
    command.args(["--one", &entry.full_name()]).stdin(Stdio::null()).kill_on_drop(true);
    fs::create_dir_all(LOGS)?;
    let log = File::create(log_path(entry))?;
    if !verbose {
        command.stdout(log.try_clone()?).stderr(log);
    }
    command.spawn()
}

fn judge(status: ExitStatus, entry: Entry) -> Outcome {
    Outcome::of(status, &read_log(entry))
}

fn read_log(entry: Entry) -> String {
    String::from_utf8_lossy(&fs::read(log_path(entry)).unwrap_or_default()).into_owned()
}

/// In one piece, for two guests may write to the same terminal.
fn tell(entry: Entry, outcome: &Outcome, took: Duration) {
    let test =
        format!("{} ({}.{} s)", entry.full_name(), took.as_secs(), took.subsec_millis() / 100);
    let text = match outcome {
        Outcome::Passed => format!("ok       {test}\n"),
        Outcome::Skipped(reason) => format!("skipped  {test}: {reason}\n"),
        Outcome::Failed(reason) => format!(
            "FAILED   {test}: {reason}\n{}\n{}\n",
            indented(&read_log(entry)),
            indented(&kernel_log(entry))
        ),
    };
    // Nobody reads on: then nobody misses the rest either.
    let _ = io::stdout().write_all(text.as_bytes()).and_then(|()| io::stdout().flush());
}

/// Its end: a host controller that loads fills pages.
fn kernel_log(entry: Entry) -> String {
    let log = kernel::log_since(&format!("test {}", entry.full_name()));
    let lines: Vec<_> = log.lines().collect();
    lines[lines.len().saturating_sub(KERNEL_LINES)..].join("\n")
}

fn indented(text: &str) -> String {
    text.lines().map(|line| format!("    {line}")).collect::<Vec<_>>().join("\n")
}
