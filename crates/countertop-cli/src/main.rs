//! The program countertop: a payment terminal on a Linux PC.

/// Prints a line to standard output. Whoever reads it may have gone: the work is done all the same.
macro_rules! outln {
    ($($text:tt)*) => {{
        use std::io::Write as _;
        let _ = writeln!(std::io::stdout().lock(), $($text)*);
    }};
}

mod app;
mod args;
mod commands;
mod config;
mod counter;
mod failure;
mod page;
mod picture;
mod system;

use std::process::ExitCode;

use clap::Parser as _;

use args::{Arguments, Command, HostCommand};
use failure::Failure;

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    log_to_stderr();
    match run(arguments) {
        Ok(code) => code,
        Err(failure) => {
            eprintln!("countertop: {failure}");
            if let Some(help) = failure.help() {
                eprintln!("cure: {help}");
            }
            ExitCode::FAILURE
        }
    }
}

/// Logs warnings, or what `RUST_LOG` asks for.
fn log_to_stderr() {
    let filter = tracing_subscriber::EnvFilter::try_from_default_env()
        .unwrap_or_else(|_| tracing_subscriber::EnvFilter::new("warn"));
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .with_ansi(false)
        .init();
}

fn run(arguments: Arguments) -> Result<ExitCode, Failure> {
    let json = arguments.json;
    // One worker beside the main thread: the terminal blocks while its journal writes.
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .map_err(|error| Failure::new(format!("runtime: {error}")))?;
    runtime.block_on(async {
        match arguments.command {
            Command::Run(arguments) => commands::run::run(&arguments).await,
            Command::Shift(arguments) => commands::shift::run(&arguments, json).await,
            Command::SelfTest(arguments) => commands::self_test::run(&arguments, json).await,
            Command::Devices(arguments) => commands::devices::run(&arguments, json).await,
            Command::Doctor(arguments) => commands::doctor::run(&arguments, json).await,
            Command::Print(arguments) => commands::print::run(&arguments, json).await,
            Command::Preview(arguments) => commands::preview::run(&arguments, json),
            Command::Host(HostCommand::Decode(arguments)) => {
                commands::host::decode(&arguments, json)
            }
            Command::Card(command) => commands::card::run(&command, json).await,
            Command::Tag(command) => commands::tag::run(&command, json).await,
            Command::UdevRules(arguments) => commands::udev_rules::run(&arguments, json),
            Command::Virtual(command) => commands::virtual_devices::run(&command).await,
        }
    })
}
