//! The device lab: runs inside the guest that `tests/lab/boot` starts, where it proves virtual devices
//! and drivers against the real kernel drivers.

mod cage;
mod chance;
mod claims;
mod hid_plug;
mod kernel;
mod lab_test;
mod leftovers;
mod outcome;
mod purchase;
mod registry;
mod report;
mod runner;
mod tests;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Parser;

use claims::Claims;
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
    /// Runs the tests that mostly wait
    #[arg(long, conflicts_with = "suspend")]
    idle: bool,
    /// Runs the tests that fail by design
    #[arg(long, hide = true)]
    broken: bool,
    /// Runs only the tests that no other guest has taken in this folder, which they share
    #[arg(long, value_name = "FOLDER")]
    shared: Option<Claims>,
    /// Shows what a test writes while it runs
    #[arg(long)]
    verbose: bool,
    /// Leaves the table to its file
    #[arg(long)]
    quiet: bool,
    /// Where the table goes
    #[arg(long, default_value = "/run/lab/report.md")]
    report: PathBuf,
    /// Runs none, but joins the tables of several guests
    #[arg(long, value_name = "TABLE")]
    join: Vec<PathBuf>,
    /// Runs this one test in this process
    #[arg(long, hide = true, value_name = "AREA::NAME")]
    one: Option<String>,
}

impl Arguments {
    fn set(&self) -> Set {
        match (self.broken, self.suspend, self.idle) {
            (true, ..) => Set::Broken,
            (false, true, _) => Set::Suspend,
            (false, false, true) => Set::Idle,
            (false, false, false) => Set::Ordinary,
        }
    }

    fn selected(&self, set: Set) -> Vec<Entry> {
        let wanted = |entry: &Entry| {
            let named = self.filters.is_empty()
                || self.filters.iter().any(|word| entry.full_name().contains(word.as_str()));
            named && (entry.test.short || !self.short)
        };
        set.entries().filter(wanted).collect()
    }
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    if let Some(name) = &arguments.one {
        return outcome::run_here(name);
    }
    if !arguments.join.is_empty() {
        return join(&arguments);
    }
    let selected = arguments.selected(arguments.set());
    if arguments.list {
        print!("{}", registry::listing(&selected));
        return ExitCode::SUCCESS;
    }
    if selected.is_empty() {
        return none_matches(&arguments);
    }
    let shared = arguments.shared.as_ref();
    match runner::run(&selected, shared, arguments.verbose, &arguments.report) {
        // Another guest may have been quicker everywhere.
        Ok(report) if report.is_empty() && shared.is_some() => ExitCode::SUCCESS,
        Ok(report) => finish(&report, arguments.quiet),
        Err(error) => {
            eprintln!("cannot write the table to {}: {error}", arguments.report.display());
            ExitCode::FAILURE
        }
    }
}

fn join(arguments: &Arguments) -> ExitCode {
    let sets = [Set::Ordinary, Set::Idle, Set::Suspend];
    let selected: Vec<_> = sets.into_iter().flat_map(|set| arguments.selected(set)).collect();
    if selected.is_empty() {
        return none_matches(arguments);
    }
    finish(&Report::joined(&selected, &arguments.join), false)
}

fn none_matches(arguments: &Arguments) -> ExitCode {
    eprintln!("no lab test matches {:?}: see `lab --list`", arguments.filters);
    ExitCode::FAILURE
}

fn finish(report: &Report, quiet: bool) -> ExitCode {
    if !quiet {
        println!("\n{report}");
    }
    if report.passed() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
