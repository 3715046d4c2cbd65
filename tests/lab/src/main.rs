//! The device lab: runs inside the guest that `tests/lab/boot` starts, where it proves virtual devices
//! and drivers against the real kernel drivers.

mod cage;
mod kernel;
mod lab_test;
mod leftovers;
mod outcome;
mod registry;
mod report;
mod runner;
mod tests;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Parser;

use registry::{Entry, Set};
use report::Report;

/// Proves devices and drivers against the kernel of this guest.
#[derive(Debug, Parser)]
struct Arguments {
    /// Runs only the tests whose `area::name` holds one of these words
    filters: Vec<String>,
    /// Runs only the tests of the short form
    #[arg(long)]
    short: bool,
    /// Lists the tests and runs none
    #[arg(long)]
    list: bool,
    /// Runs the tests that suspend the guest; it has to live in memory (`boot -r`)
    #[arg(long)]
    suspend: bool,
    /// Runs the tests that fail by design
    #[arg(long, hide = true)]
    broken: bool,
    /// Shows what a test writes while it runs
    #[arg(long)]
    verbose: bool,
    /// Where the table goes
    #[arg(long, default_value = "/run/lab/report.md")]
    report: PathBuf,
    /// Runs this one test in this process
    #[arg(long, hide = true, value_name = "AREA::NAME")]
    one: Option<String>,
}

impl Arguments {
    fn set(&self) -> Set {
        match (self.broken, self.suspend) {
            (true, _) => Set::Broken,
            (false, true) => Set::Suspend,
            (false, false) => Set::Ordinary,
        }
    }

    fn selected(&self) -> Vec<Entry> {
        let wanted = |entry: &Entry| {
            let named = self.filters.is_empty()
                || self.filters.iter().any(|word| entry.full_name().contains(word.as_str()));
            named && (entry.test.short || !self.short)
        };
        self.set().entries().filter(wanted).collect()
    }
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    if let Some(name) = &arguments.one {
        return outcome::run_here(name);
    }
    let selected = arguments.selected();
    if arguments.list {
        print!("{}", registry::listing(&selected));
        return ExitCode::SUCCESS;
    }
    if selected.is_empty() {
        eprintln!("no lab test matches {:?}: see `lab --list`", arguments.filters);
        return ExitCode::FAILURE;
    }
    let report = runner::run(&selected, arguments.verbose);
    finish(&report, &arguments.report)
}

fn finish(report: &Report, path: &PathBuf) -> ExitCode {
    println!("\n{report}");
    if let Err(error) = std::fs::write(path, report.to_string()) {
        eprintln!("cannot write the table to {}: {error}", path.display());
        return ExitCode::FAILURE;
    }
    if report.passed() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
