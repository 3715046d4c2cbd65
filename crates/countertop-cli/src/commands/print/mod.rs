//! `countertop print`: one receipt, one printer.

mod drawn;
mod outcome;
mod printer;
mod progress;
mod receipt;
mod status;

use std::process::ExitCode;

use countertop_device::{PrintOutcome, Settings};
use countertop_printer::profile::Profiles;
use countertop_printer::{EncodedJob, EscPosPrinter, EscPosSettings, JobRecord, Layout, lay_out};

use crate::args::PrintArguments;
use crate::failure::Failure;
use progress::Progress;

/// Prints a receipt, draws it, or tells of the printer.
pub(crate) async fn run(arguments: &PrintArguments, json: bool) -> Result<ExitCode, Failure> {
    if arguments.profiles {
        list_profiles(json);
        return Ok(ExitCode::SUCCESS);
    }
    let settings = settings(arguments);
    if arguments.status || arguments.watch {
        let (printer, _claim) = printer::open(arguments, &settings).await?;
        return if arguments.watch {
            status::watch(printer, json).await
        } else {
            status::show(printer, json).await
        };
    }
    let parsed = EscPosSettings::from_settings(&settings).map_err(wrong_setting)?;
    let document = receipt::read(arguments.file.as_deref())?;
    if let Some(picture) = &arguments.preview {
        return drawn::write(&document, &parsed, picture, json);
    }
    let layout = lay_out(&document, &parsed).map_err(|error| Failure::new(error.to_string()))?;
    layout.notes.iter().for_each(|note| eprintln!("countertop: {note}"));
    print(arguments, &settings, &parsed, &layout, json).await
}

/// Returns the printer's settings, as a configuration file would have them.
fn settings(arguments: &PrintArguments) -> Settings {
    let mut settings = Settings::new();
    if let Some(profile) = &arguments.profile {
        settings = settings.with("profile", profile);
    }
    if let Some(file) = &arguments.profile_file {
        settings = settings.with("profile_file", file.display());
    }
    if let Some(columns) = arguments.columns {
        settings = settings.with("columns", columns).with("dots", u32::from(columns) * 12);
    }
    for (key, value) in &arguments.set {
        settings = settings.with(key, value);
    }
    settings
}

fn wrong_setting(error: countertop_device::SettingError) -> Failure {
    Failure::new(error.to_string())
        .with_help("`countertop print --profiles` lists the printers that are known")
}

fn list_profiles(json: bool) {
    for profile in Profiles::builtin().iter() {
        if json {
            let line = serde_json::json!({
                "name": profile.name(), "vendor": profile.vendor(), "dots": profile.dots(),
            });
            outln!("{line}");
        } else {
            outln!("{:<24} {:<16} {} dots", profile.name(), profile.vendor(), profile.dots());
        }
    }
}

async fn print(
    arguments: &PrintArguments,
    settings: &Settings,
    parsed: &EscPosSettings,
    layout: &Layout,
    json: bool,
) -> Result<ExitCode, Failure> {
    let (printer, _claim) = printer::open(arguments, settings).await?;
    let progress = Progress::new(printer::journal(arguments)?, layout.job.blocks.len(), json);
    let mut printer = printer.with_journal(Box::new(progress));
    let before = printer.unfinished().await;
    let outcome = match before.filter(|record| record.digest == layout.job.digest()) {
        Some(record) => go_on(&mut printer, &layout.job, &record, parsed).await?,
        None => printer.print_job(&layout.job).await?,
    };
    outcome::tell(outcome, layout, json);
    Ok(outcome::code(outcome))
}

/// Brings the job to its end that broke off in an earlier call.
async fn go_on(
    printer: &mut EscPosPrinter,
    job: &EncodedJob,
    record: &JobRecord,
    parsed: &EscPosSettings,
) -> Result<PrintOutcome, Failure> {
    eprintln!("countertop: this receipt broke off before: it is brought to its end");
    let copy = lay_out(&receipt::copy_mark(), parsed);
    let copy = copy.map_err(|error| Failure::new(error.to_string()))?;
    Ok(printer.resume_job(job, record.outcome(), &copy.job).await?)
}
